import { afterAll, beforeAll, describe, expect } from 'vitest'
import { hiddenCheats, type ModuleSystem, plainCheats, shopSource } from './cheats.ts'
import { installedCopy } from './dependencies.ts'
import { honestFixes } from './honest-fixes.ts'
import { Laboratory, refusal } from './laboratory.ts'
import { row } from './score.ts'

interface Bench {
  readonly runner: string
  readonly modules: ModuleSystem
  readonly files: Readonly<Record<string, string>>
  readonly test: string
  /** What of our own development dependencies it needs. */
  readonly dependencies?: readonly string[]
  /** How many of the honest fixes are tried; all unless said. */
  readonly honest?: number
}

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

const BENCHES = [NODE_TEST, VITEST]

const turns: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()]
let next = 0
/** Whoever comes waits for one of two lanes. */
function turn<T>(work: () => Promise<T>): Promise<T> {
  const lane = next++ % turns.length
  const result = (turns[lane] ?? Promise.resolve()).then(work)
  turns[lane] = result.catch(() => {})
  return result
}

for (const bench of BENCHES) {
  // Two at a time: a judgement mostly waits for its room.
  describe.concurrent(`patches under ${bench.runner}`, () => {
    let laboratory: Laboratory
    let installed: Awaited<ReturnType<typeof installedCopy>> | undefined
    beforeAll(async () => {
      installed = bench.dependencies && (await installedCopy(bench.dependencies))
      laboratory = await Laboratory.open(bench.files, installed?.folder)
    })
    afterAll(async () => {
      await laboratory?.[Symbol.asyncDispose]()
      await installed?.[Symbol.asyncDispose]()
    })

    const test = { path: bench.test, text: bench.files[bench.test] ?? '' }
    for (const cheat of [...plainCheats(bench.modules, test), ...hiddenCheats(bench.modules, test)]) {
      row('W2', `${bench.runner}: ${cheat.name}`, async () => {
        const verdict = await turn(() => laboratory.judge(cheat.edits))
        expect(verdict.name).not.toBe('fixed')
        return refusal(verdict)
      })
    }
    for (const fix of honestFixes(bench.modules).slice(0, bench.honest)) {
      row('W7', `${bench.runner}: honest fix, ${fix.name}`, async () => {
        const verdict = await turn(() => laboratory.judge(fix.edits))
        expect(refusal(verdict)).toBe('fixed')
        return verdict.name
      })
    }
  })
}
