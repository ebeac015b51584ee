import { createHash, createHmac, createSign, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type PayloadFixture, payloadFixtures } from '@fixpoint/testkit'
import { describe, expect, test } from 'vitest'
import { signedHeaders } from './signed-headers.ts'
import type { SignedRequest, Verification } from './source.ts'
import { alertSources } from './sources.ts'

const FIXTURES = payloadFixtures()
const CERTIFICATE = readFileSync(new URL('../../../../fixtures/payloads/aws-sns/certificate.pem', import.meta.url), 'utf8')
const MINUTE = 60_000

function fixture(name: string): PayloadFixture {
  const found = FIXTURES.find((one) => `${one.source}/${one.name}` === name)
  if (!found) throw new Error(`no payload is called ${name}`)
  return found
}

async function verification(one: PayloadFixture, change: Partial<SignedRequest> = {}): Promise<Verification> {
  const source = alertSources.get(one.source)
  if (!source) throw new Error(`no source is called ${one.source}`)
  return source.verify({ ...one, fetchCertificate: async () => CERTIFICATE, ...change })
}

const hmac = (key: string | Uint8Array, ...parts: (string | Uint8Array)[]) => parts.reduce((mac, part) => mac.update(part), createHmac('sha256', key)).digest()
const latin = (bytes: Uint8Array) => Buffer.from(bytes)

/** Where a source writes its signature, how, and over what. */
interface Signing {
  readonly fixture: PayloadFixture
  readonly header: string
  readonly key: string | Uint8Array
  write(signature: Uint8Array): string
  /** What stands before the body under the signature. */
  readonly before: string
}

const grafana = fixture('grafana/firing-with-trace')
const generic = fixture('generic/stacktrace-text')
const SIGNING: readonly Signing[] = [
  {
    fixture: fixture('sentry/event-alert-node'),
    header: 'sentry-hook-signature',
    key: fixture('sentry/event-alert-node').secret ?? '',
    write: (signature) => latin(signature).toString('hex'),
    before: '',
  },
  {
    fixture: grafana,
    header: 'x-grafana-alerting-signature',
    key: grafana.secret ?? '',
    write: (signature) => latin(signature).toString('hex'),
    before: `${grafana.headers['x-grafana-alerting-timestamp']}:`,
  },
  {
    fixture: fixture('pagerduty/incident-triggered'),
    header: 'x-pagerduty-signature',
    key: fixture('pagerduty/incident-triggered').secret ?? '',
    write: (signature) => `v1=${latin(signature).toString('hex')}`,
    before: '',
  },
  {
    fixture: generic,
    header: 'webhook-signature',
    key: Buffer.from((generic.secret ?? '').slice('whsec_'.length), 'base64'),
    write: (signature) => `v1,${latin(signature).toString('base64')}`,
    before: `${generic.headers['webhook-id']}.${generic.headers['webhook-timestamp']}.`,
  },
]

describe.each(SIGNING.map((signing) => [signing.fixture.source, signing] as const))('%s', (_, { fixture: one, header, key, write, before }) => {
  const right = hmac(key, before, one.body)
  const given = (value: string) => ({ headers: { ...one.headers, [header]: value } })
  const other = new TextEncoder().encode(new TextDecoder().decode(one.body).replace('"', '" '))

  test('what it signed is verified', async () => {
    expect(await verification(one, given(write(right)))).toEqual({ verified: true })
  })

  const forgeries: [string, Partial<SignedRequest>][] = [
    ['no header', { headers: Object.fromEntries(Object.entries(one.headers).filter(([name]) => name !== header)) }],
    ['an empty header', given('')],
    ['the scheme without a signature', given(write(new Uint8Array()))],
    ['a signature by another key', given(write(hmac('another secret of 32 characters.', before, one.body)))],
    ['a signature by the empty key', given(write(hmac('', before, one.body)))],
    ['a body changed by one character', { ...given(write(right)), body: other }],
    ['the signature of another body', given(write(hmac(key, before, other)))],
    ['a signature over the JSON written anew', given(write(hmac(key, before, JSON.stringify(JSON.parse(new TextDecoder().decode(one.body)), null, 3))))],
    ['HMAC with SHA-1', given(write(createHmac('sha1', key).update(before).update(one.body).digest()))],
    ['HMAC with SHA-512', given(write(createHmac('sha512', key).update(before).update(one.body).digest()))],
    ['a digest without a key', given(write(createHash('sha256').update(before).update(one.body).digest()))],
    ['the first half of the signature', given(write(right.subarray(0, 16)))],
    ['the signature with more behind it', given(write(Buffer.concat([right, right])))],
    ['the bytes themselves', given(right.toString('latin1'))],
    ['another version', given(`v0${write(right).replace(/^v1/, '')}`)],
    ['zeroes', given(write(new Uint8Array(32)))],
    ['no secret on our side, and a header that says there is none', { ...given(write(hmac('', before, one.body))), secret: '' }],
    ['a secret of 15 characters', { ...given(write(hmac('123456789012345', before, one.body))), secret: '123456789012345' }],
  ]
  test.each(forgeries)('is not taken: %s', async (_name, change) => {
    expect(await verification(one, change)).toEqual({ verified: false, why: expect.any(String) })
  })

  test('why says nothing of the secret or the signature', async () => {
    for (const [, change] of forgeries) {
      const said = JSON.stringify(await verification(one, change))
      expect(said).not.toContain(write(right))
      if (one.secret !== undefined) expect(said).not.toContain(one.secret)
    }
  })

  test('our own samples are signed as it signs', async () => {
    const headers = await signedHeaders(one.source, one.body, one.secret ?? '', { id: 'msg_1', now: one.now })
    expect(await verification(one, { headers })).toEqual({ verified: true })
  })
})

