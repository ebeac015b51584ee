import { type Hash, type LanguageModel, type ModelCard, type ModelEvent, ModelFailure, type ModelFailureCode, type ModelRequest } from '@fixpoint/core'
import { keyOf, type Recorded, readCassette, withoutSecretsIn } from './cassette.ts'
import { estimatedTokens } from './estimated-tokens.ts'
import { firstDifference, likeness } from './request-difference.ts'

/** A request that nobody recorded: a prompt, a tool or the code under repair is another than then. */
export class UnrecordedRequest extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnrecordedRequest'
  }
}

export interface ReplayOptions {
  readonly hash: Hash
  /** As they were told to the recorder. */
  readonly secrets?: readonly string[]
}

/** Gives the recorded replies of a cassette, bit for bit, each once. No network. Throws what is wrong with a cassette that cannot be read. */
export class CassettePlayer {
  readonly #recorded: readonly Recorded[]
  readonly #options: ReplayOptions
  readonly #played = new Set<Recorded>()

  constructor(cassette: string, options: ReplayOptions) {
    this.#recorded = readCassette(cassette)
    this.#options = options
  }

  /** Calls on the cassette that nobody asked for again. */
  get left(): number {
    return this.#recorded.length - this.#played.size
  }

  model(card: ModelCard): LanguageModel {
    const play = this.#play.bind(this)
    return {
      card,
      countTokens: async (request) => estimatedTokens(request),
      async *ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
        signal.throwIfAborted()
        const { reply, failure } = play(card.name, request)
        if (reply === undefined) throw new ModelFailure(failure?.code as ModelFailureCode, failure?.message ?? '', failure?.hint ?? '', failure)
        for (const part of reply.content) yield part.kind === 'tool-call' ? { kind: 'tool-call', call: part } : { kind: part.kind, text: part.text }
        yield { kind: 'reply', reply }
      },
    }
  }

  #play(model: string, asked: ModelRequest): Recorded {
    const request = withoutSecretsIn(asked, this.#options.secrets ?? [])
    const key = keyOf(model, request, this.#options.hash)
    const recorded = this.#recorded.find((each) => each.key === key && !this.#played.has(each))
    if (recorded === undefined) throw new UnrecordedRequest(this.#explain(model, key, request))
    this.#played.add(recorded)
    return recorded
  }

  #explain(model: string, key: string, request: ModelRequest): string {
    const times = this.#recorded.filter((each) => each.key === key).length
    if (times > 0) return `the cassette holds this request of ${model} ${times === 1 ? 'once' : `${times} times`}, and it was asked once more`
    const own = this.#recorded.filter((each) => each.model === model)
    const nearest = own.map((each) => ({ each, like: likeness(each.request, request) })).sort((a, b) => b.like - a.like)[0]?.each
    if (nearest === undefined) return `the cassette holds no call of ${model}`
    const { place, recorded, asked } = firstDifference(nearest.request, request)
    return `the cassette does not hold this request of ${model}. The nearest (line ${this.#recorded.indexOf(nearest) + 1}) differs at ${place}:\n  recorded: ${recorded}\n  asked:    ${asked}`
  }
}
