import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type BugReport, type CodeSearch, type CommitSummary, Dossier, type MappedFrame, type SourceSnapshot, untrusted } from '@fixpoint/core'
import { openSyntax, type Syntax } from '@fixpoint/syntax'
import { type MemoryFile, MemorySnapshot } from '@fixpoint/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Execution, gatherDossier, IgnoreGate } from './index.ts'

const require = createRequire(import.meta.url)
const bytes = (name: string) => new Uint8Array(readFileSync(require.resolve(name)))
const grammar = (name: string) => bytes(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`)

let syntax: Syntax
beforeAll(async () => {
  syntax = await openSyntax({
    engine: bytes('web-tree-sitter/web-tree-sitter.wasm'),
    javascript: grammar('javascript'),
    typescript: grammar('typescript'),
    tsx: grammar('tsx'),
    python: grammar('python'),
  })
})

/** Plain search over every file, as ripgrep does it: it knows nothing of the gate. */
class PlainSearch implements CodeSearch {
  readonly #source: SourceSnapshot
  constructor(source: SourceSnapshot) {
    this.#source = source
  }
  async search(patterns: readonly string[], limit: number) {
    const found = this.#source
      .list()
      .flatMap(({ path }) =>
        (this.#source.text(path) ?? '')
          .split('\n')
          .flatMap((text, index) => (patterns.some((pattern) => text.includes(pattern)) ? [{ path, line: index + 1, text }] : [])),
      )
    return found.slice(0, limit)
  }
}

const shop: Record<string, MemoryFile> = {
  '.fixpointignore': 'private/\n',
  '.gitignore': 'secret-notes.ts\n',
  'private/canary.ts': 'export function priceFor() { return "CANARY" }\n',
  'secret-notes.ts': 'export const priceFor = "CANARY" // discountRate\n',
  '.env': 'CANARY=priceFor\n',
  'package-lock.json': '{"CANARY":"priceFor"}',
  'src/discount.ts': `export function discountRate(customer: { tier?: string }): number {
  return customer.tier === 'gold' ? 0.2 : 0
}

export function unrelated(): void {}
`,
  'src/pricing.ts': `import { discountRate } from './discount.js'

export function priceFor(order: { lines: { price: number }[]; customer: { tier?: string } }): number {
  const sum = total(order.lines)
  return sum * (1 - discountRate(order.customer))
}

function total(lines: { price: number }[]): number {
  return lines.reduce((sum, line) => sum + line.price, 0)
}
`,
  'src/server.ts': `import { priceFor } from './pricing.js'

export function handle(request: { order: never }): number {
  return priceFor(request.order)
}
`,
  'src/weather.ts': 'export function forecast() { return "rain" }\n',
  'docs/pricing.md': '# priceFor\n\npriceFor computes discountRate.\n',
  'test/pricing.test.ts': `import { priceFor } from '../src/pricing.js'

test('gold customers pay less', () => {
  expect(priceFor({ lines: [{ price: 10 }], customer: { tier: 'gold' } })).toBe(8)
})
`,
  'test/weather.test.ts': "import { forecast } from '../src/weather.js'\ntest('rain', () => forecast())\n",
}

function aReport(overrides: Partial<BugReport> = {}): BugReport {
  return {
    title: untrusted("TypeError: Cannot read properties of undefined (reading 'tier')"),
    text: untrusted('checkout fails for guests, `priceFor` and `discountRate` are involved'),
    traces: [],
    checks: [],
    origin: 'file',
    groupKey: 'k',
    redactions: 0,
    ...overrides,
  }
}

async function gather(
  options: {
    files?: Record<string, MemoryFile>
    report?: BugReport
    frames?: MappedFrame[]
    history?: CommitSummary[]
    budget?: number
    testFiles?: string[]
    executed?: Execution
  } = {},
) {
  const source = new MemorySnapshot(options.files ?? shop)
  return gatherDossier(
    {
      report: options.report ?? aReport(),
      frames: options.frames ?? [{ path: 'src/pricing.ts', line: 5, function: 'priceFor', depth: 0, confidence: 1 }],
      testFiles: options.testFiles ?? ['test/pricing.test.ts', 'test/weather.test.ts'],
      ignore: new IgnoreGate(source),
      ...(options.budget !== undefined && { budget: options.budget }),
      ...(options.executed && { executed: options.executed }),
    },
    { search: new PlainSearch(source), syntax, history: options.history ?? [] },
  )
}

describe('suspects', () => {
  test('the function of the frame comes first, with its hot line; what that line calls comes next', async () => {
    const dossier = await gather()
    expect(dossier.suspects.slice(0, 2).map(({ path, function: name, hotLine }) => [path, name, hotLine])).toEqual([
      ['src/pricing.ts', 'priceFor', 5],
      ['src/discount.ts', 'discountRate', undefined],
    ])
    expect(dossier.suspects[1]?.why.map(({ lane }) => lane)).toContain('called')
  })

  test('another call of the function counts less than one on the hot line', async () => {
    const { suspects } = await gather({ report: aReport({ text: untrusted('it fails') }) })
    const names = suspects.map((suspect) => suspect.function)
    expect(names.indexOf('discountRate')).toBeLessThan(names.indexOf('total'))
    expect(names).toContain('total')
  })

  test('without frames the names of the report lead', async () => {
    const { suspects } = await gather({ frames: [] })
    expect(
      suspects
        .slice(0, 2)
        .map((suspect) => suspect.function)
        .sort(),
    ).toEqual(['discountRate', 'priceFor'])
    expect(suspects.some((suspect) => suspect.path.startsWith('docs/'))).toBe(false)
  })

  test('a frame without a line is found by its function; one outside of functions gets the lines around it', async () => {
    const { suspects } = await gather({
      report: aReport({ text: untrusted('') }),
      frames: [
        { path: 'src/discount.ts', function: 'Object.discountRate', depth: 0, confidence: 0.6 },
        { path: 'src/pricing.ts', line: 1, depth: 1, confidence: 1 },
      ],
    })
    expect(suspects.map(({ path, function: name, lines }) => [path, name, lines])).toEqual(
      expect.arrayContaining([
        ['src/discount.ts', 'discountRate', [1, 3]],
        ['src/pricing.ts', undefined, [1, 11]],
      ]),
    )
  })

  test('every suspect and every excerpt says why, and the whole is a Dossier', async () => {
    const dossier = await gather()
    expect(Dossier.parse(dossier)).toEqual(dossier)
    expect([...dossier.suspects, ...dossier.excerpts, ...dossier.relatedTests].every(({ why }) => why.length > 0)).toBe(true)
  })

  test('what the likeliest calls is shown, and what a comment above a suspect says', async () => {
    const files = {
      ...shop,
      'src/pricing.ts': `import { rounded } from './rounding.js'

/** In whole cents. */
export function priceFor(order: { sum: number }): number {
  return rounded(order.sum)
}
`,
      'src/rounding.ts': 'export function rounded(sum: number): number {\n  return Math.floor(sum)\n}\n',
    }
    const { excerpts, suspects } = await gather({
      files,
      frames: [],
      report: aReport({ title: untrusted('wrong price'), text: untrusted('`priceFor` is off') }),
    })
    expect(suspects.map(({ function: name }) => name)).not.toContain('rounded')
    expect(excerpts.find(({ path }) => path === 'src/pricing.ts')?.text).toMatch(/^\/\*\* In whole cents/)
    expect(excerpts.find(({ path }) => path === 'src/rounding.ts')).toMatchObject({ role: 'callee', why: [{ evidence: 'priceFor calls `rounded` on line 5' }] })
  })

  test('what every test goes through is not shown for that alone', async () => {
    const functions = [
      { path: 'src/pricing.ts', lines: [3, 6] as const, function: 'priceFor', others: 0 },
      { path: 'src/weather.ts', lines: [1, 1] as const, function: 'forecast', others: 40 },
    ]
    const { excerpts } = await gather({ executed: { functions, paths: new Set(['src/pricing.ts', 'src/weather.ts']) } })
    const shown = excerpts.flatMap(({ role, path }) => (role === 'edit' ? [path] : []))
    expect(shown).toContain('src/pricing.ts')
    expect(shown).not.toContain('src/weather.ts')
  })

  test('the same input gives the same dossier', async () => {
    expect(await gather()).toEqual(await gather())
  })
})

describe('tests, callers, history', () => {
  test('the test that is named alike and imports the suspect is related; another is not', async () => {
    const { relatedTests, excerpts } = await gather()
    expect(relatedTests.map(({ path, why }) => [path, why.map(({ lane }) => lane)])).toEqual([
      ['test/pricing.test.ts', ['name', 'import', 'import', 'mention']],
    ])
    expect(excerpts.find(({ role }) => role === 'test')?.text).toContain('gold customers pay less')
  })

  describe('a test that imports the package, not the file', () => {
    const sources = {
      'lib/index.js': "exports.priceFor = require('./pricing').priceFor\n",
      'lib/pricing.js': 'exports.priceFor = function priceFor(order) {\n  return order.lines[0].price\n}\n',
      'test/rain.js': "const assert = require('assert')\nassert(true)\n",
    }
    const related = async (files: Record<string, MemoryFile>, path = 'lib/pricing.js') => {
      const all = { ...sources, ...files }
      const testFiles = Object.keys(all).filter((each) => each.startsWith('test'))
      const { relatedTests } = await gather({ files: all, testFiles, frames: [{ path, line: 2, function: 'priceFor', depth: 0, confidence: 1 }] })
      return relatedTests.map(({ path: test, why }) => `${test}: ${why.map(({ evidence }) => evidence).join(', ')}`)
    }
    const evidence = 'imports lib/index.js, which leads to lib/pricing.js'

    test('by its folder', async () => {
      const files = {
        'package.json': '{"name":"shop","main":"lib"}',
        'test/a.js': "const { priceFor } = require('..')\n",
        'test/b.js': "const shop = require('../')\n",
      }
      expect(await related(files)).toEqual([`test/a.js: ${evidence}, mentions \`priceFor\``, `test/b.js: ${evidence}`])
    })

    test('by its own name, in whatever way it says what it exports', async () => {
      const test = { 'test/a.mjs': "import { priceFor } from '@my/shop'\n" }
      for (const manifest of [
        { main: './lib/index.js' },
        { exports: { '.': { import: './dist/index.mjs', require: './lib/index.js' } } },
        { main: 'dist/shop.min.js' },
      ])
        expect(await related({ ...test, 'package.json': JSON.stringify({ name: '@my/shop', ...manifest }) })).toEqual([
          `test/a.mjs: ${evidence}, mentions \`priceFor\``,
        ])
      expect(await related({ 'package.json': '{"name":"@my/shop","exports":{"./*":"./lib/*"}}', 'test/a.js': "require('@my/other')" })).toEqual([])
    })

    test('or a part of it by its name', async () => {
      const manifest = { 'package.json': '{"name":"shop","exports":{".":"./lib/index.js","./pricing":"./lib/pricing.js"}}' }
      expect(await related({ ...manifest, 'test/a.js': "const { priceFor } = require('shop/pricing')\n" })).toEqual([
        'test/a.js: imports lib/pricing.js, mentions `priceFor`',
      ])
    })

    test('of Python, and its modules', async () => {
      const files = {
        'shop/__init__.py': 'from .pricing import price_for\n',
        'shop/pricing.py': 'def price_for(order):\n    return order[0]\n',
        'tests/test_a.py': 'from shop import price_for\n',
        'tests/test_b.py': 'from shop import pricing\n',
      }
      expect(await related(files, 'shop/pricing.py')).toEqual([
        'tests/test_a.py: imports shop/__init__.py, which leads to shop/pricing.py, mentions `price_for`',
        'tests/test_b.py: imports shop/pricing.py',
      ])
    })
  })

  test('who calls the first suspect is shown', async () => {
    const { excerpts } = await gather()
    expect(excerpts.filter(({ role }) => role === 'caller').map(({ path, text }) => [path, text.includes('priceFor(request.order)')])).toEqual([
      ['src/server.ts', true],
    ])
  })

  test('a commit about the same words is told, and lifts its files', async () => {
    const history = [
      { commit: 'a'.repeat(40), subject: 'Discount rate of guests in checkout', at: new Date(0), paths: ['src/discount.ts'] },
      { commit: 'b'.repeat(40), subject: 'Rain', at: new Date(0), paths: ['src/weather.ts'] },
    ]
    const dossier = await gather({ history })
    expect(dossier.history).toEqual([{ commit: 'a'.repeat(40), subject: 'Discount rate of guests in checkout' }])
  })
})

