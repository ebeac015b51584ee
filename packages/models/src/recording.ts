import { canonicalJson, type Hash, type LanguageModel, type ModelEvent, ModelFailure, type ModelRequest } from '@fixpoint/core'
import { keyOf, type Recorded, withoutSecretsIn } from './cassette.ts'

export interface RecordingOptions {
  readonly hash: Hash
  /** Takes a line, with its end, and keeps it. */
  readonly append: (line: string) => Promise<void>
  /** Never written: keys of providers, tokens. */
  readonly secrets?: readonly string[]
}

/** Writes every call of models onto one cassette, replies and failures alike. */
export class CassetteRecorder {
  readonly #options: RecordingOptions
  readonly #ordinals = new Map<string, number>()

  constructor(options: RecordingOptions) {
    this.#options = options
  }

  record(model: LanguageModel): LanguageModel {
    const write = this.#write.bind(this)
    return {
      card: model.card,
      countTokens: (request, signal) => model.countTokens(request, signal),
      async *ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
        try {
          for await (const event of model.ask(request, signal)) {
            if (event.kind === 'reply') await write(model.card.name, request, { reply: event.reply })
            yield event
          }
        } catch (error) {
          if (error instanceof ModelFailure) {
            const { code, message, hint, againInMs, usage } = error
            await write(model.card.name, request, { failure: { code, message, hint, ...(againInMs !== undefined && { againInMs }), ...(usage && { usage }) } })
          }
          throw error
        }
      },
    }
  }

  async #write(model: string, asked: ModelRequest, what: Pick<Recorded, 'reply' | 'failure'>): Promise<void> {
    const { hash, append, secrets = [] } = this.#options
    const request = withoutSecretsIn(asked, secrets)
    const key = keyOf(model, request, hash)
    const ordinal = this.#ordinals.get(key) ?? 0
    this.#ordinals.set(key, ordinal + 1)
    await append(`${canonicalJson({ version: 1, key, ordinal, model, request, ...withoutSecretsIn(what, secrets) } satisfies Recorded)}\n`)
  }
}
