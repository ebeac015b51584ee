import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { openSyntax, type Syntax } from '@fixpoint/syntax'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Fix } from './fix.ts'
import { diverse, rank } from './rank.ts'
import { answersOf, Screen } from './screen.ts'
import { openSite } from './site.ts'
import { windowOf } from './window.ts'

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

function fix(path: string, text: string, from: string, to: string, more: Partial<Fix> = {}): Fix {
  const start = text.indexOf(from)
  return {
    path,
    start,
    end: start + from.length,
    text: to,
    line: 1,
    function: 'f',
    family: 'x',
    round: 1,
    operation: 'x',
    says: 'x',
    likelihood: 1,
    symptomOnly: false,
    weight: 1,
    likely: 1,
    priority: 1,
    ...more,
  }
}

describe('refuses without a run', () => {
  test.each<[string, string, string, string, string | undefined]>([
    ['a.js', 'function f(a, b) { return a < b }', 'a < b', 'a <= b', undefined],
    ['a.js', 'function f(a, b) { return a < b }', 'a < b', 'a <', 'does not parse'],
    ['a.js', 'function f(a) { return g(a) }', 'g(a)', '(g(a))', 'changes nothing'],
    ['a.js', 'function f(a, b) { return a && b }', 'b }', 'missing + a + b }', 'unknown name'],
    ['a.js', 'function f(a, b) { if (a && b.c) return b }', 'b.c', 'a', 'constant condition'],
    ['a.js', 'function f(a, b) { g(b); if (a) return 1 }', '(a)', '(true)', 'constant condition'],
    ['a.py', 'def f(a):\n    if a:\n        return a\n', 'if a:', 'if True:', 'constant condition'],
    ['a.js', 'function f(a) { if (!a) throw new Error("no"); return a }', 'throw new Error("no")', 'return null', 'drops a check'],
    ['a.py', 'def f(a):\n    if not a:\n        raise ValueError(a)\n    return a\n', 'raise ValueError(a)', 'return None', 'drops a check'],
    ['a.js', 'function f(a, b) { return a + b }', 'a + b', 'a', 'ignores a parameter'],
    ['a.js', 'function f(a) { return "x" + a }', '"x"', '"the expected text"', 'answer of the test'],
    ['a.js', 'function f(a) { return 40 + a }', '40', '4711', 'answer of the test'],
    ['a.js', 'function f(a) { return a > 4710 }', '4710', '4711', undefined],
    ['a.js', 'function f(a) { try { g(a) } catch (e) { h(e) } }', 'h(e)', '', 'empty handler'],
    ['a.py', 'def f(a):\n    try:\n        g(a)\n    except E as e:\n        h(e)\n', 'h(e)', 'pass', 'empty handler'],
    ['a.ts', 'class A { f(a: number) { return a - 1 } g() { return super.g() } }', 'a - 1', 'a + 1', undefined],
    ['a.py', 'class A:\n    def f(self, a):\n        return a - 1\n', 'a - 1', 'a + 1', undefined],
  ])('%s %j: %j → %j', (path, text, from, to, refusal) => {
    const site = openSite(syntax, path, text, { kind: 'value', subject: undefined })
    if (site === undefined) throw new Error('no grammar')
    expect(new Screen(syntax, new Set(['the expected text', '4711'])).refuse(fix(path, text, from, to), site)).toBe(refusal)
  })

  test('the second of two that say the same', () => {
    const text = 'function f(a, b) { return a < b }'
    const site = openSite(syntax, 'a.js', text, { kind: 'value', subject: undefined })
    if (site === undefined) throw new Error('no grammar')
    const screen = new Screen(syntax, new Set())
    expect(screen.refuse(fix('a.js', text, 'a < b', 'a <= b'), site)).toBeUndefined()
    expect(screen.refuse(fix('a.js', text, '<', '<='), site)).toBe('same as another')
  })
})

test('only a small piece around an edit is parsed again, and it parses by itself', () => {
  const method = (n: number) => `  m${n}(a) {\n    if (a) {\n      return a - ${n}\n    }\n  }\n`
  const text = `class Big {\n${Array.from({ length: 400 }, (_, n) => method(n)).join('')}}\n`
  const site = openSite(syntax, 'a.js', text, { kind: 'value', subject: undefined })
  if (site === undefined) throw new Error('no grammar')
  const start = text.indexOf('a - 77')
  const window = windowOf({ start, end: start + 'a - 77'.length, text: 'a + 77' }, site)
  expect(window.after).toBe('class _ {\nm77(a) {\n    if (a) {\n      return a + 77\n    }\n  }\n}')
  expect(window.after.slice(start + window.shift, start + window.shift + 6)).toBe('a + 77')
})

test('the answers are the literals of the failing tests and of their message', () => {
  const reproduction = {
    source: 'named-test' as const,
    tests: [{ id: 'x', file: 'a.test.js', path: ['x'] }],
    files: [{ path: 'a.test.js', content: 'expect(f(17)).toBe("seventeen")' }],
    failure: { message: "expected 'eighteen' to be", stack: '' },
    oracle: 'specified' as const,
    because: [],
    probes: [],
  }
  const none = { commit: '', tree: '', list: () => [], read: () => undefined, text: () => undefined }
  expect([...answersOf(reproduction, none)].sort()).toEqual(['17', 'eighteen', 'seventeen'])
})

describe('ranking', () => {
  const text = 'a.b'
  const plain = fix('a.js', text, 'a', 'c', { family: 'variable', likely: 0.5 })
  const symptom = fix('a.js', text, 'a', 'a?', { family: 'guard', symptomOnly: true, priority: 1 })
  const large = fix('a.js', text, 'a.b', 'a + b + c + d + e + f', { family: 'arith', likely: 0.5 })
  test('a root cause before a guard, a small edit before a large one', () => {
    expect(rank([symptom, large, plain], 'specified')).toEqual([plain, large, symptom])
  })
  test('where only the crash is known, what changes nothing else comes first', () => {
    expect(rank([plain, symptom], 'no-crash')).toEqual([symptom, plain])
  })
  test('after a crash: a default in place, then a round left out, then a made-up answer', () => {
    const skip = fix('a.js', text, 'a', 'if (!a) continue', { family: 'early-exit', operation: 'skip', likely: 2 })
    const leave = fix('a.js', text, 'a', 'if (!a) return 0', { family: 'early-exit', operation: 'early return', likely: 2 })
    expect(rank([leave, skip, plain, symptom], 'no-crash')).toEqual([symptom, skip, leave, plain])
  })
  test('several of one kind on one line wait for the others', () => {
    const again = { ...plain, text: 'd' }
    expect(diverse([plain, again, large], 2)).toEqual([plain, large])
  })
  test('a bound moved by one is the same as a comparison changed', () => {
    const flip = fix('a.js', 'a <= b', '<=', '<', { family: 'comparison' })
    const moved = fix('a.js', 'a <= b', 'b', 'b - 1', { family: 'boundary' })
    expect(diverse([flip, moved, plain], 4)).toEqual([flip, plain])
    expect(diverse([moved, plain], 4)).toEqual([moved, plain])
  })
})
