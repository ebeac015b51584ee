import { type Clock, type LanguageModel, type ModelEvent, ModelFailure, type ModelFailureCode, type ModelRequest, type Usage } from '@fixpoint/core'
import { sumOf } from './sum-of.ts'

const TRIES = 5
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 60_000
/** Who is told to come back later than this tells the caller instead. */
const MOST_PATIENCE_MS = 120_000
/** What passes by itself. A limit of spending does not. */
const PASSING: ReadonlySet<ModelFailureCode> = new Set(['model-unreachable', 'model-overloaded', 'model-rate-limited'])

export interface RetryOptions {
  readonly clock: Clock
  /** 0 to 1. */
  readonly random?: () => number
  /** All in all. */
  readonly tries?: number | undefined
}

/**
 * Asks again what may be asked again, when the endpoint says or after a while. What a discarded part of a reply took is added to what the
 * whole one took. A call that was billed for is repeated once only: what was reserved for one call is never passed by more than another.
 */
export function withRetry(model: LanguageModel, { clock, random = Math.random, tries = TRIES }: RetryOptions): LanguageModel {
  return {
    card: model.card,
    countTokens: (request, signal) => model.countTokens(request, signal),
    async *ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
      let billed: Usage | undefined
      for (let attempt = 1; ; attempt++) {
        try {
          for await (const event of model.ask(request, signal)) yield event.kind === 'reply' ? withBilled(event, billed) : event
          return
        } catch (error) {
          if (!(error instanceof ModelFailure)) throw error
          const wait = error.againInMs ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)) * (0.5 + random() / 2)
          const isBilledTwice = billed !== undefined && error.usage !== undefined
          billed = sumOf(billed, error.usage)
          if (!PASSING.has(error.code) || attempt >= tries || isBilledTwice || wait > MOST_PATIENCE_MS)
            throw new ModelFailure(error.code, error.message, error.hint, { cause: error, againInMs: error.againInMs, usage: billed })
          await clock.sleep(wait, signal)
        }
      }
    },
  }
}

function withBilled(event: Extract<ModelEvent, { kind: 'reply' }>, billed: Usage | undefined): ModelEvent {
  return billed === undefined ? event : { kind: 'reply', reply: { ...event.reply, usage: sumOf(billed, event.reply.usage) } }
}
