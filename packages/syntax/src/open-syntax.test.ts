import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { beforeAll, describe, expect, test } from 'vitest'
import { openSyntax, type Reach, type Syntax } from './index.ts'

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

describe('languages and errors', () => {
  test.each([
    ['a.js', 'javascript'],
    ['a.mjs', 'javascript'],
    ['b/a.test.ts', 'typescript'],
    ['a.tsx', 'tsx'],
    ['a.py', 'python'],
    ['a.go', undefined],
    ['Makefile', undefined],
  ])('%s is %s', (path, language) => expect(syntax.languageOf(path)).toBe(language))

  test.each([
    ['a.js', 'const a = 1\n', undefined],
    ['a.js', 'const a = (1\n', '1:1 unexpected `const a = (1`'],
    ['a.ts', 'let a: number = 1 +\nlet b = 2', '2:5 unexpected `b`'],
    ['a.py', 'def f(:\n  pass\n', '1:7 missing `)`'],
    ['a.tsx', 'const a = <A b={c}>x</A>', undefined],
    ['a.go', 'not a language we know ((((', undefined],
  ])('%s %j', (path, text, error) => expect(syntax.error(path, text)).toBe(error))

  test('what cannot be checked is refused, and spoils nothing that follows', () => {
    expect(syntax.error('a.js', `x = ${'['.repeat(200_000)}`)).toMatch(/unexpected/)
    expect(syntax.error('a.js', `x = ${'['.repeat(20_000)}${']'.repeat(20_000)}`)).toMatch(/too deeply nested/)
    expect(syntax.error('a.js', `// ${'x'.repeat(1_000_001)}`)).toMatch(/too large/)
    expect(syntax.functions('a.js', '['.repeat(200_000))).toEqual([])
    expect(syntax.error('a.js', 'a\0b')).toMatch(/unexpected/)
    expect(syntax.error('a.js', '"\ud800"')).toBeUndefined()
    expect(syntax.error('a.js', 'f()')).toBeUndefined()
  })

  test('offsets are UTF-16 indices', () => {
    const text = 'const 名 = "😀"; f(名)'
    const [call] = syntax.calls('a.js', text)
    expect(text.slice(call?.start, call?.end)).toBe('f(名)')
  })
})

const reached = (reach: Reach): string =>
  reach.owner === undefined
    ? `${reach.kind} ${reach.name}`
    : `${reach.owner.static ? 'static ' : ''}${reach.name} of ${reach.owner.kind} (${reached(reach.owner.reach)})`
const table = (path: string, text: string) =>
  syntax
    .functions(path, text)
    .map(
      (f) =>
        `${f.async ? 'async ' : ''}${f.kind}${f.generator ? '*' : ''} ${f.qualified}(${f.params.map((p) => `${p.rest ? '...' : ''}${p.name ?? `{${p.names}}`}${p.optional ? '?' : ''}${p.keywordOnly ? '!' : ''}`)}) ${f.lines.join('-')} ${reached(f.exported)}`,
    )