describe('without a secret', () => {
  test.each([...alertSources.values()].filter(({ secret }) => secret === 'required'))('$name takes nothing', async (source) => {
    for (const one of FIXTURES.filter((candidate) => candidate.source === source.name))
      expect(await verification(one, { secret: undefined })).toEqual({ verified: false, why: 'no secret is set for this ingest key' })
  })

  test.each([...alertSources.values()].filter(({ secret }) => secret === 'optional'))('$name says that the ingest key alone vouches', async (source) => {
    const [one] = FIXTURES.filter((candidate) => candidate.source === source.name)
    expect(await verification(one as PayloadFixture, { secret: undefined, headers: {} })).toEqual({ verified: true, unsigned: true })
  })
})

describe('a bearer', () => {
  const one = fixture('alertmanager/firing-with-bearer')
  const secret = one.secret ?? ''
  test.each([
    '',
    'Bearer',
    'Bearer ',
    `Basic ${secret}`,
    `Bearer ${secret}x`,
    `Bearer ${secret.slice(1)}`,
    `Bearer ${secret}${secret}`,
    `Bearer ${secret.toUpperCase()}`,
    secret.slice(0, -1),
  ])('is not %j', async (authorization) => expect(await verification(one, { headers: { ...one.headers, authorization } })).toMatchObject({ verified: false }))
  test.each([...alertSources.values()].filter(({ unsigned }) => unsigned))('is what $name has to bring when a secret is set', async (source) => {
    const request = { ...one, source: source.name }
    expect(await verification(request)).toEqual({ verified: true })
    expect(await verification(request, { headers: {} })).toMatchObject({ verified: false })
    expect(await verification(request, { secret: 'short' })).toMatchObject({ verified: false })
  })
})

describe('a delivery that somebody kept', () => {
  test.each([
    [0, true],
    [-5 * MINUTE, true],
    [5 * MINUTE, true],
    [-5 * MINUTE - 1000, false],
    [5 * MINUTE + 1000, false],
    [24 * 60 * MINUTE, false],
  ])('and brings %i ms later', async (later, verified) => {
    for (const one of [generic, grafana]) expect(await verification(one, { now: new Date(one.now.getTime() + later) })).toMatchObject({ verified })
  })

  test.each(['', 'now', '1e9', '-1795249800', '1795249800.0', '0x6b', '9'.repeat(40)])('or gives the time %j', async (time) => {
    expect(await verification(generic, { headers: { ...generic.headers, 'webhook-timestamp': time } })).toMatchObject({ verified: false })
  })

  test('or gives another time or id, or takes the time away', async () => {
    const later = new Date(generic.now.getTime() + 60 * MINUTE)
    const fresh = String(later.getTime() / 1000)
    expect(await verification(generic, { headers: { ...generic.headers, 'webhook-timestamp': fresh }, now: later })).toMatchObject({ verified: false })
    expect(await verification(generic, { headers: { ...generic.headers, 'webhook-id': 'msg_other' } })).toMatchObject({ verified: false })
    expect(await verification(grafana, { headers: { ...grafana.headers, 'x-grafana-alerting-timestamp': '' } })).toMatchObject({ verified: false })
  })

  test('has the same id whatever changes around what is signed', () => {
    const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
    const one = fixture('sentry/reserialised')
    const sentry = alertSources.get('sentry')
    const compact = new TextEncoder().encode(JSON.stringify(JSON.parse(new TextDecoder().decode(one.body))))
    expect(sentry?.deliveryId({ 'request-id': 'another' }, compact, hash)).toBe(sentry?.deliveryId(one.headers, one.body, hash))
    const group = fixture('alertmanager/firing')
    const again = new TextEncoder().encode(new TextDecoder().decode(group.body).replace('"externalURL": "http', '"externalURL": "https'))
    const alertmanager = alertSources.get('alertmanager')
    expect(alertmanager?.deliveryId({}, again, hash)).toBe(alertmanager?.deliveryId({}, group.body, hash))
  })
})

