import type { BugReport, TestFailure } from '@fixpoint/core'
import { MemorySnapshot } from '@fixpoint/testkit'
import { describe, expect, test } from 'vitest'
import { groupKey } from './group-key.ts'
import { matcher, matches, namesError, namesTest } from './matches.ts'
import { normalMessage } from './normal-message.ts'
import { reportFrom } from './report-from.ts'
import { parseStackTraces } from './stack-traces.ts'

const source = new MemorySnapshot({
  'src/pricing.ts': 'export function priceFor() {}\nfunction total() {}\n'.repeat(20),
  'src/other.ts': 'export function other() {}\n'.repeat(40),
  'app/views.py': 'def get(): pass\n'.repeat(40),
})

async function reported(text: string): Promise<BugReport> {
  const report = await reportFrom(text, 'stdin')
  if ('refused' in report) throw new Error(report.refused)
  return report
}

function failure(stack: string, overrides: Partial<TestFailure> = {}): TestFailure {
  const [first] = parseStackTraces(stack)
  return { ...(first?.errorType !== undefined && { errorType: first.errorType }), message: first?.message ?? '', stack, ...overrides }
}

const production = `TypeError: Cannot read properties of undefined (reading 'tier')
    at priceFor (/srv/app/dist/pricing.js:40:12)
    at handle (/srv/app/dist/server.js:9:3)`

test.each([
  ['quantity=[redacted:value] is below the limit of [redacted:value]', 'quantity=-1 is below the limit of none', true],
  ['no account of [redacted:email]', 'no account of a@example.test', true],
  ['no account of [redacted:email]', 'no amount of a@example.test', false],
  ['x=[redacted:value] is low', 'x=1 is high', false],
  ['ab [redacted:value] ba', 'ab ba', false],
])('what was taken out of a report may have been anything: %s', async (told, came, matched) => {
  const report = await reported(`RangeError: ${told}\n    at priceFor (/srv/app/dist/pricing.js:40:12)\n`)
  expect(matches(report, source, failure(`RangeError: ${came}\n    at priceFor (/workspace/src/pricing.ts:7:30)`)).matched).toBe(matched)
})

const inRoom = (body: string) => failure(body)

describe('a failure matches when type, message and innermost function agree', () => {
  test.each([
    [
      'the same function, another line and path',
      "TypeError: Cannot read properties of undefined (reading 'tier')\n    at priceFor (/workspace/src/pricing.ts:7:30)\n    at /workspace/test/a.test.ts:4:1",
      true,
    ],
    ['in the words of an older Node', "TypeError: Cannot read property 'tier' of undefined\n    at Object.priceFor (/workspace/src/pricing.ts:7:30)", true],
    [
      'as a cause of what the test got',
      "Error: request failed\n    at other (/workspace/src/other.ts:1:1) {\n  [cause]: TypeError: Cannot read properties of undefined (reading 'tier')\n      at priceFor (/workspace/src/pricing.ts:7:30)\n}",
      true,
    ],
    ['another property', "TypeError: Cannot read properties of undefined (reading 'name')\n    at priceFor (/workspace/src/pricing.ts:7:30)", false],
    ['of null', "TypeError: Cannot read properties of null (reading 'tier')\n    at priceFor (/workspace/src/pricing.ts:7:30)", false],
    ['another function of the file', "TypeError: Cannot read properties of undefined (reading 'tier')\n    at total (/workspace/src/pricing.ts:7:30)", false],
    [
      'the same line, as a transpiler names it',
      "TypeError: Cannot read properties of undefined (reading 'tier')\n    at Object.<anonymous> (/workspace/src/pricing.ts:40:30)",
      true,
    ],
    ['another file', "TypeError: Cannot read properties of undefined (reading 'tier')\n    at priceFor (/workspace/src/other.ts:7:30)", false],
    ['another type', "RangeError: Cannot read properties of undefined (reading 'tier')\n    at priceFor (/workspace/src/pricing.ts:7:30)", false],
    [
      'an assertion',
      "AssertionError [ERR_ASSERTION]: Cannot read properties of undefined (reading 'tier')\n    at priceFor (/workspace/src/pricing.ts:7:30)",
      false,
    ],
    ['no frame of the repository', "TypeError: Cannot read properties of undefined (reading 'tier')\n    at node:internal/x:1:1", false],
  ])('%s', async (_, stack, matched) => {
    const result = matches(await reported(production), source, inRoom(stack))
    expect(result).toMatchObject({ matched })
    expect(result.why).not.toBe('')
  })
})

test('a matcher asked many times says what matches says', async () => {
  const report = await reported(production)
  const asked = matcher(report, source)
  for (const name of ['priceFor', 'total', 'priceFor']) {
    const one = failure(`TypeError: Cannot read properties of undefined (reading 'tier')\n    at ${name} (/workspace/src/pricing.ts:7:30)`)
    expect(asked(one)).toEqual(matches(report, source, one))
  }
})

test('Python: values differ, the place counts', async () => {
  const report = await reported('Traceback (most recent call last):\n  File "/srv/app/views.py", line 9, in get\n    x\nKeyError: \'order-17\'')
  const trace = (name: string, line: number) =>
    `Traceback (most recent call last):\n  File "/workspace/app/views.py", line ${line}, in ${name}\n    x\nKeyError: 'order-9'`
  expect(matches(report, source, failure(trace('get', 12))).matched).toBe(true)
  expect(matches(report, source, failure(trace('post', 30)))).toMatchObject({ matched: false, why: expect.stringContaining('post of app/views.py') })
})

