import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { openSyntax, type Syntax } from '@fixpoint/syntax'
import { beforeAll, describe, expect, test } from 'vitest'
import { catalogue } from './catalogue.ts'
import { enumerateFixes } from './enumerate.ts'
import type { FaultKind } from './fault.ts'
import { applied } from './fix.ts'
import { openSite } from './site.ts'

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

/** Every file that a family makes of a text when all of its lines are suspected. */
function made(family: string, path: string, text: string, fault: { kind: FaultKind; subject?: string }): string[] {
  const site = openSite(syntax, path, text, { kind: fault.kind, subject: fault.subject })
  if (site === undefined) throw new Error(`no grammar for ${path}`)
  const lines = new Map(text.split('\n').map((_, index) => [index + 1, 1]))
  return enumerateFixes(
    site,
    lines,
    catalogue.filter((each) => each.name === family),
  ).map((fix) => applied(text, fix))
}

const value = { kind: 'value' } as const
const nothing = { kind: 'null' } as const
const key = { kind: 'missing-key' } as const

describe.each<[string, string, string, { kind: FaultKind; subject?: string }, string]>([
  // family, file, before, fault, one of the texts that must be among the candidates
  ['comparison', 'a.js', 'for (let i = 0; i < n; i++) f(i)', value, 'for (let i = 0; i <= n; i++) f(i)'],
  ['comparison', 'a.ts', 'const ok = (a: string) => a === "x"', value, 'const ok = (a: string) => a !== "x"'],
  ['comparison', 'a.ts', 'if (a == b) f()', value, 'if (a === b) f()'],
  ['comparison', 'a.js', 'if (xs.length === 0) f()', value, 'if (xs.length <= 1) f()'],
  ['comparison', 'a.py', 'if a is "x":\n    f()\n', value, 'if a == "x":\n    f()\n'],
  ['comparison', 'a.py', 'if a not in b:\n    f()\n', value, 'if a in b:\n    f()\n'],
  ['comparison', 'a.py', 'if len(a) == 0:\n    f()\n', value, 'if len(a) <= 1:\n    f()\n'],
  ['boundary', 'a.js', 'return_(xs[i])', value, 'return_(xs[i - 1])'],
  ['boundary', 'a.js', 'const last = xs[xs.length]', value, 'const last = xs[xs.length - 1]'],
  ['boundary', 'a.ts', 'const page = items.slice(start, start + size - 1)', value, 'const page = items.slice(start, start + size)'],
  ['boundary', 'a.js', 'for (let i = 1; i < n; i++) f(i)', value, 'for (let i = 0; i < n; i++) f(i)'],
  ['boundary', 'a.py', 'for i in range(len(xs)):\n    pass\n', value, 'for i in range(len(xs) - 1):\n    pass\n'],
  ['boundary', 'a.py', 'y = xs[a:b]\n', value, 'y = xs[a:b + 1]\n'],
  ['boundary', 'a.py', 'def f(n):\n    return n + 1\n', value, 'def f(n):\n    return n\n'],
  ['operator', 'a.js', 'const t = price + tax', value, 'const t = price - tax'],
  ['operator', 'a.ts', 'if (a && b) f()', value, 'if (a || b) f()'],
  ['operator', 'a.js', 'const v = options.x || 5', value, 'const v = options.x ?? 5'],
  ['operator', 'a.js', 'total -= x', value, 'total += x'],
  ['operator', 'a.js', 'const m = low + high / 2', value, 'const m = (low + high) / 2'],
  ['operator', 'a.py', 'x = a / b\n', value, 'x = a // b\n'],
  ['operator', 'a.py', 'x = a and b\n', value, 'x = a or b\n'],
  ['operator', 'a.py', 'x = a - b\n', value, 'x = b - a\n'],
  ['negation', 'a.js', 'if (!ready) f()', value, 'if (ready) f()'],
  ['negation', 'a.ts', 'if (ready && on) f()', value, 'if (!ready && on) f()'],
  ['negation', 'a.py', 'if ready:\n    f()\n', value, 'if not ready:\n    f()\n'],
  ['variable', 'a.js', 'function f(width, height) { return width * width }', value, 'function f(width, height) { return width * height }'],
  ['variable', 'a.ts', 'function f(item: T, items: T[]) { return items.price }', nothing, 'function f(item: T, items: T[]) { return item.price }'],
  ['variable', 'a.py', 'def f(user_id, order_id):\n    return g(user_id)\n', value, 'def f(user_id, order_id):\n    return g(order_id)\n'],
  ['property', 'a.js', 'f(a.total); f(a.totl)', nothing, 'f(a.total); f(a.total)'],
  ['property', 'a.py', 'x = a.first\ny = a.last\n', value, 'x = a.last\ny = a.last\n'],
  ['guard', 'a.js', 'const n = user.name', nothing, 'const n = user?.name'],
  ['guard', 'a.js', 'const n = rows[i].cells[0]', nothing, 'const n = rows[i].cells?.[0]'],
  ['guard', 'a.ts', 'if (user.active) f()', nothing, 'if (user && user.active) f()'],
  ['guard', 'a.js', 'for (const x of a.items) f(x)', nothing, 'for (const x of a.items ?? []) f(x)'],
  ['guard', 'a.js', 'const n = a.items.map(f)', nothing, 'const n = (a.items ?? []).map(f)'],
  ['guard', 'a.py', 'n = user.name\n', nothing, 'n = user.name if user is not None else None\n'],
  ['guard', 'a.py', 'for x in xs:\n    pass\n', nothing, 'for x in xs or []:\n    pass\n'],
  ['fallback', 'a.js', 'const n = a.b', nothing, 'const n = a.b ?? {}'],
  ['fallback', 'a.js', 'function f(options) { return options.x }', nothing, 'function f(options = {}) { return options.x }'],
  ['fallback', 'a.ts', 'function f({ a, b }: O) { return a.x }', nothing, 'function f({ a, b }: O = {}) { return a.x }'],
  [
    'fallback',
    'a.ts',
    'function f(a = "", { b, c = 1, d }) { if (b) return a; return d + (b ? c : 0) }',
    nothing,
    'function f(a = "", { b, c = 1, d }: { b?: boolean; c?: number; d?: any } = {}) { if (b) return a; return d + (b ? c : 0) }',
  ],
  ['fallback', 'a.py', 'x = d["k"]\n', key, 'x = d.get("k", 0)\n'],
  ['fallback', 'a.py', 'd[k] += 1\n', key, 'd[k] = d.get(k, 0) + 1\n'],
  ['fallback', 'a.py', 'x = d.get(k)\n', nothing, 'x = d.get(k, [])\n'],
  ['early-exit', 'a.js', 'function f(a) {\n  g(a.b)\n}', nothing, 'function f(a) {\n  if (a == null) return\n  g(a.b)\n}'],
  [
    'early-exit',
    'a.js',
    'function f(xs) {\n  for (const x of xs) {\n    g(x.b)\n  }\n}',
    nothing,
    'function f(xs) {\n  for (const x of xs) {\n    if (x == null) continue\n    g(x.b)\n  }\n}',
  ],
  [
    'early-exit',
    'a.ts',
    'function f(a: A) {\n  g(a.b);\n  return a.list.map(g);\n}',
    nothing,
    'function f(a: A) {\n  if (a == null) return [];\n  g(a.b);\n  return a.list.map(g);\n}',
  ],
  ['early-exit', 'a.py', 'def f(xs):\n    return sum(xs) / len(xs)\n', value, 'def f(xs):\n    if not xs:\n        return 0\n    return sum(xs) / len(xs)\n'],
  [
    'missing-await',
    'a.js',
    'async function f() { const r = load(); return r.x }',
    { kind: 'promise' },
    'async function f() { const r = await load(); return r.x }',
  ],
  ['missing-await', 'a.ts', 'async function f() { return load().x }', { kind: 'promise' }, 'async function f() { return (await load()).x }'],
  [
    'missing-await',
    'a.js',
    'async function f(xs) {\n  xs.forEach(async (x) => { await g(x) })\n}',
    { kind: 'promise' },
    'async function f(xs) {\n  for (const x of xs) { await g(x) }\n}',
  ],
  ['missing-await', 'a.py', 'async def f():\n    r = load()\n    return r\n', { kind: 'promise' }, 'async def f():\n    r = await load()\n    return r\n'],
  ['missing-return', 'a.js', 'const f = (a) => { a.b() }', nothing, 'const f = (a) => { return a.b() }'],
  [
    'missing-return',
    'a.js',
    'function f(xs) {\n  const result = []\n  for (const x of xs) result.push(x)\n}',
    nothing,
    'function f(xs) {\n  const result = []\n  for (const x of xs) result.push(x)\n  return result\n}',
  ],
  [
    'missing-return',
    'a.py',
    'def f(xs):\n    total = 0\n    for x in xs:\n        total += x\n',
    nothing,
    'def f(xs):\n    total = 0\n    for x in xs:\n        total += x\n    return total\n',
  ],
  [
    'return-in-loop',
    'a.py',
    'def f(xs):\n    for x in xs:\n        g(x)\n        return x\n',
    value,
    'def f(xs):\n    for x in xs:\n        g(x)\n    return x\n',
  ],
  ['literal', 'a.js', 'const limit = 10', value, 'const limit = 9'],
  ['literal', 'a.js', 'let found = true', value, 'let found = false'],
  ['literal', 'a.py', 'best = 0\n', value, 'best = float("-inf")\n'],
  ['confusable-api', 'a.js', 'xs.some(f)', value, 'xs.every(f)'],
  ['confusable-api', 'a.ts', 'Math.min(a, b)', value, 'Math.max(a, b)'],
  ['confusable-api', 'a.py', 'xs.append(ys)\n', value, 'xs.extend(ys)\n'],
  ['confusable-api', 'a.py', 'ok = any(xs)\n', value, 'ok = all(xs)\n'],
  ['api-default', 'a.js', 'xs.sort()', value, 'xs.sort((a, b) => a - b)'],
  ['api-default', 'a.js', 'xs.map(parseInt)', value, 'xs.map(Number)'],
  ['api-default', 'a.js', 's.replace(/a/, b)', value, 's.replace(/a/g, b)'],
  ['api-default', 'a.py', 'x = max(xs)\n', value, 'x = max(xs, default=0)\n'],
  ['arguments', 'a.js', 'f(a, b)', value, 'f(b, a)'],
  ['arguments', 'a.py', 'f(a, b, c)\n', value, 'f(a, b)\n'],
  [
    'missing-argument',
    'a.js',
    'function g(a, limit) {}\nfunction f(a, limit) { return g(a) }',
    value,
    'function g(a, limit) {}\nfunction f(a, limit) { return g(a, limit) }',
  ],
  ['condition-drop', 'a.js', 'if (a && b) f()', value, 'if (a) f()'],
  ['condition-drop', 'a.py', 'if a or b:\n    f()\n', value, 'if b:\n    f()\n'],
  ['condition-add', 'a.js', 'function f(a) { if (a.b > 1) g(a) }', nothing, 'function f(a) { if (a && a.b > 1) g(a) }'],
  ['condition-add', 'a.py', 'def f(a):\n    if a.b > 1:\n        g(a)\n', nothing, 'def f(a):\n    if a is not None and a.b > 1:\n        g(a)\n'],
  ['coercion', 'a.js', 'const t = f(req.page)', value, 'const t = f(Number(req.page))'],
  ['coercion', 'a.js', 'if (a.name === b) f()', value, 'if (a.name.toLowerCase() === b) f()'],
  ['coercion', 'a.py', 'x = a + b\n', { kind: 'type' }, 'x = int(a) + b\n'],
  ['unwrap', 'a.js', 'const t = s.trim()', value, 'const t = s'],
  ['copy-first', 'a.js', 'function f(xs) { return xs.sort(g) }', value, 'function f(xs) { return [...xs].sort(g) }'],
  [
    'copy-first',
    'a.py',
    'def f(x, seen=[]):\n    seen.append(x)\n    return seen\n',
    value,
    'def f(x, seen=None):\n    if seen is None:\n        seen = []\n    seen.append(x)\n    return seen\n',
  ],
  ['copy-first', 'a.js', 'const o = Object.assign(defaults, given)', value, 'const o = Object.assign({}, defaults, given)'],
  ['accumulate', 'a.js', 'for (const x of xs) { total = x.price }', value, 'for (const x of xs) { total += x.price }'],
  ['accumulate', 'a.py', 'for x in xs:\n    best = x\n', value, 'for x in xs:\n    best = max(best, x)\n'],
])('%s, %s', (family, path, before, fault, after) => {
  test(JSON.stringify(before), () => expect(made(family, path, before, fault)).toContain(after))
})