describe('functions', () => {
  test('CommonJS', () => {
    expect(
      table(
        'a.js',
        `
function a(x, { y, z: w = 1 }, ...rest) {}
const b = async (x = 2) => x
class C { constructor(q) {} static of() {} next() {} get size() { return 1 } #hidden() {} }
const inner = { deep(x) {} }
function lost() { return (q) => q }
C.prototype.late = function (n) {}
module.exports = { a, renamed: b, C, direct(x) {}, arrow: x => x, inner }
`,
      ),
    ).toMatchInlineSnapshot(`
      [
        "function a(x,{y,w},...rest) 2-2 exports a",
        "async arrow b(x?) 3-3 exports renamed",
        "constructor C.constructor(q) 4-4 constructor of class (exports C)",
        "method C.of() 4-4 static of of class (exports C)",
        "method C.next() 4-4 next of class (exports C)",
        "getter C.size() 4-4 size of class (exports C)",
        "method C.#hidden() 4-4 none #hidden",
        "method inner.deep(x) 5-5 static deep of object (exports inner)",
        "function lost() 6-6 none lost",
        "arrow lost.(anonymous)(q) 6-6 none ",
        "function C.late(n) 7-7 late of class (exports C)",
        "method direct(x) 8-8 exports direct",
        "arrow arrow(x) 8-8 exports arrow",
      ]
    `)
  })
  test('other CommonJS shapes', () => {
    expect(
      table(
        'a.js',
        `
var app = exports = module.exports = {}
app.use = function use(fn) {}
exports.set = (k) => k
exports.named = helper
function helper() {}
function* gen() {}
`,
      ),
    ).toMatchInlineSnapshot(`
      [
        "function app.use(fn) 3-3 exports use",
        "arrow set(k) 4-4 exports set",
        "function helper() 6-6 exports named",
        "function* gen() 7-7 none gen",
      ]
    `)
    expect(table('b.js', 'module.exports = function parse(text) {}\nmodule.exports.strict = x => x')).toMatchInlineSnapshot(`
      [
        "function parse(text) 1-1 module.exports module.exports",
        "arrow strict(x) 2-2 exports strict",
      ]
    `)
    expect(table('c.js', 'function parse(text) {}\nparse.lax = function () {}\nmodule.exports = parse')).toMatchInlineSnapshot(`
      [
        "function parse(text) 1-1 module.exports module.exports",
        "function parse.lax() 2-2 static lax of object (module.exports module.exports)",
      ]
    `)
  })
  test('ES modules and TypeScript', () => {
    expect(
      table(
        'a.ts',
        `
export function a<T>(this: X, x: T, y?: number, z = 1): T { return x }
export const b = (x: string) => x, c = function () {}
export default class Pager<T> { constructor(private items: T[]) {} async *next(): T {} label = (x: T) => x; static of() {} }
function d() {}
const e = (f => f) as Fn
export { d as dee, e as default }
function overloaded(a: string): void
function overloaded(a: any) {}
`,
      ),
    ).toMatchInlineSnapshot(`
      [
        "function a(x,y?,z?) 2-2 named a",
        "arrow b(x) 3-3 named b",
        "function c() 3-3 named c",
        "constructor Pager.constructor(items) 4-4 constructor of class (default default)",
        "async method* Pager.next() 4-4 next of class (default default)",
        "arrow Pager.label(x) 4-4 label of class (default default)",
        "method Pager.of() 4-4 static of of class (default default)",
        "function d() 5-5 named dee",
        "arrow e(f) 6-6 default default",
        "function overloaded(a) 9-9 none overloaded",
      ]
    `)
    expect(table('b.ts', 'export default (x) => x')).toMatchInlineSnapshot(`
      [
        "arrow (anonymous)(x) 1-1 default default",
      ]
    `)
  })
  test('Python', () => {
    expect(
      table(
        'a.py',
        `
def a(x, /, y=1, *args, z: int, k=2, **kw): pass
class C:
    def __init__(self): pass
    @property
    def size(self): return 1
    @staticmethod
    def of(x): pass
    async def run(self, *, force: bool = False):
        def inner(q): yield q
square = lambda n: n * n
if True:
    def later(): pass
`,
      ),
    ).toMatchInlineSnapshot(`
      [
        "function a(x,y?,...args,z!,k?!,...kw!) 2-2 named a",
        "constructor C.__init__(self) 4-4 __init__ of class (named C)",
        "getter C.size(self) 6-6 size of class (named C)",
        "method C.of(x) 8-8 static of of class (named C)",
        "async method C.run(self,force?!) 9-10 run of class (named C)",
        "function* C.run.inner(q) 10-10 none inner",
        "lambda square(n) 11-11 named square",
        "function later() 13-13 named later",
      ]
    `)
  })
  test('enclosing', () => {
    const text = 'export const total = (xs) => {\n  return xs.map((x) => x.price)\n}\nconst z = 1\n'
    expect(syntax.enclosing('a.js', text, { line: 2 })?.name).toBe('total')
    expect(syntax.enclosing('a.js', text, { line: 1 })?.name).toBe('total')
    expect(syntax.enclosing('a.js', text, { offset: text.indexOf('x.price') })?.qualified).toBe('total.(anonymous)')
    expect(syntax.enclosing('a.js', text, { line: 4 })).toBeUndefined()
    expect(syntax.enclosing('a.js', text, { line: 400 })).toBeUndefined()
  })
  test('bodies', () => {
    const text = 'function f(a) { return a }\nconst g = (a) => a + 1'
    expect(syntax.functions('a.js', text).map((f) => [text.slice(f.bodyStart, f.bodyEnd), f.expressionBody])).toEqual([
      [' return a ', false],
      ['a + 1', true],
    ])
  })
})

