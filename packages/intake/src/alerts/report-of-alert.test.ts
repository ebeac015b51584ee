import { Alert, BugReport, reveal } from '@fixpoint/core'
import { describe, expect, test } from 'vitest'
import { told } from '../told.ts'
import { alertOf } from './alert-parts.ts'
import { hasTrace, reportOfAlert } from './report-of-alert.ts'
import { traceOf } from './trace-parts.ts'

const TOKEN = `ghp_${'aB3dE6gH9jK2mN5pQ8rT1vW4yZ7bC0dF3gH6'}`
const PRINTED = "TypeError: Cannot read properties of undefined (reading 'amount')\n    at payShare (/srv/src/split.ts:44:27)"
const structured = traceOf('javascript', {
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading 'amount')",
  frames: [{ file: '/srv/src/split.ts', function: 'payShare', line: 44, column: 27 }],
})
const alert = (change: Partial<Parameters<typeof alertOf>[0]> = {}) => alertOf({ title: 'Checkout fails', withoutTrace: 'send one', ...change })

describe('traces', () => {
  test('of structure stand as they are', async () => {
    const report = await reportOfAlert(alert({ traces: [structured], text: ['KeyError: x\n    at other (/srv/src/other.ts:1:1)'] }))
    expect(report.traces).toEqual([structured])
    expect(BugReport.parse(report)).toEqual(report)
  })

  test('are found in the text where the structure has none, or none with frames', async () => {
    const frameless = traceOf('javascript', { type: 'TypeError', message: 'x', frames: [] })
    for (const traces of [[], [frameless]]) {
      const report = await reportOfAlert(alert({ traces, text: [PRINTED] }))
      expect(told(report.traces)).toBe("javascript TypeError: Cannot read properties of undefined (reading 'amount')\n  payShare /srv/src/split.ts:44:27")
      expect(hasTrace(report)).toBe(true)
    }
  })

  test('without a place in a file are none', async () => {
    const runtime = traceOf('javascript', { type: 'Error', message: 'x', frames: [{ file: 'node:fs', function: 'open' }, { function: 'f' }] })
    for (const traces of [[], [runtime]]) expect(hasTrace(await reportOfAlert(alert({ traces, text: ['TypeError: x is not a function'] })))).toBe(false)
    const cause = traceOf('javascript', { type: 'Error', message: 'outer', frames: [] }, [{ relation: 'cause', trace: structured }])
    expect(hasTrace(await reportOfAlert(alert({ traces: [cause] })))).toBe(true)
  })
})

test('title, text, origin and revision', async () => {
  const report = await reportOfAlert(alert({ text: ['it fails', PRINTED], release: 'shop@1.4.2' }))
  expect(reveal(report.title)).toBe('Checkout fails')
  expect(reveal(report.text)).toBe(`Checkout fails\n\nit fails\n\n${PRINTED}`)
  expect(report).toMatchObject({ origin: 'webhook', revision: 'shop@1.4.2' })
  expect((await reportOfAlert(alert({ release: 'shop@1.4.2', commit: '9fceb02' }))).revision).toBe('9fceb02')
  expect((await reportOfAlert(alert())).revision).toBeUndefined()
})

test.each([
  ['9fceb02d0ae598e95dc970b74767f19372d61af8', '9fceb02d0ae598e95dc970b74767f19372d61af8'],
  ['shop@9FCEB02D0AE598E95DC970B74767F19372D61AF8', '9fceb02d0ae598e95dc970b74767f19372d61af8'],
  ['9fceb02', '9fceb02'],
  ['1234567', undefined],
  ['shop@1.4.2+9fceb02', undefined],
  ['deadbeef', undefined],
  ['v1.4.2', undefined],
])('the release %s is the commit %s', (release, commit) => expect(alert({ release }).commit).toBe(commit))

describe('secrets', () => {
  test('reach no field of a report', async () => {
    const frames = [{ file: `/srv/${TOKEN}/a.ts`, function: `call_${TOKEN}`, line: 1 }]
    const inner = traceOf('javascript', { type: 'Error', message: `refused ${TOKEN}`, frames })
    const outer = traceOf('javascript', { type: 'Error', message: `password=correct-horse ${TOKEN}`, frames }, [{ relation: 'cause', trace: inner }])
    const report = await reportOfAlert(alert({ title: `bad token ${TOKEN}`, text: [`Authorization: Bearer ${TOKEN}`], traces: [outer] }))
    expect(JSON.stringify(report)).not.toMatch(/aB3dE6|correct-horse/)
    expect(report.redactions).toBeGreaterThan(3)
    expect(report.traces[0]?.causes[0]?.trace.frames[0]?.line).toBe(1)
  })

  test('that run over the end of one text take no other with them', async () => {
    const frames = [{ file: '/srv/a.ts', function: 'first', line: 1 }]
    const trace = traceOf('javascript', { type: 'Error', message: '-----BEGIN PRIVATE KEY-----\nMIIE', frames })
    expect(told((await reportOfAlert(alert({ traces: [trace] }))).traces)).toBe('javascript Error: [redacted:private-key]\n  first /srv/a.ts:1')
  })
})

