import type { Alert, Hash } from '@fixpoint/core'
import { alertOf, deliveryIdOf, MAXIMUM_TEXT, severityOf, timeOf } from './alert-parts.ts'
import { certificateKey } from './certificate-key.ts'
import { genericAlertOf } from './generic.ts'
import { list, part, texts, words } from './pick.ts'
import { fromBase64, own, refused } from './proof.ts'
import { safeJson, safeJsonText } from './safe-json.ts'
import type { AlertSource, Headers, Normalised, SignedRequest, Verification } from './source.ts'

const HOST = /^sns\.[a-z0-9-]{1,40}\.amazonaws\.com(\.cn)?$/
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9A-Za-z]{8,80}\.pem$/
/** SNS gives up after an hour; whoever brings a message later has kept it. */
const MAXIMUM_AGE = 24 * 60 * 60_000

/** Nothing may be cut off: it is what was signed. A body is never longer than the server lets in. */
const Envelope = texts(
  [
    ...(['Type', 'MessageId', 'TopicArn', 'Subject', 'Message', 'Timestamp', 'Token'] as const),
    ...(['SubscribeURL', 'SignatureVersion', 'Signature', 'SigningCertURL'] as const),
  ],
  Number.POSITIVE_INFINITY,
)
type Envelope = ReturnType<typeof Envelope.parse>

const SIGNED: Readonly<Record<string, readonly (keyof Envelope)[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
}

const Alarm = part({
  AlarmName: words(300),
  AlarmDescription: words(8000),
  NewStateValue: words(40),
  NewStateReason: words(2000),
  StateChangeTime: words(64),
  Trigger: part({
    Namespace: words(200),
    MetricName: words(200),
    Dimensions: list(part({ name: words(100), value: words(300) }), 30),
  }),
})
/** Dimensions that name what runs; others may name hosts, queues and customers. */
const SERVICE_DIMENSIONS = ['ServiceName', 'FunctionName', 'ApiName']

const WITHOUT_TRACE =
  'An alarm of CloudWatch holds numbers, no log lines. Publish the errors themselves to the same topic: a subscription filter on the log group whose Lambda publishes our generic JSON, as docs/sources/aws-sns.md shows.'

const WITHOUT_WORDS = 'The message holds no stack trace. Publish the trace as the message, or our generic JSON, as docs/sources/aws-sns.md shows.'
const WITHOUT_SHAPE =
  'The message is JSON of a shape that Fixpoint does not know, so only its subject was read. Publish our generic JSON, as docs/sources/aws-sns.md shows.'

export const awsSns: AlertSource = {
  name: 'aws-sns',
  title: 'AWS SNS (CloudWatch alarms)',
  contentTypes: ['text/plain', 'application/json'],
  unsigned: false,
  secret: 'unused',
  verify,
  deliveryId,
  normalise,
}

async function verify({ body, now, topics, fetchCertificate }: SignedRequest): Promise<Verification> {
  const envelope = envelopeOf(body)
  if ('malformed' in envelope) return refused('it is no message of SNS (is raw message delivery on? turn it off)')
  if (topics !== undefined && !topics.includes(envelope.TopicArn ?? '')) return refused('the topic is not one of those allowed')
  const time = Date.parse(timeOf(envelope.Timestamp) ?? '')
  if (!(Math.abs(now.getTime() - time) <= MAXIMUM_AGE)) return refused('the message is more than a day old, or has no time')
  const signature = fromBase64(envelope.Signature)
  const hash = { 1: 'SHA-1', 2: 'SHA-256' }[envelope.SignatureVersion ?? '']
  const names = Object.hasOwn(SIGNED, envelope.Type ?? '') ? SIGNED[envelope.Type ?? ''] : undefined
  if (!signature || !hash || !names) return refused('the signature is missing or of a version that we do not know')
  const address = pinned(envelope.SigningCertURL)
  if (!address || !CERTIFICATE_PATH.test(address.pathname) || address.search !== '') return refused('the certificate is not at an address of SNS')
  if (!fetchCertificate) return { verified: false, why: 'nothing was handed over that fetches certificates', retry: true }
  let pem: string
  try {
    pem = await fetchCertificate(address.href)
  } catch {
    return { verified: false, why: 'the certificate could not be fetched', retry: true }
  }
  const key = certificateKey(String(pem))
  if (!key) return refused('what the certificate should be is none')
  return (await rsaHolds(key, hash, signature, signedText(envelope, names))) ? { verified: true } : refused('the signature does not fit the message')
}