test('frames without an error name none: the named test decides', async () => {
  const printed = await reported(
    'FAIL cart adds up\nassert.strictEqual(received, expected)\n\nDifference:\n\n- 4\n+ 3\n    at Object.strictEqual (test/cart.test.ts:4:1)',
  )
  expect(printed.traces).toHaveLength(1)
  expect(namesError(printed)).toBe(false)
  expect(namesError(await reported(production))).toBe(true)
})

test('what a runner left out of the middle of a long value may be anything', async () => {
  const report = await reported("E       AssertionError: assert [Correction(sku='mug', delta=4, reason='surplus')] == []")
  const said = (message: string) => matches(report, source, { errorType: 'AssertionError', message, stack: '' }).matched
  expect(said("assert [Correction(s...on='surplus')] == []\n  Left contains one more item")).toBe(true)
  expect(said("assert [Correction(s...on='surplus')] == [1]")).toBe(false)
  expect(said('...')).toBe(false)
})

test('an error that prose names matches by its words', async () => {
  const report = await reported("`priceFor({})` throws `TypeError: Cannot read properties of undefined (reading 'tier')` for guests.")
  expect(
    matches(report, source, failure("TypeError: Cannot read properties of undefined (reading 'tier')\n    at priceFor (/workspace/src/pricing.ts:7:30)"))
      .matched,
  ).toBe(true)
  expect(matches(report, source, failure('TypeError: x is not a function\n    at priceFor (/workspace/src/pricing.ts:7:30)')).matched).toBe(false)
})

test('a report that names no error is matched by the test it names', async () => {
  const report = await reported(' FAIL  test/cart.test.ts > Cart > adds up\nexpected the sum')
  const assertion = failure('AssertionError: expected 3 to be 4\n    at /workspace/test/cart.test.ts:4:1')
  expect(matches(report, source, assertion, { file: 'test/cart.test.ts', path: ['Cart', 'adds up'] }).matched).toBe(true)
  expect(matches(report, source, assertion, { file: 'test/cart.test.ts', path: ['Cart', 'empties'] }).matched).toBe(false)
  expect(matches(report, source, assertion).matched).toBe(false)
  expect(matches(await reported('the cart is wrong'), source, assertion).why).toBe('the report names neither an error nor a test')
})

test.each([
  ['Cart › adds up', undefined, true],
  ['adds up', undefined, true],
  ['adds up', 'test/cart.test.ts', true],
  ['adds up', 'cart.test.ts', true],
  ['adds up', 'test/other.test.ts', false],
  ['up', undefined, false],
  ['Basket › adds up', undefined, false],
])('%s (%s) names Cart > adds up: %s', (name, file, named) => {
  expect(namesTest({ kind: 'test', name, ...(file !== undefined && { file }) }, { file: 'test/cart.test.ts', path: ['Cart', 'adds up'] })).toBe(named)
})

test.each([
  ["Cannot read properties of undefined (reading 'price')", "Cannot read properties of undefined (reading 'price')"],
  ["Cannot read property 'price' of undefined", "Cannot read properties of undefined (reading 'price')"],
  ["'NoneType' object has no attribute 'lines'", "'NoneType' object has no attribute 'lines'"],
  ["unsupported operand type(s) for +: 'int' and 'NoneType'", "unsupported operand type(s) for +: 'int' and <text>"],
  ["name 'total' is not defined", "name 'total' is not defined"],
  ['foo.bar is not a function', 'foo.bar is not a function'],
  ['order 4711 of user "alice" not found', 'order <n> of user <text> not found'],
  ['order 7f3c9a12-33aa-4b1c-9d2e-0123456789ab not found', 'order <id> not found'],
  ["ENOENT: no such file or directory, open '/srv/data/17.csv'", 'ENOENT: no such file or directory, open <text>'],
  ['cannot open /srv/data/17.csv: no', 'cannot open <path>: no'],
  ['timeout after 3000ms at https://x.example/a?b=1', 'timeout after <n> at <url>'],
  ["can't do it, don't ask", "can't do it, don't ask"],
  ['first\nsecond 2', 'first'],
  ['bad hash 0xdeadbeef12', 'bad hash <id>'],
])('%j is normally %j', (message, normal) => expect(normalMessage(message)).toBe(normal))

describe('group keys', () => {
  const key = (text: string) => groupKey({ traces: parseStackTraces(text), title: 'x' })
  const one = 'Error: order 17 of "alice" failed\n    at priceFor (/srv/app/dist/pricing.js:40:12)\n    at node:internal/x:1:1'

  test.each([
    [
      'another host, folder, line, value',
      'Error: order 99 of "bob" failed\n    at priceFor (C:\\deploy\\dist\\pricing.js:41:2)\n    at node:internal/y:2:1',
      true,
    ],
    ['with a log around it', `2026-11-21T04:00:00Z ERROR it broke\n${one}`, true],
    ['another function', one.replace('priceFor', 'total'), false],
    ['another type', one.replace('Error', 'TypeError'), false],
    ['another message', one.replace('failed', 'was lost'), false],
  ])('%s', (_, other, same) => {
    expect(key(one)).toMatch(/^[0-9a-f]{16}$/)
    expect(key(other) === key(one)).toBe(same)
  })

  test('without a trace the title and the named tests count', () => {
    const of = (title: string) => groupKey({ traces: [], title })
    expect(of('Order 17 lost')).toBe(of('order 18 lost'))
    expect(of('Order 17 lost')).not.toBe(of('Order 17 found'))
  })
})
