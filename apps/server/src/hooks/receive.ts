import type { PresentedIngestKey } from '@fixpoint/core'
import { type AlertSource, githubDeliveries } from '@fixpoint/intake'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { within } from '../deadline.ts'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { quietly } from '../quietly.ts'
import type { ServerSettings } from '../settings.ts'
import { decoded } from './decode.ts'
import { flatHeaders, keptHeaders } from './kept-headers.ts'
import { OpenedKeys } from './opened-keys.ts'
import { BodyBudget, decodeBody, readBody, tooLarge } from './read-body.ts'
import { TokenBuckets } from './token-bucket.ts'
import type { Waker } from './waker.ts'

/** What became of a delivery, for the counters. */
export type HookOutcome = 'accepted' | 'duplicate' | 'refused' | 'malformed' | 'too-large' | 'not-taken' | 'rate-limited' | 'unknown' | 'failed'

/** Who may deliver here, and how much at once. */
interface Door {
  readonly source: AlertSource
  readonly key: Pick<PresentedIngestKey, 'id' | 'signingSecret'>
  readonly maximumBytes: number
}

interface Arrived extends Door {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const unavailable = () => new Refusal(503, 'Not available at the moment', { headers: { 'retry-after': '30' } })
const slowDown = (seconds: number) => new Refusal(429, 'Too many deliveries', { headers: { 'retry-after': String(seconds), connection: 'close' } })
/** A stranger learns nothing more than a status. */
const withoutBody = { connection: 'close' }
const unknown = () => new Refusal(404, 'Not found', { headers: withoutBody })

/** One delivery: path, size, method, type, encoding, signature, shape; then it is made durable, and only then answered. */
export class Receiver {
  readonly #hands: ServerHands
  readonly #settings: ServerSettings['hooks']
  readonly #waker: Waker
  readonly #keys: OpenedKeys
  readonly #budget: BodyBudget
  readonly #rate: TokenBuckets
  readonly #refusals: TokenBuckets

  constructor(hands: ServerHands, settings: ServerSettings['hooks'], waker: Waker) {
    const now = () => hands.clock.monotonic()
    this.#hands = hands
    this.#settings = settings
    this.#waker = waker
    this.#keys = new OpenedKeys(hands.tokens, hands.hash, now, settings.keyTrustMs)
    this.#budget = new BodyBudget(settings.maximumBytesHeld)
    this.#rate = new TokenBuckets(settings.rate, now)
    this.#refusals = new TokenBuckets(settings.refusalsRecorded, now)
  }

  /** What a code host delivers: its app's webhook secret vouches for it, no key in the address. */
  async receiveFromHost(request: FastifyRequest, reply: FastifyReply): Promise<HookOutcome> {
    const signingSecret = this.#hands.githubWebhookSecret?.()
    if (signingSecret === undefined) throw unknown()
    const { maximumHostBytes } = this.#settings
    return this.#take(request, reply, { source: githubDeliveries, key: { id: 'github-app', signingSecret }, maximumBytes: maximumHostBytes })
  }

  /** Answers, or throws the refusal to answer with. */
  async receive(request: FastifyRequest, reply: FastifyReply, path: { source: string; key: string }): Promise<HookOutcome> {
    const key = await within(this.#settings.acceptTimeoutMs, this.#keys.open(path.key)).catch(() => {
      throw unavailable()
    })
    const source = key && this.#hands.sources.get(key.source)
    if (key === undefined || source === undefined) throw unknown()
    const door = { source, key, maximumBytes: this.#settings.maximumBytes }
    if (key.source !== path.source) {
      const headers = flatHeaders(request.raw.headers)
      await this.#noteRefusal({ ...door, headers, body: Buffer.alloc(0) }, `it came to the address of another source: this key is for ${key.source}`)
      throw unknown()
    }
    return this.#take(request, reply, door)
  }

  async #take(request: FastifyRequest, reply: FastifyReply, door: Door): Promise<HookOutcome> {
    const { source, key } = door
    // Only what was verified takes a token: forgeries cannot use up what belongs to the source.
    const wait = this.#rate.wait(key.id)
    if (wait > 0) throw slowDown(wait)
    const arrived = await this.#arrive(request, door)
    await this.#verify(arrived)
    if (!this.#rate.take(key.id)) throw slowDown(1)
    if (!decoded(source, arrived.headers, arrived.body, this.#settings)) {
      await this.#noteRefusal(arrived, 'the body is no JSON of a shape that this source sends, or nested too deeply')
      throw new Refusal(400, 'The body cannot be read')
    }
    const fresh = await this.#keep(arrived)
    if (fresh) this.#waker.wake()
    const { status, contentType, body } = source.reply ?? { status: 202, contentType: 'text/plain', body: '' }
    await reply.code(status).type(contentType).send(body)
    return fresh ? 'accepted' : 'duplicate'
  }

  /** The body, if it may come at all. */
  async #arrive(request: FastifyRequest, door: Door): Promise<Arrived> {
    const { source, maximumBytes } = door
    const headers = flatHeaders(request.raw.headers)
    const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
    try {
      if (Number(headers['content-length'] ?? 0) > maximumBytes) throw tooLarge()
      if (request.method !== 'POST') throw new Refusal(405, 'Deliveries are posted', { headers: { allow: 'POST', ...withoutBody } })
      if (!source.contentTypes.includes(type)) throw new Refusal(415, 'This content type is not taken', { headers: withoutBody })
      const wire = await readBody(request.raw, maximumBytes, this.#budget)
      return { ...door, headers, body: await decodeBody(wire, headers['content-encoding'], maximumBytes) }
    } catch (cause) {
      if (cause instanceof Refusal && [400, 413, 415].includes(cause.status))
        await this.#noteRefusal({ ...door, headers, body: Buffer.alloc(0) }, cause.status === 413 ? `larger than ${maximumBytes} bytes` : cause.message)
      throw cause
    }
  }

  async #verify(arrived: Arrived): Promise<void> {
    const { source, key, headers, body } = arrived
    const { clock, fetchCertificate } = this.#hands
    const { topics } = this.#settings
    const verification = await source.verify({ headers, body, secret: key.signingSecret, now: clock.now(), fetchCertificate, topics })
    if (verification.verified) return
    if (verification.retry === true) throw unavailable()
    await this.#noteRefusal(arrived, verification.why)
    throw new Refusal(401, 'Not verified')
  }

  async #keep({ source, key, headers, body }: Arrived): Promise<boolean> {
    const deliveryId = source.deliveryId(headers, body, this.#hands.hash)
    const delivery = { source: source.name, key: key.id, deliveryId, headers: keptHeaders(headers), body }
    try {
      return (await within(this.#settings.acceptTimeoutMs, this.#hands.deliveries.accept(delivery))).fresh
    } catch (cause) {
      this.#hands.log.error(
        { source: source.name, key: key.id, error: cause instanceof Error ? cause.name : 'unknown' },
        'a delivery could not be made durable',
      )
      throw unavailable()
    }
  }

  /** For the owner of the key, so many in a while; never in the way of the answer. */
  async #noteRefusal({ source, key, headers, body }: Arrived, reason: string): Promise<void> {
    if (!this.#refusals.take(key.id)) return
    const { deliveries, hash, log } = this.#hands
    const deliveryId = body.length === 0 ? hash(reason) : source.deliveryId(headers, body, hash)
    const refused = { source: source.name, key: key.id, deliveryId, headers: keptHeaders(headers), bytes: body.length, reason }
    await quietly(log, within(this.#settings.acceptTimeoutMs, deliveries.refuse(refused)))
  }
}