describe('budget', () => {
  const long = Array.from({ length: 900 }, (_, index) => `  const value${index} = compute(${index}, "some text to make the line longer")`).join('\n')
  const files = { 'src/long.ts': `export function enormous(x: string) {\n${long}\n}\n` }

  test('what is shown never costs more than the budget', async () => {
    for (const budget of [0, 50, 400, 8000]) {
      const dossier = await gather({ budget })
      expect(dossier.tokens).toBeLessThanOrEqual(budget)
      expect(dossier.excerpts.reduce((sum, { text }) => sum + Math.ceil(text.length / 4), 0)).toBe(dossier.tokens)
    }
  })

  test('a function that is too long is shown by its signature and the lines around the hot one', async () => {
    const { excerpts } = await gather({ files, frames: [{ path: 'src/long.ts', line: 500, depth: 0, confidence: 1 }] })
    const text = excerpts.find(({ role }) => role === 'edit')?.text ?? ''
    expect(text.split('\n')[0]).toBe('export function enormous(x: string) {')
    expect(text).toContain('const value498')
    expect(text).not.toContain('const value100 ')
    expect(text).toContain('… lines 2–487 left out')
  })
})

test('what is ignored appears nowhere: not by search, frames, history or packing', async () => {
  const dossier = await gather({
    frames: [
      { path: 'private/canary.ts', line: 1, depth: 0, confidence: 1 },
      { path: 'src/pricing.ts', line: 5, depth: 1, confidence: 1 },
    ],
    history: [{ commit: 'c'.repeat(40), subject: 'CANARY checkout guests discount', at: new Date(0), paths: ['private/canary.ts', 'secret-notes.ts'] }],
  })
  const everything = JSON.stringify({ ...dossier, excluded: [] })
  expect(everything).not.toContain('CANARY')
  expect(everything).not.toContain('canary')
  expect(everything).not.toContain('secret-notes')
  expect(dossier.excluded).toEqual([
    { rule: '.fixpointignore: private/', files: 1 },
    { rule: '.gitignore: secret-notes.ts', files: 1 },
    { rule: 'environment file', files: 1 },
    { rule: 'lockfile', files: 1 },
  ])
})