describe('keys and lists of signatures', () => {
  test('PagerDuty and Standard Webhooks may send several, of which one fits', async () => {
    const pagerduty = fixture('pagerduty/incident-triggered')
    expect(pagerduty.headers['x-pagerduty-signature']?.split(',')).toHaveLength(2)
    expect(await verification(pagerduty)).toEqual({ verified: true })
    const two = `v1,${Buffer.alloc(32).toString('base64')} v1a,x ${generic.headers['webhook-signature']}`
    expect(await verification(generic, { headers: { ...generic.headers, 'webhook-signature': two } })).toEqual({ verified: true })
    const many = `${'v1,AAAA '.repeat(1000)}${generic.headers['webhook-signature']}`
    expect(await verification(generic, { headers: { ...generic.headers, 'webhook-signature': many } })).toMatchObject({ verified: false })
  })

  test.each(['whsec_', 'whsec_not base64 at all!', `whsec_${Buffer.alloc(15).toString('base64')}`, 'whsec_AAAAAAAAAAAAAAA'])('%j is no key', async (secret) => {
    expect(await verification(generic, { secret })).toMatchObject({ verified: false })
  })

  test('an inherited name is no header', async () => {
    for (const { fixture: one } of SIGNING) {
      const headers = Object.create(one.headers) as Record<string, string>
      expect(await verification(one, { headers })).toMatchObject({ verified: false })
    }
  })
})