async function rsaHolds(spki: Uint8Array, hash: string, signature: Uint8Array, signed: string): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('spki', own(spki), { name: 'RSASSA-PKCS1-v1_5', hash }, false, ['verify'])
    return await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, own(signature), new TextEncoder().encode(signed))
  } catch {
    return false
  }
}

function signedText(envelope: Envelope, names: readonly (keyof Envelope)[]): string {
  return names.flatMap((name) => (envelope[name] === undefined ? [] : [`${name}\n${envelope[name]}\n`])).join('')
}

/** An https address of SNS itself: no port, no user. */
function pinned(text: string | undefined): URL | undefined {
  if (text === undefined || text.length > 2000 || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const clean = url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === '' && url.hash === ''
  return clean && HOST.test(url.hostname) ? url : undefined
}

function envelopeOf(body: Uint8Array): (Envelope & { readonly Type: string }) | { readonly malformed: string } {
  const json = safeJson(body)
  if ('malformed' in json) return json
  const envelope = Envelope.parse(json.value)
  const { Type: type, MessageId: id } = envelope
  return type === undefined || id === undefined ? { malformed: 'The body is no message of SNS.' } : { ...envelope, Type: type }
}

/** The same when SNS sends it again, and under the signature. */
function deliveryId(_: Headers, body: Uint8Array, hash: Hash): string {
  const envelope = envelopeOf(body)
  return 'malformed' in envelope ? hash(body) : deliveryIdOf(hash, [envelope.MessageId], () => hash(body))
}

function normalise(_: Headers, body: Uint8Array): Normalised {
  const envelope = envelopeOf(body)
  if ('malformed' in envelope) return envelope
  if (envelope.Type === 'SubscriptionConfirmation') return confirmation(envelope)
  if (envelope.Type !== 'Notification') return { ignored: `${envelope.Type.slice(0, 60)}: nothing failed` }
  if (envelope.Message === undefined) return { malformed: 'The message is empty.' }
  return alarm(envelope, envelope.Message)
}

function confirmation(envelope: Envelope): Normalised {
  const url = pinned(envelope.SubscribeURL)
  const query = url?.searchParams
  if (url?.pathname !== '/' || query?.get('Action') !== 'ConfirmSubscription' || !envelope.TopicArn || query.get('TopicArn') !== envelope.TopicArn)
    return { malformed: 'The address to confirm at is not one of SNS for this topic.' }
  return { confirm: { url: url.href, topic: envelope.TopicArn } }
}

/** A CloudWatch alarm; else our generic JSON, which a Lambda may publish; else words. */
function alarm(envelope: Envelope, message: string): Normalised {
  const json = /^\s*\{/.test(message) ? safeJsonText(message) : undefined
  const value = json && 'value' in json ? json.value : undefined
  const told = Alarm.parse(value)
  if (!told?.AlarmName) return one((value === undefined ? undefined : genericAlertOf(value)) ?? plainAlert(envelope, message))
  if (told.NewStateValue !== 'ALARM') return { ignored: `the alarm is in the state ${told.NewStateValue ?? 'unknown'}` }
  const { Trigger: trigger } = told
  const dimensions = trigger?.Dimensions ?? []
  return one(
    alertOf({
      title: told.AlarmName,
      text: [told.AlarmDescription, told.NewStateReason, trigger && [trigger.Namespace, trigger.MetricName].filter(Boolean).join(' ')],
      severity: severityOf('error'),
      service: SERVICE_DIMENSIONS.map((name) => dimensions.find((dimension) => dimension.name === name)?.value).find((name) => name !== undefined),
      fingerprint: `aws-sns:${(envelope.TopicArn ?? '').slice(-120)}:${told.AlarmName.slice(0, 160)}`,
      occurredAt: told.StateChangeTime ?? envelope.Timestamp,
      withoutTrace: WITHOUT_TRACE,
    }),
  )
}

function plainAlert(envelope: Envelope, message: string): Alert {
  const structured = /^\s*[[{]/.test(message)
  return alertOf({
    title: envelope.Subject?.slice(0, 300) ?? (structured ? 'A message without a subject' : message.slice(0, 1000)),
    // JSON of a shape that we do not know may hold anything: of it only the subject is read.
    text: structured ? [] : [message.slice(0, MAXIMUM_TEXT)],
    occurredAt: envelope.Timestamp,
    withoutTrace: structured ? WITHOUT_SHAPE : WITHOUT_WORDS,
  })
}

function one(alert: Alert): Normalised {
  return { alerts: [alert], leftOut: 0 }
}
