import { existsSync, readFileSync } from 'node:fs'
import { reveal } from '@fixpoint/core'
import { describe, expect, test } from 'vitest'
import { signedHeaders } from './signed-headers.ts'
import { alertSources } from './sources.ts'

const PAGES = new URL('../../../../docs/sources/', import.meta.url)
const page = (name: string) => readFileSync(new URL(`${name}.md`, PAGES), 'utf8')
const block = (name: string, language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page(name))?.[1] ?? ''

test.each([...alertSources.keys()])('%s has a page and a row in the overview', (name) => {
  expect(existsSync(new URL(`${name === 'sentry-legacy' ? 'sentry' : name}.md`, PAGES))).toBe(true)
  expect(page('README')).toContain(`| \`${name}\` |`)
})

describe("Datadog's template as the page has it", () => {
  const trace = 'Traceback (most recent call last):\n  File "/srv/app/stock.py", line 21, in reserve\n    return SHELF["a"]\nKeyError: \'a\''
  const values: Record<string, string> = {
    $ID: '7312345678901234567',
    $ALERT_TRANSITION: 'Triggered',
    $ALERT_TYPE: 'error',
    $ALERT_CYCLE_KEY: '98765',
    $AGGREG_KEY: 'f00dcafe',
    $ALERT_ID: '4242',
    $LINK: 'https://app.datadoghq.example/event',
    $TAGS: 'env:production,service:orders,version:1.4.2',
    $DATE: '1795249798000',
    $EVENT_TITLE: '[Triggered] KeyError: "a", twice',
    $EVENT_MSG: `%%%\n${trace}\n@webhook-fixpoint\n%%%`,
  }
  test.each([
    ['laid in as they are', (value: string) => value],
    ['escaped', (value: string) => JSON.stringify(value).slice(1, -1)],
  ])('is read with its values %s', (_, written) => {
    const body = block('datadog', 'json').replaceAll(/\$[A-Z_]+/g, (name) => written(values[name] ?? 'unknown'))
    expect(body).not.toContain('unknown')
    const normalised = alertSources.get('datadog')?.normalise({}, new TextEncoder().encode(body))
    const [alert] = normalised && 'alerts' in normalised ? normalised.alerts : []
    expect(alert).toMatchObject({
      severity: 'error',
      service: 'orders',
      environment: 'production',
      release: '1.4.2',
      fingerprint: 'datadog:4242:f00dcafe',
      missing: [],
    })
    expect(alert && reveal(alert.title)).toBe('KeyError: "a", twice')
    expect(alert && reveal(alert.text)).toBe(`${trace}\n@webhook-fixpoint`)
  })
})

test('a secret as the page of our own JSON makes it signs and verifies', async () => {
  const secret = `whsec_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')}`
  const body = new TextEncoder().encode('{"title":"x"}')
  const now = new Date()
  const headers = await signedHeaders('generic', body, secret, { id: `msg_${crypto.randomUUID()}`, now })
  expect(await alertSources.get('generic')?.verify({ headers, body, secret, now })).toEqual({ verified: true })
})
