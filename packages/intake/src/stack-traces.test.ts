import { expect, test } from 'vitest'
import { parseStackTraces } from './stack-traces.ts'

test('a trace of V8 in a log with timestamps', () => {
  const [trace] = parseStackTraces(`2026-11-21T04:00:00.123Z ERROR request failed TypeError: Cannot read properties of undefined (reading 'price')
    at priceFor (/app/dist/pricing.js:12:20)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
2026-11-21T04:00:01.123Z INFO next`)
  expect(trace).toMatchObject({ errorType: 'TypeError', message: "Cannot read properties of undefined (reading 'price')" })
  expect(trace?.frames.map((frame) => frame.place)).toEqual(['code', 'runtime'])
})
