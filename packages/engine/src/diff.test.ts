import { MemorySnapshot } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { applyDiff, changedLines, hunksOf, patchFrom, withoutHunk } from './diff.ts'

const text = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join('')
const source = new MemorySnapshot({ 'src/a.js': text, 'src/b c.js': 'one\ntwo', 'gone.js': 'x\n' })

describe('a patch', () => {
  it('and its diff say the same', () => {
    const edits = [
      { path: 'src/b c.js', content: 'one\n2' },
      { path: 'src/a.js', content: text.replace('line 3\n', 'line three\n').replace('line 18\n', '') },
      { path: 'new.js', content: 'fresh\n' },
      { path: 'gone.js', content: null },
    ]
    const patch = patchFrom(source, edits)
    expect(applyDiff(source, patch.diff)).toEqual({ edits: patch.edits })
    expect(patch.edits.map((edit) => edit.path)).toEqual(['gone.js', 'new.js', 'src/a.js', 'src/b c.js'])
    expect(changedLines(patch.diff)).toBe(7)
  })

  it('is empty when nothing changed', () => {
    expect(patchFrom(source, [{ path: 'src/a.js', content: text }])).toMatchObject({ diff: '', edits: [] })
  })

  it('has a git-style diff', () => {
    expect(patchFrom(source, [{ path: 'gone.js', content: 'y\n' }]).diff).toMatchInlineSnapshot(`
      "diff --git a/gone.js b/gone.js
      --- a/gone.js
      +++ b/gone.js
      @@ -1,1 +1,1 @@
      -x
      +y
      "
    `)
  })
})

describe('a diff is refused', () => {
  it.each([
    ['when it is none', 'hello'],
    ['when a hunk does not fit', '--- a/gone.js\n+++ b/gone.js\n@@ -1,1 +1,1 @@\n-other\n+y\n'],
    ['outside the repository', '--- /dev/null\n+++ b/../x\n@@ -0,0 +1,1 @@\n+y\n'],
    ['inside .git', '--- /dev/null\n+++ b/.git/hooks/pre-commit\n@@ -0,0 +1,1 @@\n+y\n'],
    ['for a file that is not there', '--- a/none.js\n+++ b/none.js\n@@ -1,1 +1,1 @@\n-x\n+y\n'],
    ['for a new file that is there', '--- /dev/null\n+++ b/gone.js\n@@ -0,0 +1,1 @@\n+y\n'],
    ['when it renames', '--- a/gone.js\n+++ b/other.js\n@@ -1,1 +1,1 @@\n-x\n+y\n'],
  ])('%s', (_name, diff) => {
    expect(applyDiff(source, diff)).toHaveProperty('problem')
  })
})

describe('hunks', () => {
  const edits = [{ path: 'src/a.js', content: text.replace('line 3\n', 'line three\n').replace('line 5\n', 'line five\n') }]
  it('are as tight as can be', () => {
    expect(hunksOf(source, edits)).toEqual([
      { path: 'src/a.js', index: 0, line: 3 },
      { path: 'src/a.js', index: 1, line: 5 },
    ])
  })
  it('can be dropped one by one', () => {
    const [first, second] = hunksOf(source, edits)
    expect(withoutHunk(source, edits, first!)[0]?.content).toBe(text.replace('line 5\n', 'line five\n'))
    expect(withoutHunk(source, edits, second!)[0]?.content).toBe(text.replace('line 3\n', 'line three\n'))
  })
})
