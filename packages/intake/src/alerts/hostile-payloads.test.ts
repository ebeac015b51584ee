import { createHash } from 'node:crypto'
import { Alert } from '@fixpoint/core'
import { payloadFixtures } from '@fixpoint/testkit'
import { describe, expect, test } from 'vitest'
import { MAXIMUM_ALERTS } from './alert-parts.ts'
import { reportOfAlert } from './report-of-alert.ts'
import { MAXIMUM_DEPTH, safeJson } from './safe-json.ts'
import type { AlertSource } from './source.ts'
import { alertSources } from './sources.ts'

const SOURCES = [...alertSources.values()]
const FIXTURES = payloadFixtures()
const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const bytes = (text: string) => new TextEncoder().encode(text)
const MILLION_KEYS = bytes(`{${Array.from({ length: 1_000_000 }, (_, index) => `"k${index}":1`).join(',')}}`)

/** Runs all three functions; what comes out has to be well-formed. */
async function survives(source: AlertSource, body: Uint8Array, headers: Record<string, string> = {}) {
  const normalised = source.normalise(headers, body)
  if ('alerts' in normalised) for (const alert of normalised.alerts) Alert.parse(alert)
  expect(source.deliveryId(headers, body, hash)).toMatch(/^[\x21-\x7e]{1,200}$/)
  const verification = await source.verify({ headers, body, secret: 'a secret of at least 16', now: new Date(), fetchCertificate: async () => '' })
  expect(verification.verified).toBe(false)
  return normalised
}

describe.each(SOURCES.map((source) => [source.name, source] as const))('%s survives', (_, source) => {
  test.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['words', 'hello'],
    ['HTML', '<!doctype html><title>502</title>'],
    ['no object', '7'],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['an empty list', '[]'],
    ['a list of lists', '[[[]]]'],
    ['names of prototypes', '{"__proto__":{"data":{"event":{"title":"x"}}},"constructor":{"prototype":{"x":1}},"alerts":[{"__proto__":{"status":"firing"}}]}'],
    ['lone surrogates', '{"title":"\\ud800","body":"\\udfff","message":"\\u0000"}'],
    ['a byte order mark', '\ufeff{}'],
  ])('%s', async (_name, text) => {
    const normalised = await survives(source, bytes(text))
    expect('alerts' in normalised ? normalised.alerts.length : 0).toBeLessThanOrEqual(1)
  })

  test('JSON of a hundred thousand levels', async () => {
    for (const text of ['['.repeat(100_000) + ']'.repeat(100_000), `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`])
      expect(await survives(source, bytes(text))).toEqual({ malformed: `The JSON is nested deeper than ${MAXIMUM_DEPTH} levels.` })
  })

  test('a million keys', async () => {
    expect(await survives(source, MILLION_KEYS)).toEqual({ malformed: expect.stringContaining('members') })
  })

  test('bytes that are no text', async () => {
    expect(
      await survives(
        source,
        Uint8Array.from({ length: 4096 }, (_value, index) => (index * 197) % 256),
      ),
    ).toHaveProperty('malformed')
  })

  test('its payloads cut off anywhere', async () => {
    for (const { body, headers } of FIXTURES.filter((one) => one.source === source.name)) {
      const step = Math.max(1, Math.floor(body.length / 60))
      for (let end = 0; end < body.length; end += step) {
        const normalised = await survives(source, body.subarray(0, end), { ...headers, authorization: '' })
        if (source.name !== 'datadog' && end < body.length - 3) expect(normalised, `${end} of ${body.length} bytes`).toHaveProperty('malformed')
      }
    }
  })
})

/** Every place in a value: what stands there, and a function that puts something else there. */
function* places(value: unknown, put: (other: unknown) => unknown): Generator<{ value: unknown; put(other: unknown): unknown }> {
  yield { value, put }
  if (typeof value !== 'object' || value === null) return
  for (const name of Object.keys(value))
    yield* places((value as Record<string, unknown>)[name], (other) =>
      put(Array.isArray(value) ? value.with(Number(name), other) : { ...value, [name]: other }),
    )
}

