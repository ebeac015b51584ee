import {
  type Amount,
  type Conversation,
  costOf,
  type Exchange,
  type Interlocutor,
  type LanguageModel,
  type ModelEvent,
  ModelFailure,
  type ModelReply,
  type ModelRequest,
  tokensOf,
} from '@fixpoint/core'

/** Asks a model without a run: nothing is kept but what was said, for as long as the process lives. */
export class DirectInterlocutor implements Interlocutor {
  readonly card: Interlocutor['card']
  readonly exchanges: Exchange[] = []
  readonly #model: LanguageModel
  readonly #hear: (event: ModelEvent) => void

  /** `hear`: what it says, as it comes. */
  constructor(model: LanguageModel, hear: (event: ModelEvent) => void = () => undefined) {
    this.card = model.card
    this.#model = model
    this.#hear = hear
  }

  open(): Conversation {
    return { card: this.card, ask: (request, _prompts, signal) => this.#ask(request, signal), answered: () => undefined }
  }

  spent(): Amount {
    const usages = this.exchanges.map(({ reply }) => reply.usage)
    return {
      money: usages.reduce((sum, usage) => sum + costOf(usage, this.card), 0),
      tokens: usages.reduce((sum, usage) => sum + tokensOf(usage), 0),
    }
  }

  inWords(): string {
    const { money, tokens } = this.spent()
    return `${this.exchanges.length} exchanges, ${tokens} tokens, ${money > 0 ? `$${money.toFixed(4)}` : 'no price known'}`
  }

  async #ask(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const started = performance.now()
    for await (const event of this.#model.ask(request, signal)) {
      this.#hear(event)
      if (event.kind !== 'reply') continue
      this.exchanges.push({ model: this.card.name, request, reply: event.reply, at: new Date().toISOString(), durationMs: performance.now() - started })
      return event.reply
    }
    throw new ModelFailure('model-malformed', `${this.card.name} ended without a reply`, 'Try it with fixpoint models test.')
  }
}
