import { expect, test } from 'vitest'
import { failingOutput, kindOfFailure, missesNames } from './failing-output.ts'

const failing = (failure: { errorType?: string; message: string; stack: string }) => [
  { id: 'a.test.js > list > is empty', file: 'a.test.js', path: ['list', 'is empty'], status: 'failed' as const, durationMs: 1, failure },
]

test('a run is told what a failing test prints, and no line of its source', () => {
  const output = failingOutput(
    failing({
      errorType: 'TypeError',
      message: "Cannot read properties of undefined (reading 'name')",
      stack: `TypeError: Cannot read properties of undefined (reading 'name')
      10 | test('is empty', () => {
    > 11 |   expect(last([])).toBe('secret')
         |          ^
    at last (src/last.js:2:30)
    at Object.<anonymous> (a.test.js:11:10)
    at run (node_modules/runner/index.js:1:1)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`,
    }),
  )
  expect(output).toMatchInlineSnapshot(`
    "FAIL list is empty
    TypeError: Cannot read properties of undefined (reading 'name')
        at last (src/last.js:2:30)
        at Object.<anonymous> (a.test.js:11:10)"
  `)
})

test('of pytest the places are told, not the quoted lines', () => {
  const stack = `    def test_empty():
>       assert last([]) == 'secret'

tests/test_last.py:4: 
_ _ _ _
    def last(items):
>       return items[0]
E       IndexError: list index out of range

src/last.py:2: IndexError`
  const output = failingOutput(failing({ errorType: 'IndexError', message: 'list index out of range', stack }))
  expect(output).not.toContain('secret')
  expect(output).toContain('src/last.py:2: IndexError')
})

test('of a long Python traceback the innermost frames are told', () => {
  const frames = Array.from({ length: 30 }, (_, line) => `  File "/workspace/src/deep.py", line ${line}, in deeper`)
  const output = failingOutput(failing({ errorType: 'KeyError', message: "'a'", stack: frames.join('\n') }))
  expect(output).toContain('line 29,')
  expect(output).not.toContain('line 9,')
})

test.each([
  [{ errorType: 'TypeError', message: 'x is undefined', stack: '' }, 'crash'],
  [{ errorType: 'AssertionError', message: 'expected 1 to equal 2', stack: '' }, 'wrong result'],
  [{ errorType: 'Error', message: 'expect(received).toBe(expected)', stack: '' }, 'wrong result'],
  [{ message: 'Expected values to be strictly equal', stack: '' }, 'wrong result'],
])('%j is a %s', (failure, kind) => {
  expect(kindOfFailure(failing(failure))).toBe(kind)
})

test('tests of a feature fail because something is not there yet', () => {
  expect(missesNames(failing({ errorType: 'TypeError', message: 'ellipsize is not a function', stack: '' }))).toBe(true)
  expect(missesNames([...failing({ message: 'ellipsize is not a function', stack: '' }), ...failing({ message: 'expected 1 to be 2', stack: '' })])).toBe(false)
})
