import { expect, it } from 'vitest'
import { changedFiles, pieces } from './changed-files.ts'

const PATCH = `diff --git a/src/tab.ts b/src/tab.ts
--- a/src/tab.ts
+++ b/src/tab.ts
@@ -3,3 +3,4 @@
 one
-two
+two!
+three
 four
\\ No newline at end of file
diff --git a/test/tab.test.ts b/test/tab.test.ts
new file mode 100644
--- /dev/null
+++ b/test/tab.test.ts
@@ -0,0 +1,1 @@
+new
diff --git a/old name.ts b/new name.ts
similarity index 90%
rename from old name.ts
rename to new name.ts
--- a/old name.ts
+++ b/new name.ts
@@ -1,1 +1,1 @@
-a
+b
diff --git a/gone.ts b/gone.ts
deleted file mode 100644
--- a/gone.ts
+++ /dev/null
@@ -1,1 +0,0 @@
-x
`

it('the files of a patch, with what happened to each', () => {
  expect(changedFiles(PATCH).map(({ hunks, ...file }) => file)).toEqual([
    { path: 'src/tab.ts', oldPath: undefined, kind: 'changed', added: 2, removed: 1 },
    { path: 'test/tab.test.ts', oldPath: undefined, kind: 'added', added: 1, removed: 0 },
    { path: 'new name.ts', oldPath: 'old name.ts', kind: 'renamed', added: 1, removed: 1 },
    { path: 'gone.ts', oldPath: undefined, kind: 'deleted', added: 0, removed: 1 },
  ])
})

it('lines have their numbers on both sides', () => {
  const [file] = changedFiles(PATCH)
  expect(file?.hunks[0]?.changes).toEqual([
    { type: 'normal', isNormal: true, content: 'one', oldLineNumber: 3, newLineNumber: 3 },
    { type: 'delete', isDelete: true, content: 'two', lineNumber: 4 },
    { type: 'insert', isInsert: true, content: 'two!', lineNumber: 4 },
    { type: 'insert', isInsert: true, content: 'three', lineNumber: 5 },
    { type: 'normal', isNormal: true, content: 'four', oldLineNumber: 5, newLineNumber: 6 },
  ])
})

it('a long hunk is drawn in pieces that lose no line', () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `+line ${index}`).join('\n')
  const [file] = changedFiles(`--- /dev/null\n+++ b/long.ts\n@@ -0,0 +1,1000 @@\n${lines}\n`)
  const parts = file?.hunks.flatMap(pieces) ?? []
  expect(parts).toHaveLength(20)
  expect(parts.flatMap(({ changes }) => changes)).toEqual(file?.hunks[0]?.changes)
})
