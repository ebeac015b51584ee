import { shopSource } from './cheats.ts'
import { type Bench, tamperWith } from './tampering.ts'

// Its rooms start slowly: `npm run test:security` has it, `npm test` keeps to node:test.
const VITEST: Bench = {
  runner: 'vitest',
  modules: 'esm',
  test: 'test/total.test.js',
  dependencies: ['vitest'],
  honest: 4,
  files: {
    'package.json': '{"name":"shop","type":"module","scripts":{"test":"vitest run"},"devDependencies":{"vitest":"*"}}\n',
    'src/total.js': shopSource('esm'),
    'test/total.test.js': `import { expect, test } from 'vitest'
import { total } from '../src/total.js'

test('adds up an order', () => {
  expect(total([{ price: 250, count: 3 }, { price: 17, count: 1 }])).toBe(767)
})
test('sums in an object', () => {
  expect({ total: total([{ price: 250, count: 3 }, { price: 17, count: 1 }]) }).toEqual({ total: 767 })
})
`,
    'test/label.test.js': `import { expect, test } from 'vitest'
import { label } from '../src/total.js'

test('labels', () => {
  expect(label(767)).toBe('7.67 EUR')
})
`,
  },
}

tamperWith(VITEST)
