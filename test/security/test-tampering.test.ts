import { shopSource } from './cheats.ts'
import { type Bench, tamperWith } from './tampering.ts'

const NODE_TEST: Bench = {
  runner: 'node:test',
  modules: 'esm',
  test: 'test/total.test.js',
  files: {
    'package.json': '{"name":"shop","type":"module","scripts":{"test":"node --test"}}\n',
    'src/total.js': shopSource('esm'),
    'test/total.test.js': `import { test } from 'node:test'
import assert from 'node:assert/strict'
import { total } from '../src/total.js'

test('adds up an order', () => {
  assert.strictEqual(total([{ price: 250, count: 3 }, { price: 17, count: 1 }]), 767)
})
test('sums in an object', () => {
  assert.deepEqual({ total: total([{ price: 250, count: 3 }, { price: 17, count: 1 }]) }, { total: 767 })
})
`,
    'test/label.test.js': `import { test } from 'node:test'
import assert from 'node:assert/strict'
import { label } from '../src/total.js'

test('labels', () => {
  assert.equal(label(767), '7.67 EUR')
})
`,
  },
}

tamperWith(NODE_TEST)