test('family names are unique: a certificate names them', () => {
  expect(new Set(catalogue.map((family) => family.name)).size).toBe(catalogue.length)
})

test('only suspected lines are touched, and the likeliest line first', () => {
  const text = 'function f(a, b) {\n  const x = a < b\n  const y = a > b\n  return x && y\n}\n'
  const site = openSite(syntax, 'a.js', text, { kind: 'value', subject: undefined })
  const fixes =
    site === undefined
      ? []
      : enumerateFixes(
          site,
          new Map([
            [2, 0.5],
            [3, 3],
          ]),
        )
  expect(new Set(fixes.map((fix) => fix.line))).toEqual(new Set([2, 3]))
  expect(fixes[0]?.line).toBe(3)
})

test('what is proposed parses: the screen has little to do', () => {
  const text = readFileSync(new URL('./stack-lines.ts', import.meta.url), 'utf8')
  const site = openSite(syntax, 'a.ts', text, { kind: 'null', subject: undefined })
  const lines = new Map(Array.from({ length: 40 }, (_, index) => [index + 12, 1]))
  const fixes = (site === undefined ? [] : enumerateFixes(site, lines)).filter((_, index) => index % 5 === 0)
  const broken = fixes.filter((fix) => syntax.error('a.ts', applied(text, fix)) !== undefined)
  expect(fixes.length).toBeGreaterThan(100)
  expect(broken.map((fix) => `${fix.family} ${fix.operation} ${fix.says}`)).toEqual([])
})