describe('aws-sns', () => {
  const alarm = fixture('aws-sns/alarm')
  const confirmation = fixture('aws-sns/subscription-confirmation')
  const text = (one: PayloadFixture) => JSON.parse(new TextDecoder().decode(one.body)) as Record<string, string>
  const changed = (one: PayloadFixture, change: Record<string, unknown>) => ({ body: new TextEncoder().encode(JSON.stringify({ ...text(one), ...change })) })
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const resigned = (one: PayloadFixture, names: string[], algorithm = 'RSA-SHA1') =>
    createSign(algorithm)
      .update(names.flatMap((name) => (text(one)[name] === undefined ? [] : [`${name}\n${text(one)[name]}\n`])).join(''))
      .sign(foreign.privateKey, 'base64')

  test.each([
    ['no signature', changed(alarm, { Signature: undefined })],
    ['an empty signature', changed(alarm, { Signature: '' })],
    ['a signature that is no Base64', changed(alarm, { Signature: '*' })],
    ['a signature by another key', changed(alarm, { Signature: resigned(alarm, ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']) })],
    ['another message', changed(alarm, { Message: '{"AlarmName":"x","NewStateValue":"ALARM"}' })],
    ['another subject', changed(alarm, { Subject: 'x' })],
    ['no subject', changed(alarm, { Subject: undefined })],
    ['another topic', changed(alarm, { TopicArn: 'arn:aws:sns:eu-central-1:1:other' })],
    ['another id', changed(alarm, { MessageId: 'x' })],
    ['another time', changed(alarm, { Timestamp: '2026-11-21T08:29:59.000Z' })],
    ['another type', changed(alarm, { Type: 'SubscriptionConfirmation' })],
    ['a type that is not signed', changed(alarm, { Type: 'constructor' })],
    ['the other version', changed(alarm, { SignatureVersion: '2' })],
    ['an unknown version', changed(alarm, { SignatureVersion: '3' })],
    ['no version', changed(alarm, { SignatureVersion: null })],
    ['another address to confirm at', changed(confirmation, { SubscribeURL: 'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x' })],
    ['raw message delivery', { body: new TextEncoder().encode('plain words') }],
    ['a day and a minute later', { now: new Date(alarm.now.getTime() + 24 * 60 * MINUTE + MINUTE) }],
    ['a topic that is not allowed', { topics: ['arn:aws:sns:eu-central-1:123456789012:other'] }],
    ['no topic allowed', { topics: [] }],
    ['a certificate that is none', { fetchCertificate: async () => '<html>not found</html>' }],
    ['a certificate without end', { fetchCertificate: async () => CERTIFICATE.slice(0, 300) }],
    [
      'a broken certificate',
      {
        fetchCertificate: async () =>
          `-----BEGIN CERTIFICATE-----\n${Buffer.from([0x30, 0x84, 255, 255, 255, 255, 0x30]).toString('base64')}\n-----END CERTIFICATE-----`,
      },
    ],
  ] as [string, Partial<SignedRequest>][])('is not taken: %s', async (_, change) => {
    expect(await verification(change.body === undefined || text(alarm).MessageId ? alarm : confirmation, change)).toEqual({
      verified: false,
      why: expect.any(String),
    })
  })

  test.each([
    'http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5ca.pem',
    'https://sns.eu-central-1.amazonaws.com.evil.example/SimpleNotificationService-9c6465fa7f48f5ca.pem',
    'https://evil.example/sns.eu-central-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5ca.pem',
    'https://sns.eu-central-1.amazonaws.com@evil.example/SimpleNotificationService-9c6465fa7f48f5ca.pem',
    'https://user@sns.eu-central-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5ca.pem',
    'https://sns.eu-central-1.amazonaws.com:8443/SimpleNotificationService-9c6465fa7f48f5ca.pem',
    'https://s3.eu-central-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5ca.pem',
    'https://sns.a.b.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5ca.pem',
    'https://sns.eu-central-1.amazonaws.com/?Action=Publish&x=SimpleNotificationService-9c6465fa7f48f5ca.pem',
    'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5ca.pem?x=1',
    'https://sns.eu-central-1.amazonaws.com/other/SimpleNotificationService-9c6465fa7f48f5ca.pem',
    'https://sns.eu-central-1.amazonaws.com\u0000.evil.example/SimpleNotificationService-9c6465fa7f48f5ca.pem',
    'file:///etc/passwd',
    '',
  ])('no certificate is fetched from %j', async (SigningCertURL) => {
    const fetched: string[] = []
    const fetchCertificate = async (url: string) => {
      fetched.push(url)
      return CERTIFICATE
    }
    expect(await verification(alarm, { ...changed(alarm, { SigningCertURL }), fetchCertificate })).toMatchObject({ verified: false })
    expect(fetched).toEqual([])
  })

  test('nothing is fetched for what is refused anyway, and a certificate that cannot be had is no forgery', async () => {
    let fetched = 0
    const fetchCertificate = async () => {
      fetched += 1
      throw new Error('no network')
    }
    expect(await verification(alarm, { topics: [], fetchCertificate })).toMatchObject({ verified: false })
    expect(fetched).toBe(0)
    expect(await verification(alarm, { fetchCertificate })).toEqual({ verified: false, why: 'the certificate could not be fetched', retry: true })
    expect(await verification(alarm, { fetchCertificate: undefined })).toMatchObject({ verified: false, retry: true })
  })

  test('both versions, and only the topics that are allowed', async () => {
    const topics = [text(alarm).TopicArn ?? '']
    expect(text(alarm).SignatureVersion).toBe('1')
    expect(await verification(alarm, { topics })).toEqual({ verified: true })
    expect(text(confirmation).SignatureVersion).toBe('2')
    expect(await verification(confirmation, { topics })).toEqual({ verified: true })
  })

  test.each([
    'https://sns.eu-central-1.amazonaws.com/?Action=Publish&TopicArn=arn:aws:sns:eu-central-1:123456789012:fixpoint',
    'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-central-1:1:other',
    'https://169.254.169.254/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-central-1:123456789012:fixpoint',
    'http://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-central-1:123456789012:fixpoint',
    'javascript:alert(1)',
  ])('nobody is told to confirm at %j', (SubscribeURL) => {
    const { body } = changed(confirmation, { SubscribeURL })
    expect(alertSources.get('aws-sns')?.normalise({}, body)).toEqual({ malformed: expect.any(String) })
  })
})
