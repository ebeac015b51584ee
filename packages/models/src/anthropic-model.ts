import Anthropic from '@anthropic-ai/sdk'
import {
  type LanguageModel,
  type ModelCard,
  type ModelEvent,
  ModelFailure,
  type ModelReply,
  type ModelRequest,
  type StopCause,
  type Usage,
} from '@fixpoint/core'
import { anthropicRequest, redactedSignature, withoutThinking } from './anthropic-request.ts'
import { estimatedTokens } from './estimated-tokens.ts'
import type { Traits } from './model-cards.ts'
import { deepestCause, modelFailure, refusalFailure, withoutSecrets } from './refusal.ts'
import { ReplyUnderWay } from './reply-under-way.ts'

/** What the SDK’s clients for Anthropic, Bedrock and Vertex have in common. */
export interface MessagesClient {
  readonly messages: Pick<Anthropic.Messages, 'create'> & Partial<Pick<Anthropic.Messages, 'countTokens'>>
}

export interface AnthropicOptions {
  readonly card: ModelCard
  readonly traits: Traits
  /** As the endpoint calls it. */
  readonly model: string
  /** Made when it is first needed. */
  readonly client: () => Promise<MessagesClient>
  readonly now: () => Date
}

type Event = Anthropic.RawMessageStreamEvent

export class AnthropicModel implements LanguageModel {
  readonly card: ModelCard
  readonly #options: AnthropicOptions
  /** Not every gateway counts; one that does not is not asked twice. */
  #counts = true

  constructor(options: AnthropicOptions) {
    this.card = options.card
    this.#options = options
  }

  async *ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const reading = new Reading(request)
    const ending = new AbortController()
    try {
      for await (const event of await this.#open(request, AbortSignal.any([signal, ending.signal]))) {
        yield* reading.read(event)
        if (reading.reply.wrong) break
      }
      signal.throwIfAborted()
      if (!reading.reply.wrong && !reading.finished) throw this.#brokenOff(reading.began)
      yield { kind: 'reply', reply: reading.whole(this.#options.model) }
    } catch (error) {
      signal.throwIfAborted()
      throw this.#failureOf(error, reading.usage())
    } finally {
      ending.abort()
    }
  }

  async countTokens(request: ModelRequest, signal: AbortSignal): Promise<number> {
    const { model, traits } = this.#options
    if (!this.#counts) return estimatedTokens(request)
    const { messages, system, tools, thinking } = anthropicRequest(model, request, traits)
    const counted = { model, messages, ...(system && { system }), ...(tools && { tools }), ...(thinking && { thinking }) }
    try {
      const { messages: counter } = await this.#options.client()
      return counter.countTokens === undefined ? estimatedTokens(request) : (await counter.countTokens(counted, { signal })).input_tokens
    } catch (error) {
      signal.throwIfAborted()
      const failure = this.#failureOf(error)
      if (failure.code === 'model-not-allowed') throw failure
      this.#counts = failure.code !== 'model-unknown' && failure.code !== 'model-malformed'
      return estimatedTokens(request)
    }
  }

  async #open(request: ModelRequest, signal: AbortSignal): Promise<AsyncIterable<Event>> {
    const { model, traits } = this.#options
    const client = await this.#options.client()
    try {
      return await client.messages.create(anthropicRequest(model, request, traits), { signal })
    } catch (error) {
      // Thoughts belong to the words before them: where these were shortened since, the thoughts are not taken back.
      if (!(error instanceof Anthropic.BadRequestError) || !/thinking/i.test(error.message)) throw error
      const plain = withoutThinking(request)
      if (JSON.stringify(plain) === JSON.stringify(request)) throw error
      return await client.messages.create(anthropicRequest(model, plain, traits), { signal })
    }
  }

  #brokenOff(began: boolean): ModelFailure {
    return began
      ? modelFailure('model-unreachable', `${this.card.name} broke off in the middle of its reply`)
      : modelFailure('model-malformed', `${this.card.name} answers, but not in the protocol of Anthropic`)
  }