const HUGE = `Error: x\n    at f (/a/b.js:1:2)\n${'a line of a log\n'.repeat(5000)}`
const OTHERS: readonly unknown[] = [null, -1.5e308, [], {}, true, [null, 'x', { a: 1 }], { length: 3, toString: 1, values: 'x' }, '', 'short']

describe('every value of every payload in turn is of another type', () => {
  const valid = FIXTURES.filter(({ body }) => 'value' in safeJson(body))
  test.each(valid.map((one) => [`${one.source}/${one.name}`, one] as const))('%s', (_, one) => {
    const source = alertSources.get(one.source) as AlertSource
    for (const { value, put } of places(JSON.parse(new TextDecoder().decode(one.body)), (other) => other)) {
      for (const other of typeof value === 'string' ? [...OTHERS, HUGE] : OTHERS) {
        const body = bytes(JSON.stringify(put(other)))
        const normalised = source.normalise(one.headers, body)
        if (!('alerts' in normalised)) continue
        for (const alert of normalised.alerts) Alert.parse(alert)
        expect(JSON.stringify(normalised)).not.toMatch(/personal|jane/i)
      }
    }
  })
})

describe('a payload of very many alerts', () => {
  const many = 1000
  const alertmanager = {
    alerts: Array.from({ length: many }, (_, index) => ({ status: 'firing', labels: { alertname: `Alert${index}` } })),
    truncatedAlerts: 7,
  }
  const otlp = {
    resourceLogs: [
      { scopeLogs: [{ logRecords: Array.from({ length: many }, (_, index) => ({ severityNumber: 17, body: { stringValue: `failure ${index}` } })) }] },
    ],
  }
  const generic = Array.from({ length: many }, (_, index) => ({ title: `failure ${index}` }))
  test.each([
    ['alertmanager', alertmanager, 7],
    ['grafana', alertmanager, 7],
    ['otlp-logs', otlp, 0],
    ['generic', generic, 0],
  ])('%s: a hundred, and how many were left out', (name, payload, more) => {
    const normalised = alertSources.get(name)?.normalise({}, bytes(JSON.stringify(payload)))
    expect(normalised).toMatchObject({ leftOut: many - MAXIMUM_ALERTS + more })
    expect(normalised && 'alerts' in normalised && normalised.alerts).toHaveLength(MAXIMUM_ALERTS)
  })

  test('the same one many times is one', () => {
    const payload = {
      resourceLogs: [
        {
          scopeLogs: [
            {
              logRecords: Array.from({ length: many }, (_, at) => ({
                timeUnixNano: `${1795249798000000000n + BigInt(at)}`,
                severityNumber: 17,
                body: { stringValue: 'failure' },
              })),
            },
          ],
        },
      ],
    }
    expect(alertSources.get('otlp-logs')?.normalise({}, bytes(JSON.stringify(payload)))).toMatchObject({ alerts: [{}], leftOut: 0 })
  })
})

test('a chain and a stack without end are bounded', async () => {
  const frames = Array.from({ length: 1000 }, (_, index) => ({ filename: 'src/a.ts', function: `f${index}`, lineno: index + 1, in_app: true }))
  const values = Array.from({ length: 500 }, (_, index) => ({ type: `E${index}`, value: 'x', stacktrace: { frames: index > 490 ? frames : [] } }))
  const normalised = alertSources.get('sentry')?.normalise({}, bytes(JSON.stringify({ data: { event: { platform: 'node', exception: { values } } } })))
  if (!normalised || !('alerts' in normalised)) throw new Error('no alert')
  const [alert] = normalised.alerts
  if (!alert) throw new Error('no alert')
  const trace = alert.traces[0]
  expect(trace?.errorType).toBe('E499')
  expect(trace?.frames).toHaveLength(200)
  expect(trace?.frames[0]?.function).toBe('f999')
  const report = await reportOfAlert(alert)
  expect(JSON.stringify(report).length).toBeLessThan(2_000_000)
})
