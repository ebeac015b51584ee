import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Project, TestRun, TestSelection } from '@fixpoint/core'
import { MemorySnapshot } from '@fixpoint/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Canaries, canaries, checkCanaries, detectProject, planTests, testRunnerAssets, testStyle, withoutCanaries } from './index.ts'

// Real processes on a machine that others use too.
vi.setConfig({ testTimeout: 60_000 })

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** Runs node:test for real, with the room's folders moved to the host. `after` stands for what happens between the end and the reading. */
function runForReal(
  files: Record<string, string>,
  options: { selection?: TestSelection; planted?: Canaries; nonce?: string; change?: Record<string, string>; after?: (report: string) => void } = {},
): TestRun {
  const root = mkdtempSync(join(tmpdir(), 'fixpoint-tests-'))
  folders.push(root)
  const out = join(root, '.out')
  mkdirSync(out)
  const source = new MemorySnapshot(files)
  const plan = planTests(projectOf(files), options.selection ?? { kind: 'all' }, {
    nonce: options.nonce ?? 'abc123',
    source,
    ...(options.planted ? { canaries: options.planted } : {}),
  })
  const laid = [...Object.entries({ ...files, ...options.change }), ...plan.files.map((file) => [file.path, file.content] as const)]
  for (const [path, content] of laid) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  const moved = (text: string) => text.replaceAll('/fixpoint/tools', fileURLToPath(testRunnerAssets).replace(/\/$/, '')).replaceAll('/fixpoint/out', out)
  const [program = '', ...args] = plan.argv.map(moved)
  const env = Object.fromEntries(Object.entries(plan.env).map(([name, value]) => [name, moved(value)]))
  const ended = spawnSync(program, args, { cwd: root, env: { PATH: process.env.PATH, ...env }, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 })
  const reports = new Map<string, Uint8Array>()
  for (const path of plan.reads) {
    options.after?.(moved(path))
    try {
      reports.set(path, readFileSync(moved(path)))
    } catch {
      // A missing report is left out, as the port says.
    }
  }
  const { status: exitCode, stdout, stderr } = ended
  return plan.parse({ exitCode, stdout, stderr, durationMs: 1, timedOut: false, truncated: false, oomKilled: false, killed: ended.signal !== null }, reports)
}

function projectOf(files: Record<string, string>): Project {
  const detected = detectProject(new MemorySnapshot(files), { deps: 'copy' })
  if ('unsupported' in detected) throw new Error(detected.unsupported)
  return detected.project
}

const statuses = (run: TestRun) => Object.fromEntries(run.tests.map((test) => [test.id, test.status]))

const SHOP = {
  'package.json': '{"type":"module","scripts":{"test":"node --test"}}',
  'src/price.js': 'export function price(order) {\n  return order.lines.length\n}\n',
  'test/price.test.js': `import { describe, it, test } from 'node:test'
import assert from 'node:assert/strict'
import { price } from '../src/price.js'
describe('price (of a+b)', () => {
  it('counts', () => assert.equal(price({ lines: [1] }), 1))
  it('fails', () => price({}))
  it('again', () => {})
  it('again', () => assert.equal(1, 2))
  it.skip('later', () => {})
})
test('parent', async (t) => {
  await t.test('child', () => {})
})
`,
}

describe('node:test, for real', () => {
  it('reports every test under its own id', () => {
    const run = runForReal(SHOP)
    expect(run.reported).toBe(true)
    expect(statuses(run)).toMatchInlineSnapshot(`
      {
        "test/price.test.js > parent": "passed",
        "test/price.test.js > parent > child": "passed",
        "test/price.test.js > price (of a+b) > again": "passed",
        "test/price.test.js > price (of a+b) > again #2": "failed",
        "test/price.test.js > price (of a+b) > counts": "passed",
        "test/price.test.js > price (of a+b) > fails": "failed",
        "test/price.test.js > price (of a+b) > later": "skipped",
      }
    `)
    const failure = run.tests.find((test) => test.id.endsWith('> fails'))?.failure
    expect(failure).toMatchObject({ errorType: 'TypeError', message: "Cannot read properties of undefined (reading 'length')" })
    expect(failure?.stack).toContain('src/price.js:2:22')
  })

  it('runs a named test, and the parsed run holds that test only', () => {
    const all = runForReal(SHOP)
    for (const test of all.tests) expect(statuses(runForReal(SHOP, { selection: { kind: 'tests', tests: [test] } }))).toEqual({ [test.id]: test.status })
  })

  it('names the file when it does not load, with the error that it died of', () => {
    const run = runForReal(SHOP, { change: { 'src/price.js': "throw new RangeError('no shop')\nexport const price = 1\n" } })
    expect(run.tests).toMatchObject([{ id: 'test/price.test.js > (file)', status: 'failed', failure: { errorType: 'RangeError', message: 'no shop' } }])
  })
})

