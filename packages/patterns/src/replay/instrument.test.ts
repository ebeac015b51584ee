import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openSyntax } from '@fixpoint/syntax'
import { MemorySnapshot } from '@fixpoint/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { idOf, instrument, OUT, type Recorded, TOOLS } from './instrument.ts'

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

const folder = mkdtempSync(join(tmpdir(), 'fixpoint-instrument-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const assets = fileURLToPath(new URL('../../assets', import.meta.url))

/** Every function of a text, recorded. */
function instrumented(path: string, text: string): string {
  const functions = syntax
    .functions(path, text)
    .map((span): Recorded => ({ id: idOf(path, span), path, span, role: span.kind === 'constructor' ? 'constructor' : 'call' }))
  return instrument({ syntax, source: new MemorySnapshot({ [path]: text }) }, path, text, functions, `${OUT}/calls.ndjson`)
}

let count = 0
interface Ran {
  readonly printed: string
  /** Every call as `function(arguments)`, in JSON's own words. */
  readonly recorded: readonly string[]
  /** What was called after a call, as `outer > inner`. */
  readonly reached: readonly string[]
}

function run(path: string, text: string): Ran {
  const program = join(folder, `${count++}-${path}`)
  const out = join(folder, `out-${count}`)
  writeFileSync(program, text.replaceAll(`${OUT}/calls.ndjson`, out).replaceAll(TOOLS, assets))
  const ended = path.endsWith('.py') ? spawnSync('python3', ['-B', program]) : spawnSync(process.execPath, [program])
  let lines: string[] = []
  try {
    lines = readFileSync(out, 'utf8').trim().split('\n')
  } catch {
    // Nothing was recorded.
  }
  const records = lines.filter((line) => line !== '').map((line) => JSON.parse(line))
  const nameOf = (id: string) => id.split(':').at(-1)
  const recorded = records.flatMap(({ id, role, args, named = [] }) => {
    if (role === undefined) return []
    const plain = (value: { value?: unknown; items?: unknown; entries?: unknown; is: string }) => value.value ?? value.items ?? value.entries ?? value.is
    return [
      `${nameOf(id)}(${[...args.map(plain), ...named.map(([name, value]: [string, { is: string }]) => `${name}=${plain(value)}`)].map((each: unknown) => (typeof each === 'string' ? each : JSON.stringify(each))).join(', ')})`,
    ]
  })
  const calls = new Map(
    records.filter(({ role }) => role !== undefined).map(({ id, call, args }) => [`${id} ${call}`, `${nameOf(id)}(${args[0]?.value ?? ''})`]),
  )
  const reached = records.flatMap(({ id, call, reached: inner }) => (inner === undefined ? [] : [`${calls.get(`${id} ${call}`)} > ${nameOf(inner)}`]))
  return { printed: `${ended.stdout}${ended.stderr}`, recorded, reached }
}

const NESTED = {
  js: 'function c() {}\nfunction b(x) { if (x > 2) c() }\nfunction a(x) { if (x > 1) b(x) }\na(1); a(2); a(3)\n',
  py: 'def c():\n    pass\n\n\ndef b(x):\n    if x > 2:\n        c()\n\n\ndef a(x):\n    if x > 1:\n        b(x)\n\n\na(1)\na(2)\na(3)\n',
}
const REACHED = ['a(2) > b', 'a(3) > b', 'a(3) > c', 'b(2) > a', 'b(3) > c']

describe('JavaScript behaves as before and tells how it was called', () => {
  test.each<[string, string, string[]]>([
    ["function f(a) { 'use strict'; return this === undefined }\nconsole.log(f(1), f.length)", 'true 1\n', ['f(1)']],
    ['function f(a, b = 2, ...c) { return a + b + c.length }\nconsole.log(f(1), f(1, 5, 6), f.length)', '3 7 1\n', ['f(1)', 'f(1, 5, 6)']],
    ['const f = (a, b = 2, ...c) => a + b + c.length\nconsole.log(f(1))', '3\n', ['f(1, 2)']],
    ['const f = (a) => ({ a })\nconsole.log(f("x"))', "{ a: 'x' }\n", ['f(x)']],
    [
      'const f = ({ a, b: { c = 3 }, ...d }, [e]) => a + c + e\nconsole.log(f({ a: 1, b: {}, z: 9 }, [4]))',
      '8\n',
      [
        'f([["a",{"is":"number","value":1}],["b",{"is":"object","entries":[["c",{"is":"number","value":3}]]}],["z",{"is":"number","value":9}]], [{"is":"number","value":4}])',
      ],
    ],
    [
      'class A { constructor(a) { this.a = a } get b() { return this.a } m(x) { return x } }\nclass B extends A { constructor() { super(7) } }\nconsole.log(new B().m(1), new B().b)',
      '1 7\n',
      ['B.constructor()', 'A.constructor(7)', 'A.m(1)', 'A.b()'],
    ],
    ['function* g(n) { yield n }\nasync function h(n) { return n }\nconsole.log([...g(1)])\nh(2).then(console.log)', '[ 1 ]\n2\n', ['g(1)', 'h(2)']],
    [
      "Object.defineProperty(Object.prototype, 'trap', { enumerable: true, get() { throw new Error('a property of others was read') } })\nfunction f(a) { return a }\nconsole.log(f(1))",
      '1\n',
      ['f(1)'],
    ],
    ['function f(process) { return process }\nconsole.log(f(5))', '5\n', ['f(5)']],
    [
      'const o = { a: 1 }; o.self = o\nfunction f(x) { return Object.keys(x).length }\nconsole.log(f(o))',
      '2\n',
      ['f([["a",{"is":"number","value":1}],["self",{"is":"opaque","type":"cycle"}]])'],
    ],
    ['let read = 0\nconst o = { get a() { read++; return 1 } }\nfunction f(x) {}\nf(o); console.log(read)', '0\n', ['f([["a",{"is":"undefined"}]])']],
    ['function f(x) { throw new Error("at " + new Error().stack.match(/:(\\d+):/)[1]) }\ntry { f() } catch (e) { console.log(e.message) }', 'at 1\n', ['f()']],
  ])('%s', (text, printed, recorded) => {
    expect(run('a.js', text).printed).toBe(printed)
    expect(run('a.js', instrumented('a.js', text))).toMatchObject({ printed, recorded })
  })

  test('late calls are recorded too, within bounds', () => {
    const text = 'function f(x) { return x }\nfor (let i = 0; i < 5000; i++) f(i)\nconsole.log("done")'
    const { printed, recorded } = run('a.js', instrumented('a.js', text))
    expect(printed).toBe('done\n')
    expect(recorded.slice(0, 80)).toEqual(Array.from({ length: 80 }, (_, at) => `f(${at})`))
    expect(recorded.length).toBeLessThan(400)
    expect(recorded.filter((call) => Number(/\d+/.exec(call)) > 4000).length).toBeGreaterThan(5)
  })

  test('what was called after a call is told', () => {
    expect([...run('a.js', instrumented('a.js', NESTED.js)).reached].sort()).toEqual(REACHED)
  })

  test('lines stay where they were, in TypeScript too', () => {
    const text = 'export function f(this: Window, a: string): string {\n  return a\n}\nexport const g = <T,>(a: T): T => a\nclass A { m(): void {} }\n'
    const result = instrumented('a.ts', text)
    expect(result.split('\n')).toHaveLength(text.split('\n').length)
    expect(result.match(/as any/g)).toHaveLength(3)
    expect(result).not.toMatch(/"f","call",this/)
    expect(syntax.error('a.ts', result)).toBeUndefined()
  })
})

describe('Python behaves as before and tells how it was called', () => {
  const python = spawnSync('python3', ['--version']).status === 0
  if (!python) console.warn('python3 is not installed: its recorder is not tested')
  test.runIf(python).each<[string, string, string[]]>([
    [
      'def f(a, b=2, *c, d=4, **e):\n    """Doc."""\n    return a + b\n\n\nprint(f(1), f.__doc__, f(1, 5, 6, d=7, z=8))\n',
      '3 Doc. 6\n',
      ['f(1, 2, d=4)', 'f(1, 5, 6, d=7, z=8)'],
    ],
    ['def f(a): return a\nprint(f("x"))\n', 'x\n', ['f(x)']],
    [
      'class A:\n    def __init__(self, a):\n        self.a = a\n\n    def m(self, x):\n        if x:\n            return self.a\n\n    @staticmethod\n    def s(y):\n        return y\n\n\nprint(A(1).m(2), A.s(3))\n',
      '1 3\n',
      ['A.__init__(1)', 'A.m(2)', 'A.s(3)'],
    ],
    ['def f():\n    """Only a docstring."""\n\n\nprint(f(), f.__doc__)\n', 'None Only a docstring.\n', ['f()']],
    ['def f(n):\n    global g\n    g = n\n\n\nf(None)\nprint(g)\n', 'None\n', ['f(null)']],
    ['import asyncio\n\n\nasync def f(n):\n    for i in range(n):\n        pass\n    return n\n\n\nprint(asyncio.run(f(2)))\n', '2\n', ['f(2)']],
  ])('%s', (text, printed, recorded) => {
    expect(run('a.py', text).printed).toBe(printed)
    expect(run('a.py', instrumented('a.py', text))).toMatchObject({ printed, recorded })
  })

  test.runIf(python)('what was called after a call is told', () => {
    expect([...run('a.py', instrumented('a.py', NESTED.py)).reached].sort()).toEqual(REACHED)
  })

  test.runIf(python)('late calls are recorded too, within bounds', () => {
    const { recorded } = run('a.py', instrumented('a.py', 'def f(x): return x\nfor i in range(5000): f(i)\n'))
    expect(recorded.slice(0, 80)).toEqual(Array.from({ length: 80 }, (_, at) => `f(${at})`))
    expect(recorded.length).toBeLessThan(400)
    expect(recorded.filter((call) => Number(/\d+/.exec(call)) > 4000).length).toBeGreaterThan(5)
  })
})
