import type { Artifacts, Attempted, Clock, OutboundMessage, Outbox } from '@fixpoint/core'
import { type Payload, payloadOf } from './payload.ts'
import { type Posted, post } from './post.ts'
import { signatureOf } from './signature.ts'
import { slackMessage } from './slack-message.ts'
import type { Subscriber } from './subscriber.ts'

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000]
/** Between two tries of a message: more than a day in all, so that a receiver may be down for one. */
const PAUSES_MS: readonly number[] = [5 * SECOND, MINUTE, 10 * MINUTE, HOUR, 3 * HOUR, 8 * HOUR, 14 * HOUR]
/** Whoever took a message and says nothing for so long is dead. */
const TAKEN_MS = MINUTE
/** One turn for one subscriber; then others have theirs. */
const TURN = 50
/** What is put off for longer is found by a sweep. */
const WORTH_WAITING_MS = MINUTE

export interface SenderHands {
  readonly outbox: Pick<Outbox, 'get' | 'take' | 'conclude'>
  readonly subscribers: readonly Subscriber[]
  readonly artifacts: Artifacts
  /** Address of this service, for those who may look. */
  readonly publicUrl?: string | undefined
  readonly clock: Pick<Clock, 'now'>
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, message: string): void }
  /** Instead of the usual ones. */
  readonly pausesMs?: readonly number[]
}

/** Sends what waits in the outbox. Each subscriber has a line of its own: one that does not answer holds up nobody else. */
export class OutboundSender {
  readonly #hands: SenderHands

  constructor(hands: SenderHands) {
    this.#hands = hands
  }

  /** Sends what is due to the subscriber of a message, that message among it, until one is put off. */
  async send(id: string, signal: AbortSignal): Promise<{ readonly againInMs: number } | undefined> {
    const { outbox } = this.#hands
    const subscriber = (await outbox.get(id))?.subscriber
    if (subscriber === undefined) return undefined
    for (let sent = 0; sent < TURN && !signal.aborted; sent += 1) {
      const message = await outbox.take(subscriber, TAKEN_MS)
      if (message === undefined) return undefined
      const attempted = await this.#attempt(message, signal)
      await outbox.conclude(message.id, attempted)
      if ('againInMs' in attempted) return attempted.againInMs > WORTH_WAITING_MS ? undefined : { againInMs: attempted.againInMs }
    }
    return { againInMs: SECOND }
  }

  async #attempt(message: OutboundMessage, signal: AbortSignal): Promise<Attempted> {
    const { subscribers, artifacts, publicUrl, log } = this.#hands
    const subscriber = subscribers.find(({ name }) => name === message.subscriber)
    if (subscriber === undefined) return { state: 'failed', reason: 'nobody of that name is in the settings (outbound)' }
    const posted =
      subscriber.kind === 'here'
        ? await subscriber.tell(message, signal)
        : await this.#post(subscriber, message.id, await payloadOf(message, artifacts, publicUrl), signal)
    const attempted = this.#conclusionOf(posted, message.attempts)
    if (posted.kind !== 'taken')
      log.warn({ message: message.id, subscriber: subscriber.name, attempt: message.attempts, reason: posted.reason }, 'a message was not taken')
    return attempted
  }

  async #post(subscriber: Exclude<Subscriber, { kind: 'here' }>, id: string, payload: Payload, signal: AbortSignal): Promise<Posted> {
    const { url, reach } = subscriber
    if (subscriber.kind === 'slack') return post(url, { headers: {}, body: JSON.stringify(slackMessage(payload)), reach }, signal)
    const body = JSON.stringify(payload)
    const seconds = Math.floor(this.#hands.clock.now().getTime() / 1000)
    const signed = { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signatureOf(id, seconds, body, subscriber.secrets) }
    return post(url, { headers: signed, body, reach }, signal)
  }

  #conclusionOf(posted: Posted, attempts: number): Attempted {
    if (posted.kind === 'taken') return { state: 'sent' }
    if (posted.kind === 'gone') return { state: 'failed', reason: posted.reason }
    const pause = (this.#hands.pausesMs ?? PAUSES_MS)[attempts - 1]
    if (pause === undefined) return { state: 'failed', reason: `${posted.reason}, at the last of ${attempts} tries` }
    return { againInMs: Math.max(pause, posted.notBeforeMs), reason: posted.reason }
  }
}