const names = (path: string, marked: string) => {
  const offset = marked.indexOf('§')
  return syntax.scope(path, marked.replace('§', ''), offset).map((b) => `${b.name}:${b.kind}`)
}
describe('scope', () => {
  test.each([
    [
      'params, nearest first',
      'a.js',
      'const k = 1\nfunction f(a, { b: [c] }, ...d) { const e = a; § ; const later = 1 }',
      ['e:const', 'd:param', 'c:param', 'a:param', 'f:function', 'k:const'],
    ],
    ['an own initialiser is out, outer later ones are in', 'a.js', 'function f() { const x = § 1 }\nconst y = 2', ['y:const', 'f:function']],
    ['hoisted var, loop and catch', 'a.js', 'for (const i of xs) { try { if (a) { var v = 1 } } catch (err) { § } }', ['err:catch', 'i:const']],
    [
      'imports',
      'a.ts',
      'import a, { b as c, type D } from "x"\nimport * as n from "n"\nimport type T from "t"\nconst { q } = require("r")\n§ x',
      ['q:import', 'n:import', 'c:import', 'a:import'],
    ],
    ['arrow parameters', 'a.ts', 'const f = (x: number) => xs.map(y => § y)', ['y:param', 'x:param', 'f:const']],
    [
      'python',
      'a.py',
      'import os.path, a.b as c\nfrom m import n as o, p\ndef f(x, *args, y=1, **kw):\n    for i, (j, k) in x:\n        with open(i) as g:\n            t = [q for q in §x]\n    late = 1\nafter = 2\n',
      [
        'q:let',
        'g:let',
        'k:let',
        'j:let',
        'i:let',
        'kw:param',
        'y:param',
        'args:param',
        'x:param',
        'after:let',
        'f:function',
        'p:import',
        'o:import',
        'c:import',
        'os:import',
      ],
    ],
    ['python class bodies are not seen by methods', 'a.py', 'class A:\n    limit = 1\n    def m(self):\n        return §self\n', ['self:param', 'A:class']],
  ])('%s', (_, path, text, expected) => expect(names(path, text)).toEqual(expected))
})

test('calls', () => {
  expect(syntax.calls('a.js', 'await a.b(c, d => e(d)); new Foo(1); f()()').map((c) => [c.receiver, c.name, c.arguments.length, c.isNew, c.awaited])).toEqual([
    ['a', 'b', 2, false, true],
    [undefined, 'e', 1, false, false],
    [undefined, 'Foo', 1, true, false],
    [undefined, '', 0, false, false],
    [undefined, 'f', 0, false, false],
  ])
  expect(syntax.calls('a.py', 'os.path.join(a, sep=b)').map((c) => [c.receiver, c.name, c.arguments.length])).toEqual([['os.path', 'join', 2]])
  expect(syntax.calls('a.js', 'a(); b(); c()', { start: 4, end: 9 }).map((c) => c.name)).toEqual(['b'])
})

test('imports', () => {
  const all = (path: string, text: string) => syntax.imports(path, text).map((i) => `${i.typeOnly ? 'type ' : ''}${i.exported} as ${i.local} from ${i.from}`)
  expect(
    all('a.ts', 'import a, { b as c, type d } from "x"; import * as e from \'./y.js\'; import "z"; const { f, g: h } = require("r"), k = require("s")'),
  ).toEqual(['default as a from x', 'b as c from x', 'type d as d from x', '* as e from ./y.js', 'f as f from r', 'g as h from r', '* as k from s'])
  expect(all('a.py', 'import os, a.b as c\nfrom .x import y as z, w\nfrom . import q\n')).toEqual([
    '* as os from os',
    '* as c from a.b',
    'y as z from .x',
    'w as w from .x',
    'q as q from .',
  ])
})

test('tokens tell what differs and nothing else', () => {
  const same = (path: string, a: string, b: string) => syntax.tokens(path, a).join('\0') === syntax.tokens(path, b).join('\0')
  expect(same('a.js', "f( 'a' ); // c", 'f("a")')).toBe(true)
  expect(same('a.js', 'return ((a))', 'return a')).toBe(true)
  expect(same('a.js', '(a + b) * c', 'a + b * c')).toBe(false)
  expect(same('a.js', "'a\"'", '"a\'"')).toBe(false)
  expect(same('a.py', 'if a:\n  b()\n  c()\n', 'if a:\n  b()\nc()\n')).toBe(false)
})

test('walk shows nodes with their role and can skip', () => {
  const seen: string[] = []
  syntax.walk('a.js', 'function f() { a }\nb', (node) => {
    if (node.named) seen.push(`${node.field ?? '-'} ${node.type}`)
    return node.type !== 'statement_block'
  })
  expect(seen).toEqual([
    '- program',
    '- function_declaration',
    'name identifier',
    'parameters formal_parameters',
    'body statement_block',
    '- expression_statement',
    '- identifier',
  ])
})
