import { ScriptWorld } from '@fixpoint/testkit'
import { describe, expect, test } from 'vitest'
import { hunksBetween, normalDiff, withHunks } from './line-hunks.ts'
import { onlyGuards } from './symptom.ts'
import { tidied } from './tidy.ts'

const world = new ScriptWorld({ main: '', tests: {}, failing: [] })
const BASE = `${Array.from({ length: 12 }, (_, line) => `const a${line} = ${line}`).join('\n')}\n`
const changed = (...changes: readonly (readonly [string, string])[]) => changes.reduce((text, [from, to]) => text.replace(from, to), BASE)
const FIX = ['const a5 = 5', 'const a5 = 50'] as const

describe('what does not belong to a repair is dropped', () => {
  test.each<[string, string, string]>([
    ['nothing', changed(FIX), changed(FIX)],
    ['white space elsewhere', changed(FIX, ['const a0 = 0', 'const  a0  =  0']), changed(FIX)],
    ['blank lines elsewhere', changed(FIX, ['const a0 = 0', '\n\nconst a0 = 0']), changed(FIX)],
    ['a comment far away', changed(FIX, ['const a11 = 11', '// eleven\nconst a11 = 11']), changed(FIX)],
    ['a print', changed(['const a5 = 5', "const a5 = 50\nconsole.log('here', a5);"]), changed(FIX)],
    ['a debugger statement', changed(FIX, ['const a9 = 9', 'const a9 = 9\ndebugger']), changed(FIX)],
    ['all of it', changed(['const a0 = 0', 'const a0  = 0 // nought']), BASE],
  ])('%s', (_, after, clean) => {
    expect(tidied('a.js', BASE, after, world)).toBe(clean)
  })

  test('a comment beside the change explains it and stays', () => {
    const after = changed(['const a5 = 5', '// ten times as many\nconst a5 = 50'])
    expect(tidied('a.js', BASE, after, world)).toBe(after)
    const above = changed(FIX, ['const a3 = 3', '// see below\nconst a3 = 3'])
    expect(tidied('a.js', BASE, above, world)).toBe(above)
  })

  test('a print that was there before may change', () => {
    const before = "console.log('a')\n"
    expect(tidied('a.js', before, "console.log('b')\n", world)).toBe("console.log('b')\n")
  })

  test('a print that is all of a block stays, or nothing would parse', () => {
    const before = 'const a = 1\n'
    const after = 'const a = 2\nfor (const b of [a])\n  console.log(b)\n'
    expect(tidied('a.js', before, after, world)).toBe(after)
  })
})

describe('hunks', () => {
  test.each([
    ['', 'a\n'],
    ['a\n', ''],
    ['a', 'a\n'],
    ['a\nb\nc\n', 'a\nc\n'],
    ['a\nb\nc\n', 'x\na\nb\ny\nz\n'],
    ['a\r\nb\r\n', 'a\r\nc\r\n'],
  ])('%j → %j and back', (before, after) => {
    expect(withHunks(before, hunksBetween(before, after))).toBe(after)
    expect(withHunks(after, hunksBetween(after, before))).toBe(before)
  })

  test('two diffs that say the same have one normal form', () => {
    const one = 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n-b\n+  c  d\n'
    const other = '--- a/x\n+++ b/x\n@@ -2,1 +2,1 @@\n-b\n+c d\n'
    expect(normalDiff(one)).toBe(normalDiff(other))
    expect(normalDiff(one)).not.toBe(normalDiff(other.replace('c d', 'c e')))
    expect(normalDiff(one)).not.toBe(normalDiff(other.replace('+++ b/x', '+++ b/y')))
  })
})

test.each<[boolean, string, string]>([
  [true, 'return a.b.c', 'return a?.b?.c'],
  [true, 'return a.b', 'return a.b ?? 0'],
  [true, 'const x = list.length', 'const x = (list || []).length'],
  [true, 'use(a)', 'if (!a) return\nuse(a)'],
  [true, 'use(a)', 'if (a === undefined) {\n  return null\n}\nuse(a)'],
  [true, 'use(a)', 'try {\nuse(a)\n} catch (error) {\n  return\n}'],
  [true, 'use(a)', 'if a is None:\n    return None\nuse(a)'],
  [true, "x = d['k']", "x = d.get('k', 0)"],
  [false, 'return a + 1', 'return a - 1'],
  [false, 'if (a > 1) use(a)', 'if (a >= 1) use(a)'],
  [false, 'const sum = a', 'const sum = a\nconst rest = b\nif (!rest) return'],
  [false, 'use(a)', 'if (!a) return\nuse(b)'],
  [false, 'a()', ''],
])('only a guard: %s: %j → %j', (guard, before, after) => {
  const source = new ScriptWorld({ main: `f()\n${before}\ng()\n`, tests: {}, failing: [] }).source
  expect(onlyGuards(source, [{ path: 'src/main.js', content: `f()\n${after}\ng()\n` }])).toBe(guard)
})