describe('the group key', () => {
  const key = async (change: Partial<Parameters<typeof alertOf>[0]>) => (await reportOfAlert(alert(change))).groupKey

  test('is that of the trace, whoever tells of it and however', async () => {
    const keys = [
      await key({ traces: [structured], fingerprint: 'sentry:1' }),
      await key({ text: [PRINTED], fingerprint: 'datadog:2', title: 'another title' }),
      await key({
        traces: [
          traceOf('javascript', { type: 'TypeError', message: structured.message, frames: [{ file: '/other/src/split.ts', function: 'payShare', line: 50 }] }),
        ],
      }),
    ]
    expect(new Set(keys).size).toBe(1)
  })

  test("without a trace is the source's own grouping, whatever the title says this time", async () => {
    expect(await key({ title: 'pod-1 fails', fingerprint: 'alertmanager:X' })).toBe(await key({ title: 'pod-2 fails twice', fingerprint: 'alertmanager:X' }))
    expect(await key({ fingerprint: 'sentry:1117540176' })).not.toBe(await key({ fingerprint: 'sentry:1117540177' }))
    expect(await key({ fingerprint: 'x', service: 'a' })).not.toBe(await key({ fingerprint: 'x', service: 'b' }))
  })

  test('with neither is what is said, without the values of one occurrence', async () => {
    expect(await key({ title: 'order 1234 fails' })).toBe(await key({ title: 'order 99 fails' }))
    expect(await key({ title: 'orders fail', service: 'a' })).not.toBe(await key({ title: 'orders fail', service: 'b' }))
  })
})

describe('what an alert says of itself', () => {
  test.each([
    ['https://logs.example/1?q=a', 'https://logs.example/1?q=a'],
    ['https://user:secret@logs.example/', 'https://logs.example/'],
    ['javascript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['//logs.example', undefined],
    [`https://logs.example/${'x'.repeat(2000)}`, undefined],
  ])('the address %s is shown as %s', (url, shown) => expect(alert({ url }).url).toBe(shown))

  test.each([
    ['2026-11-21T09:29:00+01:00', '2026-11-21T08:29:00.000Z'],
    ['2026-11-21T08:29:57.000+0000', '2026-11-21T08:29:57.000Z'],
    [1795249798.12, '2026-11-21T08:29:58.120Z'],
    ['1795249798', '2026-11-21T08:29:58.000Z'],
    ['1795249798000', '2026-11-21T08:29:58.000Z'],
    ['1795249798130000000', '2026-11-21T08:29:58.130Z'],
    ['0001-01-01T00:00:00Z', undefined],
    ['yesterday', undefined],
    [Number.NaN, undefined],
    [-1, undefined],
  ])('the time %s is %s', (occurredAt, iso) => expect(alert({ occurredAt }).occurredAt).toBe(iso))

  test.each(['acme/shop', 'shop', '../../etc', '/srv/shop', 'https://host.example/acme/shop', 'a/b/c', 'a b', '-x', 'acme/.git'])(
    'the repository %s is a name or nothing',
    (repository) => {
      expect(alert({ repository }).repository).toBe(['acme/shop', 'shop'].includes(repository) ? repository : undefined)
    },
  )

  test('is one line, bounded, and hides nothing from the eye', () => {
    const told = alert({ title: `a\u202eb\nsecond ${'x'.repeat(1000)}`, service: `s\u0007\n${'y'.repeat(1000)}`, text: ['z'.repeat(200_000)] })
    expect(Alert.parse(told)).toEqual(told)
    expect(reveal(told.title)).toBe('a\ufffdb')
    expect(told.service?.length).toBeLessThanOrEqual(300)
    expect(told.service?.slice(0, 4)).toBe('s\ufffd y')
    expect(reveal(told.text)).toHaveLength(64 * 1024)
  })
})