  #failureOf(error: unknown, usage?: Usage): ModelFailure {
    const { name } = this.card
    const own = ownFailureIn(error)
    if (own !== undefined) return own.usage === undefined && usage !== undefined ? new ModelFailure(own.code, own.message, own.hint, { ...own, usage }) : own
    if (error instanceof Anthropic.APIConnectionError || !(error instanceof Anthropic.APIError)) {
      const reason = deepestCause(error)
      const isNonsense = error instanceof SyntaxError || (error instanceof Anthropic.AnthropicError && !(error instanceof Anthropic.APIError))
      const what = withoutSecrets(reason instanceof Error ? reason.message : String(reason))
      return isNonsense
        ? modelFailure('model-malformed', `${name} answers with what is not of the protocol: ${what}`, { cause: error, usage })
        : modelFailure('model-unreachable', `${name} cannot be reached: ${what}`, { cause: error, usage })
    }
    const understood = error.type !== null || error.apiMessage !== null
    const refusal = {
      status: error.status,
      type: error.type ?? undefined,
      message: error.apiMessage ?? error.message,
      headers: error.headers,
      understood,
    }
    return refusalFailure(refusal, { name, now: this.#options.now(), usage })
  }
}

function ownFailureIn(error: unknown): ModelFailure | undefined {
  for (let each = error; each instanceof Error; each = each.cause) if (each instanceof ModelFailure) return each
  return undefined
}

/** One reply as its events tell it. */
class Reading {
  readonly reply: ReplyUnderWay
  #usage: Usage | undefined
  #stop: StopCause | undefined
  #servedBy: string | undefined
  #finished = false

  constructor(request: ModelRequest) {
    this.reply = new ReplyUnderWay(request)
  }

  get began(): boolean {
    return this.#servedBy !== undefined
  }

  get finished(): boolean {
    return this.#finished && this.began
  }

  /** What is known to be billed, and of what is not told yet a guess from above. */
  usage(): Usage | undefined {
    if (this.#usage === undefined) return undefined
    return this.#finished || this.#stop !== undefined
      ? this.#usage
      : { ...this.#usage, outputTokens: Math.max(this.#usage.outputTokens, this.reply.outputTokens) }
  }

  whole(model: string): ModelReply {
    const nothing: Usage = { inputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: this.reply.outputTokens }
    return {
      content: this.reply.content(),
      stop: this.reply.wrong ? 'cut' : (this.#stop ?? 'end'),
      usage: this.usage() ?? nothing,
      servedBy: this.#servedBy ?? model,
    }
  }

  *read(event: Event): Generator<ModelEvent> {
    switch (event.type) {
      case 'message_start':
        this.#servedBy = event.message.model
        this.#usage = counted(event.message.usage)
        return
      case 'content_block_start':
        return yield* this.#begin(event.index, event.content_block)
      case 'content_block_delta':
        return yield* this.#grow(event.index, event.delta)
      case 'content_block_stop': {
        const call = this.reply.callUnder(event.index)
        if (call !== undefined) yield { kind: 'tool-call', call }
        return
      }
      case 'message_delta':
        this.#usage = counted(event.usage, this.#usage)
        this.#stop = STOPS[event.delta.stop_reason ?? 'end_turn'] ?? 'end'
        return
      case 'message_stop':
        this.#finished = true
    }
  }

  *#begin(index: number, block: Anthropic.ContentBlock): Generator<ModelEvent> {
    if (block.type === 'text' && block.text !== '') yield this.reply.text(index, block.text)
    else if (block.type === 'thinking') yield this.reply.thinking(index, block.thinking)
    else if (block.type === 'redacted_thinking') this.reply.sign(index, redactedSignature(block.data))
    else if (block.type === 'tool_use') this.reply.call(index, block.id, block.name)
  }

  *#grow(index: number, delta: Anthropic.RawContentBlockDelta): Generator<ModelEvent> {
    if (delta.type === 'text_delta') yield this.reply.text(index, delta.text)
    else if (delta.type === 'thinking_delta') yield this.reply.thinking(index, delta.thinking)
    else if (delta.type === 'signature_delta') this.reply.sign(index, delta.signature)
    else if (delta.type === 'input_json_delta') this.reply.input(index, delta.partial_json)
  }
}

const STOPS: Readonly<Record<Anthropic.StopReason, StopCause>> = {
  end_turn: 'end',
  pause_turn: 'end',
  tool_use: 'tool-calls',
  max_tokens: 'output-limit',
  model_context_window_exceeded: 'output-limit',
  stop_sequence: 'stop-sequence',
  refusal: 'refused',
}

/** Later numbers are those of the whole so far; what they leave out stands as it was. What is no number of tokens counts for nothing. */
function counted(usage: Anthropic.MessageDeltaUsage | Anthropic.Usage, before?: Usage): Usage {
  const tokens = (now: unknown, then = 0) => (typeof now === 'number' && Number.isFinite(now) && now >= 0 ? Math.ceil(now) : then)
  return {
    inputTokens: tokens(usage?.input_tokens, before?.inputTokens),
    cachedTokens: tokens(usage?.cache_read_input_tokens, before?.cachedTokens),
    cacheWriteTokens: tokens(usage?.cache_creation_input_tokens, before?.cacheWriteTokens),
    outputTokens: tokens(usage?.output_tokens, before?.outputTokens),
  }
}
