import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Project, Room, TestRun, TestSelection } from '@fixpoint/core'
import { openSyntax } from '@fixpoint/syntax'
import { MemorySnapshot } from '@fixpoint/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { executedFunctions } from './executed-functions.ts'

const require = createRequire(import.meta.url)
const bytes = (name: string) => new Uint8Array(readFileSync(require.resolve(name)))
const grammar = (name: string) => bytes(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`)
const syntax = await openSyntax({
  engine: bytes('web-tree-sitter/web-tree-sitter.wasm'),
  javascript: grammar('javascript'),
  typescript: grammar('typescript'),
  tsx: grammar('tsx'),
  python: grammar('python'),
})

const folder = mkdtempSync(join(tmpdir(), 'fixpoint-executed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Files = Readonly<Record<string, string>>

/** A room that is a folder: one program runs all tests, or the one that it is told. */
class FolderRoom implements Room {
  resets = 0
  runs = 0
  readonly #root = mkdtempSync(join(folder, 'room-'))
  readonly #files: Files
  readonly #program: readonly string[]
  constructor(files: Files, program: readonly string[]) {
    this.#files = files
    this.#program = program
  }
  async exec(): Promise<never> {
    throw new Error('nothing is run but tests')
  }
  async write(files: readonly { path: string; content: string | null }[]): Promise<void> {
    for (const { path, content } of files) {
      const place = join(this.#root, path)
      mkdirSync(dirname(place), { recursive: true })
      writeFileSync(place, (content ?? '').replaceAll('/fixpoint/out', this.#root))
    }
  }
  async read(paths: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = paths.map((path) => [path, path.replace('/fixpoint/out', this.#root)] as const).filter(([, place]) => existsSync(place))
    return new Map(found.map(([path, place]) => [path, new Uint8Array(readFileSync(place))]))
  }
  async test(selection: TestSelection): Promise<TestRun> {
    this.runs += 1
    const [program = '', ...rest] = this.#program
    const only = selection.kind === 'tests' ? (selection.tests[0]?.path.at(-1) ?? '') : ''
    const { stderr, status } = spawnSync(program, rest, { cwd: this.#root, encoding: 'utf8', env: { PATH: process.env.PATH, ONLY: only } })
    if (status !== 0) throw new Error(stderr)
    return { reported: true, tests: [], argv: [], exitCode: 0, timedOut: false, oomKilled: false, durationMs: 1, output: '' }
  }
  async reset(): Promise<void> {
    this.resets += 1
    await this.write(Object.entries(this.#files).map(([path, content]) => ({ path, content })))
  }
}

function projectOf(toolchain: Project['toolchain'], runner: Project['runner'], testFiles: readonly string[]): Project {
  return { toolchain, runner, runnerArguments: [], runnerEnvironment: {}, testFiles: [...testFiles], protectedFiles: [], staticChecks: [], because: [] }
}

async function execute(files: Files, runner: 'mocha' | 'pytest', failing: { file: string; name: string }, program: readonly string[], suiteMs = 1) {
  const room = new FolderRoom(files, program)
  const testFiles = Object.keys(files).filter((path) => path.startsWith('test'))
  const reproduction = { tests: [{ id: 'failing', file: failing.file, path: [failing.name] }], files: [] }
  const project = projectOf(runner === 'pytest' ? 'python' : 'node', runner, testFiles)
  const request = { room, source: new MemorySnapshot(files), syntax, project, reproduction, nonce: 'n', suiteMs, timeoutMs: 10_000 }
  const found = await executedFunctions(request, new AbortController().signal)
  return { room, found, told: found?.functions.map(({ path, function: name, others }) => `${path} ${name} ${others}`) }
}

const shop: Files = {
  'lib/price.js': `'use strict'
const half = (n) => n / 2
exports.price = function price(item) {
  'use strict'
  return rounded(half(item.cost))
}
function rounded(n) { return Math.round(n) }
function never() {}
exports.total = (items) => items.map((item) => exports.price(item)).reduce((a, b) => a + b)
exports.total([{ cost: 1 }])
`,
  'test/run.js': `global.it = (name, body) => { if (process.env.ONLY === '' || process.env.ONLY === name) body() }
const { price, total } = require('../lib/price.js')
it('prices', () => { price({ cost: 3 }) })
it('prices anew', function () { price({ cost: 5 }) })
it('sums', () => total([{ cost: 1 }, { cost: 2 }]))
`,
}

describe('what a failing test executes', () => {
  test('in the order in which it is entered, with the number of other tests that do so too', async () => {
    const { told, found, room } = await execute(shop, 'mocha', { file: 'test/run.js', name: 'sums' }, [process.execPath, 'test/run.js'])
    expect(told).toEqual([
      'lib/price.js total 0',
      'lib/price.js total.(anonymous) 0',
      'lib/price.js price 2',
      'lib/price.js half 2',
      'lib/price.js rounded 2',
      'lib/price.js total.(anonymous) 0',
    ])
    expect([...(found?.paths ?? [])]).toEqual(['lib/price.js'])
    expect(readFileSync(await placeOf(room), 'utf8')).toBe(shop['lib/price.js'])
  })

  test('of a slow suite only the failing test is run', async () => {
    const { told, room } = await execute(shop, 'mocha', { file: 'test/run.js', name: 'prices' }, [process.execPath, 'test/run.js'], 60_000)
    expect(told).toEqual(['lib/price.js price undefined', 'lib/price.js half undefined', 'lib/price.js rounded undefined'])
    expect(room.runs).toBe(1)
  })

  test('in Python pytest says which test runs', async () => {
    const files: Files = {
      'shop/__init__.py': '',
      'shop/price.py': `def price(item):
    """What it costs."""
    return rounded(item["cost"] / 2)


def rounded(n): return round(n)


class Cart:
    def total(self, items):
        return sum(price(item) for item in items)
`,
      'tests/run.py': `import os, sys
sys.path.insert(0, '.')
from shop.price import Cart, price

def sums():
    Cart().total([{"cost": 1}])

def prices():
    price({"cost": 3})

for test in (sums, prices):
    if os.environ['ONLY'] in ('', test.__name__):
        os.environ['PYTEST_CURRENT_TEST'] = 'tests/run.py::%s (call)' % test.__name__
        test()
`,
    }
    const { told } = await execute(files, 'pytest', { file: 'tests/run.py', name: 'sums' }, ['python3', '-B', 'tests/run.py'])
    expect(told).toEqual(['shop/price.py Cart.total 0', 'shop/price.py price 1', 'shop/price.py rounded 1'])
  })

  test('nothing is told when nothing was entered', async () => {
    expect((await execute(shop, 'mocha', { file: 'test/run.js', name: 'no such test' }, [process.execPath, '-e', '0'])).found).toBeUndefined()
  })
})

async function placeOf(room: FolderRoom): Promise<string> {
  await room.write([{ path: '.where', content: '/fixpoint/out' }])
  return join(new TextDecoder().decode((await room.read(['/fixpoint/out/.where'])).get('/fixpoint/out/.where')), 'lib/price.js')
}
