import { expect, test } from 'vitest'
import { ownFrames } from './test-words.ts'

test('frames of the runner and of the platform are left out', () => {
  const stack = [
    'Error: expect(received).toBe(expected)',
    '    at Object.toBe (/workspace/test/a.test.js:3:13)',
    '    at price (/workspace/node_modules/money/index.js:8:1)',
    '    at Promise.then.completed (/workspace/node_modules/jest-circus/build/utils.js:300:28)',
    '    at callAsyncCircusFn (/workspace/node_modules/@jest/core/build/utils.js:231:10)',
    '    at new Promise (<anonymous>)',
    '    at Runnable.run (node_modules/mocha/lib/runnable.js:354:5)',
    '    at file:///workspace/node_modules/@vitest/runner/dist/index.js:135:14',
    '    at process.processImmediate (node:internal/timers:483:21)',
    '    at async Test.run (node:internal/test_runner/test:797:9)',
    '    at Test.runInAsyncScope (node:async_hooks:206:9)',
  ]
  expect(ownFrames(stack.join('\n')).split('\n')).toEqual([...stack.slice(0, 3), '    at new Promise (<anonymous>)'])
})

test('a stack of nothing else stays as it is', () => {
  const stack = '    at listOnTimeout (node:internal/timers:581:17)'
  expect(ownFrames(stack)).toBe(stack)
})
