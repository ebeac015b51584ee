import type { StackTrace } from '@fixpoint/core'
import { StackTrace as StackTraceSchema } from '@fixpoint/core'
import { describe, expect, test } from 'vitest'
import { parseStackTraces } from './stack-traces.ts'

/** Pieces of which traces are made, and what breaks their parsers. */
const PIECES = [
  '    at f (/a/b.js:1:2)', '    at async g (node:fs:1:2) {', '    at eval (eval at f (a.js:1:2), <anonymous>:1:1)', 'at (', ' (', ':0:0)', ':1:', 'at x:99999999999:1',
  'Error: x', 'TypeError', 'Uncaught ', '[cause]: Error: y', '[cause]: [Error: z] {', '[errors]: [', '}', ']', '... 3 more lines', '[AggregateError: a] {',
  'Traceback (most recent call last):', '  File "a.py", line 0, in f', '  File "a.py", line 3', 'File "', 'KeyError', '  + Exception Group Traceback (most recent call last):',
  '  +-+---------------- 1 ----------------', '  | ', '    | ', '    +------------------------------------', '[Previous line repeated 9 more times]',
  'The above exception was the direct cause of the following exception:', 'During handling of the above exception, another exception occurred:',
  '2026-11-21T04:00:00Z ', 'app_1  | ', '> ', '```', '{"stack":"Error: a\\n    at b (c.js:1:2)"}', '{"a":', '\u001b[31m', '\u001b]', '\r', '\0', '\ud800', '😀', '   ^', '❯ a b.ts:1:1', ' ',
] // biome-ignore format: a list of pieces reads best as one

function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 0x1_0000_0000
  }
}

function hostile(seed: number, pieces: number): string {
  const next = random(seed)
  let text = ''
  for (let count = 0; count < pieces; count += 1) text += `${PIECES[Math.floor(next() * PIECES.length)]}${next() < 0.6 ? '\n' : ''}`
  return text
}

function everyTrace(traces: readonly StackTrace[]): StackTrace[] {
  return traces.flatMap((trace) => [trace, ...everyTrace(trace.causes.map((cause) => cause.trace))])
}

test('any text gives well-formed traces: positive lines, at most 200 frames, nothing thrown', () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const traces = parseStackTraces(hostile(seed, 120))
    for (const trace of traces) expect(StackTraceSchema.safeParse(trace).success, `seed ${seed}`).toBe(true)
    for (const trace of everyTrace(traces)) expect(trace.frames.length).toBeLessThanOrEqual(200)
  }
})

test('a deep stack keeps its innermost 200 frames', () => {
  const frames = Array.from({ length: 1000 }, (_, index) => `    at f${index} (/app/a.js:${index + 1}:1)`)
  expect(parseStackTraces(['RangeError: deep', ...frames].join('\n'))[0]?.frames.map((frame) => frame.line)).toEqual(
    Array.from({ length: 200 }, (_, index) => index + 1),
  )
  const python = Array.from({ length: 1000 }, (_, index) => `  File "a.py", line ${index + 1}, in f${index}`)
  expect(parseStackTraces(['Traceback (most recent call last):', ...python, 'RecursionError: deep'].join('\n'))[0]?.frames[0]?.line).toBe(1000)
})

test('braces and groups nested without end do not exhaust the stack', () => {
  const braces = Array.from({ length: 5000 }, () => '    at f (/a.js:1:2) {\n  [cause]: Error: x').join('\n')
  expect(parseStackTraces(`Error: x\n${braces}`).length).toBeGreaterThan(0)
  const groups = Array.from(
    { length: 300 },
    (_, depth) => `${' '.repeat(2 * depth)}  +-+---------------- 1 ----------------\n${' '.repeat(2 * depth)}    | E: x`,
  ).join('\n')
  expect(parseStackTraces(`  + Exception Group Traceback (most recent call last):\n  | ExceptionGroup: x\n${groups}`).length).toBe(1)
})

describe('the work grows with the text: twice as much takes at most about twice as long', () => {
  const shapes = [
    ...PIECES,
    '    at f (/a/b.js:1:2)\n',
    '  File "x.py", line 1\n',
    'Abc: d\n',
    '\n',
    ' ',
    '1',
    'a: ',
    '"',
    "'",
    '\\n    at ',
    'Error: x\n\n',
    'Traceback (most recent call last):\n',
  ]
  const time = (text: string) => {
    let best = Number.POSITIVE_INFINITY
    for (let run = 0; run < 4; run += 1) {
      const start = performance.now()
      parseStackTraces(text)
      best = Math.min(best, performance.now() - start)
    }
    return best
  }

  test('for every piece repeated', () => {
    const quadratic = shapes.filter((shape) => {
      const text = shape.repeat(Math.ceil((256 * 1024) / shape.length)).slice(0, 256 * 1024)
      // Eight times the text: linear work takes eight times as long, quadratic sixty-four. Short times are noise, and so is one bad try.
      const slow = () => time(text) > 24 * Math.max(time(text.slice(0, 32 * 1024)), 2)
      return slow() && slow() && slow()
    })
    expect(quadratic).toEqual([])
  })
})

test('of 20 MB the traces at its head, in its tail and around its errors are found', () => {
  const noise = 'GET /orders 200 in 12 ms\n'.repeat(400_000)
  const trace = (name: string) => `TypeError: ${name}\n    at ${name} (/app/${name}.js:1:1)\n`
  const traces = parseStackTraces(`${trace('head')}${noise}${trace('middle')}${noise}${trace('tail')}`)
  expect(traces.map(({ message }) => message)).toEqual(['head', 'middle', 'tail'])
})
