import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Alert, BugReport, reveal } from '@fixpoint/core'
import { type PayloadFixture, payloadFixtures } from '@fixpoint/testkit'
import { describe, expect, test } from 'vitest'
import { told } from '../told.ts'
import { hasTrace, reportOfAlert } from './report-of-alert.ts'
import type { AlertSource, Normalised } from './source.ts'
import { alertSources } from './sources.ts'

const FIXTURES = payloadFixtures()
const PAYLOADS = fileURLToPath(new URL('../../../../fixtures/payloads/', import.meta.url))
const CERTIFICATE = readFileSync(`${PAYLOADS}aws-sns/certificate.pem`, 'utf8')
const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

function sourceOf(fixture: PayloadFixture): AlertSource {
  const source = alertSources.get(fixture.source)
  if (!source) throw new Error(`no source is called ${fixture.source}`)
  return source
}

function alertsOf(normalised: Normalised): readonly Alert[] {
  return 'alerts' in normalised ? normalised.alerts : []
}

/** Alerts in few lines, for golden files: what is absent is left out. */
function readable(normalised: Normalised): unknown {
  if (!('alerts' in normalised)) return normalised
  const alerts = normalised.alerts.map(({ title, text, traces, ...rest }) => ({
    title: reveal(title),
    text: reveal(text).split('\n'),
    traces: told(traces).split('\n'),
    ...rest,
  }))
  return { alerts, leftOut: normalised.leftOut }
}

test('every source has payloads', () => {
  expect([...new Set(FIXTURES.map(({ source }) => source))].sort()).toEqual([...alertSources.keys()].sort())
})

describe.each(FIXTURES.map((fixture) => [`${fixture.source}/${fixture.name}`, fixture] as const))('%s', (name, fixture) => {
  const source = sourceOf(fixture)
  const normalised = source.normalise(fixture.headers, fixture.body)

  test('is verified as it came', async () => {
    const fetchCertificate = async () => CERTIFICATE
    const verification = await source.verify({ ...fixture, fetchCertificate })
    const keyAlone = fixture.secret === undefined && source.secret === 'optional'
    expect(verification).toEqual(keyAlone ? { verified: true, unsigned: true } : { verified: true })
  })

  test('becomes what its golden file says', async () => {
    await expect(`${JSON.stringify(readable(normalised), null, 2)}\n`).toMatchFileSnapshot(`${PAYLOADS}${name}.expected.json`)
    for (const alert of alertsOf(normalised)) expect(Alert.parse(alert)).toEqual(alert)
  })

  test('has one id, short and printable', () => {
    const id = source.deliveryId(fixture.headers, fixture.body, hash)
    expect(id).toMatch(/^[\x21-\x7e]{1,200}$/)
    expect(source.deliveryId(fixture.headers, fixture.body.slice(), hash)).toBe(id)
  })

  test('what is personal in it stays in it', async () => {
    expect(JSON.stringify(normalised)).not.toMatch(/personal|jane/i)
  })

  test('a report has a trace, or its alert says what is missing', async () => {
    for (const alert of alertsOf(normalised)) {
      const report = await reportOfAlert(alert)
      expect(BugReport.parse(report)).toEqual(report)
      expect(hasTrace(report)).toBe(alert.missing.length === 0)
      expect(report.origin).toBe('webhook')
      expect(report.revision).toBe(alert.commit ?? alert.release)
    }
  })
})

test('each source plants something personal in a payload that becomes alerts', () => {
  const planted = FIXTURES.filter(({ body }) => /personal/.test(new TextDecoder().decode(body)))
  const telling = planted.filter((fixture) => alertsOf(sourceOf(fixture).normalise(fixture.headers, fixture.body)).length > 0)
  expect([...new Set(telling.map(({ source }) => source))].sort()).toEqual([...alertSources.keys()].sort())
})
