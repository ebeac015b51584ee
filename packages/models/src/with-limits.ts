import { type Clock, type LanguageModel, type ModelEvent, type ModelRequest, tokensOf } from '@fixpoint/core'
import { estimatedTokens } from './estimated-tokens.ts'

const MINUTE_MS = 60_000

export interface Limits {
  /** Calls at the same time. */
  readonly concurrency?: number | undefined
  readonly requestsPerMinute?: number | undefined
  readonly tokensPerMinute?: number | undefined
}

interface Call {
  readonly at: number
  tokens: number
}

/** What one provider is asked at the same time and within a minute, by all its models together. First come, first served. */
export class ProviderGate {
  readonly #limits: Limits
  readonly #clock: Clock
  #calls: Call[] = []
  #underWay = 0
  /** The last in the line; who comes now waits behind. */
  #line: Promise<unknown> = Promise.resolve()
  readonly #waiting: (() => void)[] = []

  constructor(limits: Limits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** Resolves when there is room. `leave` with what the call really took. */
  async enter(tokens: number, signal: AbortSignal): Promise<{ leave(tokens: number | undefined): void }> {
    const mine = this.#line.then(() => this.#admit(tokens, signal))
    this.#line = mine.catch(() => undefined)
    const call = await mine
    return {
      leave: (taken) => {
        call.tokens = taken ?? call.tokens
        this.#underWay--
        this.#waiting.shift()?.()
      },
    }
  }

  async #admit(tokens: number, signal: AbortSignal): Promise<Call> {
    signal.throwIfAborted()
    while (this.#underWay >= (this.#limits.concurrency ?? Number.POSITIVE_INFINITY)) await this.#aPlace(signal)
    for (let wait = this.#waitMs(tokens); wait > 0; wait = this.#waitMs(tokens)) await this.#clock.sleep(wait, signal)
    const call = { at: this.#clock.monotonic(), tokens }
    this.#calls.push(call)
    this.#underWay++
    return call
  }

  async #aPlace(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const given = () => {
        signal.removeEventListener('abort', aborted)
        resolve()
      }
      const aborted = () => {
        this.#waiting.splice(this.#waiting.indexOf(given), 1)
        reject(signal.reason)
      }
      this.#waiting.push(given)
      signal.addEventListener('abort', aborted, { once: true })
    })
  }

  /** Until the oldest call of this minute is forgotten, if there is no room now. A call larger than a whole minute's goes alone. */
  #waitMs(tokens: number): number {
    const now = this.#clock.monotonic()
    this.#calls = this.#calls.filter(({ at }) => now - at < MINUTE_MS)
    const [oldest] = this.#calls
    if (oldest === undefined) return 0
    const { requestsPerMinute = Number.POSITIVE_INFINITY, tokensPerMinute = Number.POSITIVE_INFINITY } = this.#limits
    const taken = this.#calls.reduce((sum, call) => sum + call.tokens, 0)
    return this.#calls.length >= requestsPerMinute || taken + tokens > tokensPerMinute ? oldest.at + MINUTE_MS - now : 0
  }
}

export function withLimits(model: LanguageModel, gate: ProviderGate): LanguageModel {
  return {
    card: model.card,
    countTokens: (request, signal) => model.countTokens(request, signal),
    async *ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
      const place = await gate.enter(estimatedTokens(request) + request.maxOutputTokens, signal)
      let taken: number | undefined
      try {
        for await (const event of model.ask(request, signal)) {
          if (event.kind === 'reply') taken = tokensOf(event.reply.usage)
          yield event
        }
      } finally {
        place.leave(taken)
      }
    },
  }
}
