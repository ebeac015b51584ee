import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { BugReport, Command, CommandResult, Project, Reproduction, Room, SourceSnapshot, TestRun, TestSelection } from '@fixpoint/core'
import { mapFrames, matcher, reportFrom } from '@fixpoint/intake'
import { openSyntax, type Syntax } from '@fixpoint/syntax'
import { planTests, testStyle } from '@fixpoint/test-runners'
import { aBaseline, aProject, aTestRun, MemorySnapshot } from '@fixpoint/testkit'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { compareOutcomes, createReplayReproducer, type ProbeRoom, recordProbes, runProbes, worthReplaying } from '../index.ts'

const require = createRequire(import.meta.url)
const packages = new URL('../../../', import.meta.url)
const signal = new AbortController().signal

let syntax: Syntax
beforeAll(async () => {
  const bytes = (name: string) => new Uint8Array(readFileSync(require.resolve(name)))
  const grammar = (name: string) => bytes(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`)
  syntax = await openSyntax({
    engine: bytes('web-tree-sitter/web-tree-sitter.wasm'),
    javascript: grammar('javascript'),
    typescript: grammar('typescript'),
    tsx: grammar('tsx'),
    python: grammar('python'),
  })
})

const rooms: HostRoom[] = []
afterEach(() => {
  for (const room of rooms.splice(0)) room.close()
})
const nonces = (() => {
  let count = 0
  return () => `nonce${count++}`
})()

/** Of rooms that are folders of this machine. */
const PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`

/** A room on this host that confines nothing: `/fixpoint/…` and `/workspace` in what is written and run are folders of its own. */
export class HostRoom implements Room {
  readonly #root = realpathSync(mkdtempSync(join(tmpdir(), 'fixpoint-replay-')))
  readonly #project: Project
  readonly #source: SourceSnapshot
  #nonce = 0
  /** How many test commands were run. */
  runs = 0

  constructor(project: Project, source: SourceSnapshot) {
    this.#project = project
    this.#source = source
    this.#layOut()
  }

  #layOut(): void {
    for (const folder of ['workspace', 'tools', 'out']) {
      rmSync(join(this.#root, folder), { recursive: true, force: true })
      mkdirSync(join(this.#root, folder))
    }
    for (const name of ['patterns/assets/fixpoint-calls.cjs', 'patterns/assets/fixpoint_calls.py']) this.#tool(name)
    for (const name of ['fixpoint_pytest.py', 'node-test-reporter.mjs', 'report-file.cjs', 'vitest-reporter.mjs']) this.#tool(`test-runners/assets/${name}`)
    for (const entry of this.#source.list()) this.#put(join('workspace', entry.path), this.#source.text(entry.path) ?? '')
    symlinkSync(new URL('../node_modules', packages), join(this.#root, 'workspace', 'node_modules'))
  }

  #tool(name: string): void {
    this.#put(join('tools', name.split('/').at(-1) ?? name), readFileSync(new URL(name, packages), 'utf8'))
  }

  #put(path: string, content: string): void {
    mkdirSync(dirname(join(this.#root, path)), { recursive: true })
    writeFileSync(join(this.#root, path), this.#host(content))
  }

  #host(text: string): string {
    return text.replaceAll('/fixpoint/tools', join(this.#root, 'tools')).replaceAll('/fixpoint/out', join(this.#root, 'out'))
  }

  #room(text: string): string {
    return text.replaceAll(join(this.#root, 'workspace'), '/workspace').replaceAll(this.#root, '/fixpoint')
  }

  async exec(command: Command, _signal: AbortSignal): Promise<CommandResult> {
    const [program = '', ...args] = command.argv.map((word) => this.#host(word))
    const env = Object.fromEntries(Object.entries(command.env ?? {}).map(([name, value]) => [name, this.#host(value)]))
    const child = spawn(program, args, {
      cwd: join(this.#root, 'workspace'),
      env: { HOME: this.#root, PATH, ...env },
      timeout: command.timeoutMs,
    })
    const output = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => {
      output.stdout += chunk
    })
    child.stderr.on('data', (chunk: Buffer) => {
      output.stderr += chunk
    })
    const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
    const ended = { exitCode, durationMs: 1, timedOut: false, truncated: false, oomKilled: false, killed: exitCode === null }
    return { ...ended, stdout: this.#room(output.stdout), stderr: this.#room(output.stderr) }
  }

  async write(files: readonly { path: string; content: string | null }[]): Promise<void> {
    for (const { path, content } of files) {
      if (content === null) rmSync(join(this.#root, 'workspace', path), { force: true })
      else this.#put(join('workspace', path), content)
    }
  }

  async read(paths: readonly string[], maximumBytes: number): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>()
    for (const path of paths) {
      const full = path.startsWith('/') ? this.#host(path) : join(this.#root, 'workspace', path)
      if ((statSync(full, { throwIfNoEntry: false })?.size ?? Number.POSITIVE_INFINITY) > maximumBytes) continue
      found.set(path, new TextEncoder().encode(this.#room(readFileSync(full, 'utf8'))))
    }
    return found
  }

  async test(selection: TestSelection, signal: AbortSignal, timeoutMs = 60_000): Promise<TestRun> {
    this.runs += 1
    this.#nonce += 1
    const plan = planTests(this.#project, selection, { nonce: `report-${this.#nonce}`, source: this.#source })
    const [program = '', ...args] = plan.argv
    const result = await this.exec({ argv: [program, ...args], env: plan.env, timeoutMs }, signal)
    return plan.parse(result, await this.read(plan.reads, 2 ** 24))
  }

  async reset(): Promise<void> {
    this.#layOut()
  }

  close(): void {
    rmSync(this.#root, { recursive: true, force: true })
  }
}

interface World {
  readonly files: Readonly<Record<string, string>>
  readonly project: Partial<Project>
  /** What was thrown, and where, innermost first: function, file, and a piece of the line. */
  readonly error: string
  readonly frames: readonly (readonly [string, string, string])[]
}

function lineOf(world: World, path: string, piece: string): number {
  const line = (world.files[path] ?? '').split('\n').findIndex((each) => each.includes(piece)) + 1
  expect(line, `${piece} in ${path}`).toBeGreaterThan(0)
  return line
}

async function reportOf(world: World): Promise<BugReport> {
  const node = () => [world.error, ...world.frames.map(([name, path, piece]) => `    at ${name} (/srv/app/${path}:${lineOf(world, path, piece)}:5)`)]
  const python = () => [
    'Traceback (most recent call last):',
    ...[...world.frames]
      .reverse()
      .flatMap(([name, path, piece]) => [`  File "/srv/app/${path}", line ${lineOf(world, path, piece)}, in ${name}`, `    ${piece}`]),
    world.error,
  ]
  const report = await reportFrom((world.project.toolchain === 'python' ? python() : node()).join('\n'), 'file')
  if ('refused' in report) throw new Error(report.hint)
  return report
}

function roomOf(world: World): { room: HostRoom; project: Project; source: MemorySnapshot } {
  const source = new MemorySnapshot(world.files)
  const project = aProject({ protectedFiles: [], ...world.project })
  const room = new HostRoom(project, source)
  rooms.push(room)
  return { room, project, source }
}

async function reproduce(world: World): Promise<{ reproduction: Reproduction | undefined; tried: readonly string[]; room: HostRoom }> {
  const { room, project, source } = roomOf(world)
  const report = await reportOf(world)
  const answers = matcher(report, source)
  const task = { report, project, source, baseline: aBaseline(), suite: aTestRun([]), frames: report.traces.flatMap((trace) => mapFrames(trace, source)) }
  const unused = () => {
    throw new Error('the reproducer needs no such tool')
  }
  const tools = {
    room,
    ...{
      search: { search: unused },
      symbols: { definitions: unused, references: unused },
      syntaxError: unused,
      isHidden: unused,
      dossier: unused,
      matchesAnew: unused,
      model: undefined,
    },
    style: testStyle(project, source),
    matches: (failure: { errorType?: string | undefined; message: string; stack: string }) => answers(failure).matched,
  }
  for await (const event of createReplayReproducer({ syntax, nonce: nonces }).reproduce(task, tools, signal)) {
    if (event.kind === 'reproduction') return { reproduction: event.reproduction, tried: [], room }
    if (event.kind === 'gave-up') return { reproduction: undefined, tried: event.tried, room }
  }
  throw new Error('the reproducer ended without an answer')
}

/** The statements of the one new test. */
function written(reproduction: Reproduction | undefined): string {
  return reproduction?.files[0]?.content ?? ''
}

const PACKAGE = { cjs: '{ "type": "commonjs" }', esm: '{ "type": "module" }' }

const nodeTestCommonJs: World = {
  files: {
    'package.json': PACKAGE.cjs,
    'src/order.js': `'use strict'

function total(order) {
  'use strict'
  return order.items.reduce((sum, item) => sum + item.product.price * item.quantity, 0)
}

module.exports = { total }
`,
    'test/order.test.js': `const { test } = require('node:test')
const assert = require('node:assert')
const { total } = require('../src/order')

test('adds up', () => {
  assert.strictEqual(total({ id: 'order-4711', items: [{ product: { sku: 'A', price: 3 }, quantity: 2 }], paidAt: new Date(0) }), 6)
})
`,
  },
  project: { testFiles: ['test/order.test.js'] },
  error: "TypeError: Cannot read properties of undefined (reading 'price')",
  frames: [['total', 'src/order.js', 'item.product.price']],
}

const nodeTestModules: World = {
  files: {
    'package.json': PACKAGE.esm,
    'src/names.js': `const first = (parts) => parts[0].trim().toUpperCase()
export const initials = ({ full, separator = ' ' }) => full.split(separator).map((part) => part[0].toUpperCase()).join('')
export default first
`,
    'test/names.test.js': `import { test } from 'node:test'
import assert from 'node:assert'
import { initials } from '../src/names.js'

test('initials', () => {
  assert.equal(initials({ full: 'Ada King Lovelace' }), 'AKL')
})
`,
  },
  project: { testFiles: ['test/names.test.js'] },
  error: "TypeError: Cannot read properties of undefined (reading 'toUpperCase')",
  frames: [
    ['<anonymous>', 'src/names.js', 'full.split'],
    ['initials', 'src/names.js', 'full.split'],
  ],
}

const vitestTypeScript: World = {
  files: {
    'package.json': PACKAGE.esm,
    'src/cart.ts': `interface Line { sku: string; price: { amount: number } }
function sum(lines: readonly Line[]): number {
  return lines.reduce((total, line) => total + line.price.amount, 0)
}
export class Cart {
  readonly #name: string
  lines: Line[] = []
  constructor(name: string) {
    this.#name = name
  }
  describe(extra: Line[], label: string): string {
    return \`\${this.#name} \${label}: \${sum([...this.lines, ...extra])}\`
  }
}
`,
    'src/cart.test.ts': `import { expect, it } from 'vitest'
import { Cart } from './cart.ts'

it('describes', () => {
  expect(new Cart('Ada').describe([{ sku: 'A', price: { amount: 3 } }], 'total')).toBe('Ada total: 3')
})
`,
  },
  project: { runner: 'vitest', testFiles: ['src/cart.test.ts'] },
  error: "TypeError: Cannot read properties of undefined (reading 'amount')",
  frames: [
    ['<anonymous>', 'src/cart.ts', 'line.price.amount'],
    ['sum', 'src/cart.ts', 'line.price.amount'],
    ['Cart.describe', 'src/cart.ts', 'sum([...this.lines'],
  ],
}

const asynchronous: World = {
  files: {
    'package.json': PACKAGE.cjs,
    'lib/load.js': `async function load(ids, fetchOne) {
  const found = []
  for (const id of ids) found.push(await fetchOne(id))
  return found.map((each) => each.name)
}
exports.load = load
`,
    'test/load.test.js': `const test = require('node:test')
const assert = require('node:assert')
const { load } = require('../lib/load.js')

test('loads', async () => {
  assert.deepStrictEqual(await load([1, 2], async (id) => ({ name: String(id) })), ['1', '2'])
})
`,
  },
  project: { testFiles: ['test/load.test.js'] },
  error: 'TypeError: ids is not iterable',
  frames: [['async load', 'lib/load.js', 'for (const id of ids)']],
}

const notExported: World = {
  files: {
    'package.json': PACKAGE.cjs,
    'src/rows.js': `function cell(row, index) {
  return row.cells[index].trim()
}
function render(rows, columns) {
  return rows.map((row) => columns.map((_, index) => cell(row, index)).join(','))
}
exports.table = (rows, columns) => [columns.join(','), ...render(rows, columns)].join('\\n')
`,
    'test/rows.test.js': `const test = require('node:test')
const assert = require('node:assert')
const { table } = require('../src/rows')

test('table', () => assert.equal(table([{ cells: [' 1', '2 '] }], ['a', 'b']), 'a,b\\n1,2'))
`,
  },
  project: { testFiles: ['test/rows.test.js'] },
  error: "TypeError: Cannot read properties of undefined (reading 'trim')",
  frames: [['cell', 'src/rows.js', 'row.cells[index]']],
}

const unused: World = {
  files: {
    'package.json': PACKAGE.cjs,
    'src/label.js': `exports.label = function label(user, options) {
  const { address } = user
  return user.tags.map((tag) => tag.name.trim()).join() + address.city.toUpperCase() + (options.short ? '' : '!')
}
`,
    'test/other.test.js': "require('node:test')('nothing', () => {})\n",
  },
  project: { testFiles: ['test/other.test.js'] },
  error: "TypeError: Cannot read properties of undefined (reading 'toUpperCase')",
  frames: [['label', 'src/label.js', 'address.city']],
}

const hanging: World = {
  files: {
    'package.json': PACKAGE.cjs,
    'src/pages.js': `exports.pages = (total, size) => {
  const pages = []
  for (let at = 0; at < total; at += size) pages.push(at)
  return pages[pages.length - 1].toFixed()
}
`,
    'test/pages.test.js': `const test = require('node:test')
const { pages } = require('../src/pages')
test('pages', () => { pages(10, 5) })
`,
  },
  project: { testFiles: ['test/pages.test.js'] },
  error: "TypeError: Cannot read properties of undefined (reading 'toFixed')",
  frames: [['exports.pages', 'src/pages.js', 'toFixed']],
}

const python: World = {
  files: {
    'shop/__init__.py': '',
    'shop/models.py': `from dataclasses import dataclass


@dataclass
class Money:
    amount: int
    currency: str
`,
    'shop/orders.py': `def convert(money, rates):
    """Into euros."""
    return money.amount * rates[money.currency]


def report(order, rates, *, digits=2):
    # every line once
    total = sum(convert(line["price"], rates) for line in order["lines"])
    return f"{total:.{digits}f}"
`,
    'tests/test_orders.py': `from shop.models import Money
from shop.orders import report


def test_report():
    assert report({"id": 7, "lines": [{"price": Money(2, "USD")}]}, {"USD": 0.5}, digits=1) == "1.0"
`,
  },
  project: { toolchain: 'python', runner: 'pytest', testFiles: ['tests/test_orders.py'] },
  error: "KeyError: 'USD'",
  frames: [
    ['convert', 'shop/orders.py', 'return money.amount * rates[money.currency]'],
    ['<genexpr>', 'shop/orders.py', 'total = sum(convert(line["price"], rates) for line in order["lines"])'],
    ['report', 'shop/orders.py', 'total = sum(convert(line["price"], rates) for line in order["lines"])'],
  ],
}

/** The value that failed is made far inside: no text that the outermost function takes leaves it out by one change. */
const deep: World = {
  files: {
    'mark/__init__.py': '',
    'mark/parts.py': `def quote(token):
    before = token["prev"]
    return "quote" if before else "quote first"


def part(token):
    return quote(token)


def parts(tokens):
    return [part(token) for token in tokens]


def numbered(words):
    return parts([{"word": word, "prev": at} for at, word in enumerate(words)])


def line(text):
    return numbered(text.split())


def page(text):
    return [line(each) for each in text.splitlines()]


def book(text):
    return [page(each) for each in text.split("#")]
`,
    'tests/test_parts.py': `from mark.parts import book


def test_book():
    assert book("a b#c") == [[["quote first", "quote"]], [["quote first"]]]
`,
  },
  project: { toolchain: 'python', runner: 'pytest', testFiles: ['tests/test_parts.py'] },
  error: "KeyError: 'prev'",
  frames: [
    ['quote', 'mark/parts.py', 'before = token["prev"]'],
    ['part', 'mark/parts.py', 'return quote(token)'],
    ['parts', 'mark/parts.py', 'return [part(token) for token in tokens]'],
    ['numbered', 'mark/parts.py', 'return parts('],
    ['line', 'mark/parts.py', 'return numbered('],
    ['page', 'mark/parts.py', 'return [line('],
    ['book', 'mark/parts.py', 'return [page('],
  ],
}

// Of the rooms' own Python, which need not be the first on this machine.
const hasPytest = spawnSync('python3', ['-m', 'pytest', '--version'], { env: { PATH } }).status === 0

describe('a crash found again from its trace alone', { timeout: 120_000 }, () => {
  test.each([
    ['node:test, CommonJS', nodeTestCommonJs, /total\(\{/],
    ['node:test, modules, an arrow that takes its argument apart', nodeTestModules, /initials\(\{ full: '' \}\)/],
    ['vitest, TypeScript, a method of a class with private state', vitestTypeScript, /new Cart\(.*\)\.describe\(\[/],
    ['an async function', asynchronous, /await load\(/],
    ['a function that only its own file can call', notExported, /table\(/],
    ['a function that no test calls', unused, /label\(/],
    ['a function that some inputs keep busy for ever', hanging, /pages\(/],
  ])('%s', async (_, world, call) => {
    const { reproduction, tried } = await reproduce(world)
    expect(tried).toEqual([])
    expect(reproduction).toMatchObject({ source: 'replayed-calls', oracle: 'no-crash', failure: { errorType: 'TypeError' } })
    expect(written(reproduction)).toMatch(call)
    expect(reproduction?.tests).toHaveLength(1)
    expect(reproduction?.probes.length).toBeGreaterThan(5)
  })

  test.runIf(hasPytest)('pytest, a dataclass among the arguments', async () => {
    const { reproduction, tried } = await reproduce(python)
    expect(tried).toEqual([])
    expect(reproduction?.failure.errorType).toMatch(/KeyError/)
    expect(written(reproduction)).toMatch(/report\(/)
  })
  test.runIf(hasPytest)('a value that is made deep inside a long trace', async () => {
    const { reproduction, tried } = await reproduce(deep)
    expect(tried).toEqual([])
    expect(written(reproduction)).toMatch(/(parts|part|quote)\(\[?\{/)
  })
  if (!hasPytest) console.warn('pytest is not installed: its reproduction is not tested')

  test('a failure that no input brings about is not claimed', async () => {
    const { reproduction, tried } = await reproduce({ ...nodeTestCommonJs, error: 'RangeError: Invalid array length' })
    expect(reproduction).toBeUndefined()
    expect(tried.join()).toMatch(/total \(src\/order\.js\): \d+ inputs from 1 recorded calls, .*returned/)
  })
})

describe('what a patch changes', { timeout: 60_000 }, () => {
  test('calls differ where it crashed, and where the patch also answers what used to be no number', async () => {
    const { room, project, source } = roomOf(nodeTestCommonJs)
    const base: ProbeRoom = { room, style: testStyle(project, source), syntax, source, nonce: nonces }
    const calls = await recordProbes(base, project, [{ path: 'src/order.js', line: 5 }], { limit: 40, timeoutMs: 30_000, suiteMs: 100 }, signal)
    const before = await runProbes(base, calls, signal)
    expect(before.map(({ outcome }) => outcome)).toContain('returns 6')
    expect(await runProbes(base, worthReplaying(before), signal)).toEqual(
      worthReplaying(before).map((call) => expect.objectContaining({ outcome: call.outcome })),
    )
    expect(compareOutcomes(before, before, { errorType: 'TypeError' })).toEqual([])

    const text = (nodeTestCommonJs.files['src/order.js'] ?? '').replace('item.product.price', '(item.product?.price ?? 0)')
    await room.write([{ path: 'src/order.js', content: text }])
    const after = await runProbes({ ...base, source: new MemorySnapshot({ ...nodeTestCommonJs.files, 'src/order.js': text }) }, calls, signal)
    const differences = compareOutcomes(before, after, { errorType: 'TypeError' })
    expect(differences.map(({ before, after, expected }) => `${expected ? 'expected' : 'surprising'}: ${before} → ${after}`)).toEqual([
      "expected: throws TypeError: Cannot read properties of undefined (reading 'price') → returns NaN",
      "expected: throws TypeError: Cannot read properties of undefined (reading 'price') → returns 0",
      'surprising: returns NaN → returns 0',
      'surprising: returns NaN → returns 0',
      "expected: throws TypeError: Cannot read properties of undefined (reading 'price') → returns NaN",
    ])
  })

  test('of calls that never end one is kept: each costs its deadline wherever it is replayed', async () => {
    const files = {
      ...nodeTestCommonJs.files,
      'src/order.js': `function total(order) {\n  while (order.items.length === 0) {}\n  while (order.items[0].quantity < 2) {}\n  return order.items.length\n}\nmodule.exports = { total }\n`,
    }
    const { room, project, source } = roomOf({ ...nodeTestCommonJs, files })
    const base: ProbeRoom = { room, style: testStyle(project, source), syntax, source, nonce: nonces }
    const recorded = await recordProbes(base, project, [{ path: 'src/order.js', line: 3 }], { limit: 40, timeoutMs: 30_000, suiteMs: 100 }, signal)
    const outcomes = await runProbes(base, recorded, signal)
    expect(outcomes.filter(({ outcome }) => outcome === 'does not end').length).toBeGreaterThan(1)
    const calls = worthReplaying(outcomes)
    expect(calls.filter((call) => call.outcome === 'does not end')).toHaveLength(1)
    expect(calls.map((call) => call.outcome)).toContain('returns 1')
  })

  test('a function that is gone ran nowhere, and that is no difference', async () => {
    const { room, project, source } = roomOf(nodeTestCommonJs)
    const base: ProbeRoom = { room, style: testStyle(project, source), syntax, source, nonce: nonces }
    const call = { path: 'src/order.js', function: 'nobody', arguments: ['1'], outcome: '' }
    const outcomes = await runProbes(base, [call], signal)
    expect(outcomes).toEqual([{ call, outcome: 'was not run' }])
    expect(compareOutcomes(outcomes, [{ call, outcome: 'returns 1' }], {})).toEqual([])
  })
})