test('an empty repository and a report without words give an empty dossier', async () => {
  const dossier = await gather({ files: {}, frames: [], report: aReport({ title: untrusted(''), text: untrusted('') }) })
  expect(dossier).toEqual({ suspects: [], excerpts: [], relatedTests: [], history: [], excluded: [], tokens: 0 })
})

describe('what the failing test executes', () => {
  const forecast = { path: 'src/weather.ts', lines: [1, 1] as const, function: 'forecast', others: 0 }
  const total = { path: 'src/pricing.ts', lines: [8, 10] as const, function: 'total', others: 3 }
  const executed: Execution = { functions: [total, forecast], paths: new Set(['src/pricing.ts', 'src/weather.ts', 'src/discount.ts']) }

  test('is suspected though no word leads there, and more so when few other tests execute it', async () => {
    const { suspects, excerpts } = await gather({ frames: [], executed })
    expect(suspects[0]).toMatchObject({ path: 'src/weather.ts', function: 'forecast' })
    expect(suspects[0]?.why).toContainEqual({ lane: 'executed', weight: 1, evidence: 'executed by the failing test and by no other' })
    const second = suspects.find((suspect) => suspect.function === 'total')
    expect(second?.why).toContainEqual({ lane: 'executed', weight: 0.5, evidence: 'executed by the failing test and by 3 others' })
    expect(excerpts.map(({ path }) => path)).toContain('src/weather.ts')
  })

  test('and what it does not execute hardly is', async () => {
    const [before, after] = [await gather({ frames: [] }), await gather({ frames: [], executed })].map(({ suspects }) =>
      suspects.find((suspect) => suspect.function === 'discountRate'),
    )
    expect(after?.score).toBeLessThan((before?.score ?? 0) / 2)
    expect(after?.why.at(-1)?.evidence).toBe('not executed by the failing test')
  })

  test('a file that its owner hides stays hidden', async () => {
    const hidden = { path: 'private/canary.ts', lines: [1, 1] as const, function: 'priceFor', others: 0 }
    const { suspects } = await gather({ executed: { functions: [hidden], paths: new Set() } })
    expect(suspects.map(({ path }) => path)).not.toContain('private/canary.ts')
  })
})
