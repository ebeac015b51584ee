import { describe, expect, it } from 'vitest'
import { diffOf, typedInto, withBase } from './edited-files.ts'

const PATCH = `diff --git a/src/size.js b/src/size.js
--- a/src/size.js
+++ b/src/size.js
@@ -1,3 +1,3 @@
 const one = 1
-exports.size = (list) => list.length + one
+exports.size = (list) => list.length
 exports.one = one
`
const BASE = 'const one = 1\nexports.size = (list) => list.length + one\nexports.one = one\n'
const FIXED = 'const one = 1\nexports.size = (list) => list.length\nexports.one = one\n'

describe('an edited patch', () => {
  it('knows the base from the patch and what it leaves, and says the same again when nothing is edited', () => {
    const files = withBase(PATCH, [{ path: 'src/size.js', content: FIXED }])
    expect(files).toEqual([{ path: 'src/size.js', base: BASE, content: FIXED }])
    expect(diffOf(files)).toBe(PATCH)
  })

  it('is against the base, also for new and deleted files, and without a file that is as it was', () => {
    const made = [
      { path: 'new.js', base: null, content: 'one\n' },
      { path: 'old.js', base: 'two\n', content: null },
      { path: 'src/size.js', base: BASE, content: BASE },
    ]
    expect(diffOf(made)).toBe(
      'diff --git a/new.js b/new.js\n--- /dev/null\n+++ b/new.js\n@@ -0,0 +1,1 @@\n+one\ndiff --git a/old.js b/old.js\n--- a/old.js\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-two\n',
    )
    expect(
      withBase(
        diffOf(made),
        [made[0], made[1]].flatMap((file) => file ?? []),
      ),
    ).toEqual(made.slice(0, 2))
  })

  it('keeps the ends of lines of its file', () => {
    expect(typedInto('a\r\nb\r\n', 'a\nc\r\n')).toBe('a\r\nc\r\n')
    expect(typedInto('a\nb\n', 'a\nc\n')).toBe('a\nc\n')
    expect(typedInto(null, 'a\n')).toBe('a\n')
  })
})