describe('what nobody writes is not proposed', () => {
  test.each<[string, string, string]>([
    ['arguments', 'a.js', 'calls.set(key, recent)'],
    ['arguments', 'a.js', 'text.replace(a, b)'],
    ['property', 'a.js', 'm.get(1); m.has(2); m.delete(3)'],
    ['confusable-api', 'a.js', 'xs.push(a, b)'],
    ['confusable-api', 'a.js', 'xs.forEach(f)'],
  ])('%s', (family, path, before) => {
    expect(made(family, path, before, value).filter((text) => !/^xs\.(unshift|concat)/.test(text))).toEqual([])
  })

  test('a list is not made a number, nor a number trimmed', () => {
    const texts = made('coercion', 'a.js', 'const recent = calls.filter(f)\nconst n = xs.length\nuse(recent, n, n === 5)\n', value)
    expect(texts.filter((text) => /Number\(recent\)|Math\.\w+\(.*recent\)|n\.trim|String\(recent|Math\.\w+\(n ===/.test(text))).toEqual([])
    expect(texts.some((text) => text.includes('use(recent, String(n), n === 5)'))).toBe(true)
  })

  test('an early return answers what the function answers elsewhere', () => {
    const texts = made('early-exit', 'a.js', 'function g(a) {\n  a.b()\n  return a.c + " x"\n}\n', nothing)
    expect(texts.some((text) => /function g\(a\) \{\n {2}if \(a == null\) return ''/.test(text))).toBe(true)
    expect(texts.some((text) => /function g\(a\) \{\n {2}if \(a == null\) return (\[\]|0|false)/.test(text))).toBe(false)
  })
})