describe('cheats in the source under node:test', () => {
  const planted = canaries(projectOf(SHOP), new MemorySnapshot(SHOP), '0123456789abcdef')
  const cheat = (text: string, options: Parameters<typeof runForReal>[1] = {}) =>
    runForReal(SHOP, { planted, ...options, change: { 'src/price.js': `${text}\nexport function price(order) { return order.lines?.length ?? 0 }\n` } })

  it('honest code: the canaries hold and are taken out again', () => {
    const run = cheat('')
    expect(checkCanaries(run, planted)).toEqual({ held: true, why: 'all 4 canaries failed as they must' })
    expect(withoutCanaries(run, planted).tests).toHaveLength(7)
  })

  it.each([
    ['exit at import', 'process.exit(0)'],
    ['reallyExit', 'process.reallyExit(0)'],
  ])('%s: the ids of the base are missing', (_, text) => {
    const ids = cheat(text).tests.map((test) => test.id)
    expect(ids).not.toContain('test/price.test.js > price (of a+b) > fails')
  })

  it('exit inside a function: the ids of the base are missing', () => {
    const run = runForReal(SHOP, { change: { 'src/price.js': 'export function price() { process.exit(0) }\n' } })
    expect(statuses(run)).not.toHaveProperty(['test/price.test.js > price (of a+b) > fails'])
  })

  it('a patched assert that reaches the canaries makes one pass', () => {
    const patched = { ...SHOP, 'test/preload.mjs': "import assert from 'node:assert'\nassert.strictEqual = assert.deepStrictEqual = () => {}\n" }
    const run = runForReal({ ...patched, 'package.json': '{"type":"module","scripts":{"test":"node --import ./test/preload.mjs --test"}}' }, { planted })
    expect(checkCanaries(run, planted).held).toBe(false)
  })

  it('a report that was prepared, cut, deleted or replaced is not believed', () => {
    const forged = JSON.stringify({ format: 1, runner: 'node:test', nonce: 'guess', tests: [], seal: { count: 0, nonce: 'guess' } })
    expect(runForReal(SHOP, { after: (report) => rmSync(report) })).toMatchObject({ reported: false, tests: [] })
    const overwrite = (text: string) => (report: string) => {
      rmSync(report)
      writeFileSync(report, text)
    }
    expect(runForReal(SHOP, { after: overwrite(forged) }).problem).toBe('the report was not made by this run')
    expect(runForReal(SHOP, { after: overwrite('{"format":1,"tests":[') }).problem).toBe('the report is cut off or not JSON')
    const hidden = JSON.stringify({ format: 1, runner: 'node:test', nonce: 'abc123', tests: [], seal: { count: 7, nonce: 'abc123' } })
    expect(runForReal(SHOP, { after: overwrite(hidden) }).problem).toBe('the report is sealed for 7 tests and holds 0')
  })

  it('a report prepared in the place of ours is replaced', () => {
    const nonce = 'abc124'
    const text = "import fs from 'node:fs'\nfor (const name of ['.out/abc124.json']) fs.mkdirSync(name, { recursive: true })"
    const run = runForReal(SHOP, { nonce, change: { 'src/price.js': `${text}\nexport function price(order) { return order.lines.length }\n` } })
    expect(run.reported).toBe(true)
    expect(run.tests).toHaveLength(7)
  })

  it('a flood of output leaves the report whole', () => {
    const run = cheat("console.log('x'.repeat(3_000_000))")
    expect(run.reported).toBe(true)
    expect(run.output.length).toBeLessThan(17_000)
  })
})

describe('a test in the style of the repository runs', () => {
  it('as node:test with written-out endings', () => {
    const file = testStyle(projectOf(SHOP), new MemorySnapshot(SHOP)).testFile({
      source: 'src/price.js',
      title: "an order without lines doesn't crash",
      imports: [{ local: 'price', exported: 'price', path: 'src/price.js' }],
      body: ['price({})'],
      async: false,
      purpose: 'regression',
    })
    expect(file).toMatchInlineSnapshot(`
      {
        "content": "import { it } from 'node:test'
      import { price } from '../src/price.js'

      it('an order without lines doesn\\'t crash', () => {
        price({})
      })
      ",
        "name": "an order without lines doesn't crash",
        "path": "test/price-an-order-without-lines-doesn.test.js",
      }
    `)
    const run = runForReal(SHOP, { selection: { kind: 'files', files: [file.path] }, change: { [file.path]: file.content } })
    expect(run.tests).toMatchObject([{ id: `${file.path} > ${file.name}`, status: 'failed', failure: { errorType: 'TypeError' } }])
  })
})
