import { randomUUID } from 'node:crypto'
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
import { estimatedTokens } from './estimated-tokens.ts'
import { eventData } from './event-stream.ts'
import type { Fetch } from './guarded-fetch.ts'
import type { Traits } from './model-cards.ts'
import { Chunk, type ChunkCall, type ChunkUsage, ErrorBody } from './openai-chunk.ts'
import { type Optional, openAiRequest, wordRefused } from './openai-request.ts'
import { deepestCause, modelFailure, refusalFailure, withoutSecrets } from './refusal.ts'
import { objectIn, ReplyUnderWay } from './reply-under-way.ts'

export interface OpenAiOptions {
  readonly card: ModelCard
  readonly traits: Traits
  /** As the endpoint calls it. */
  readonly model: string
  /** With its version: `http://localhost:11434/v1`. */
  readonly baseUrl: string
  readonly key?: string | undefined
  readonly fetch: Fetch
  readonly now: () => Date
}

/** No message of an error is longer. */
const MOST_OF_AN_ERROR = 16_384

/** Chat completions, as OpenAI, Ollama, LM Studio, vLLM, llama.cpp, OpenRouter and many more speak them. */
export class OpenAiModel implements LanguageModel {
  readonly card: ModelCard
  readonly #options: OpenAiOptions
  readonly #refused = new Set<Optional>()

  constructor(options: OpenAiOptions) {
    this.card = options.card
    this.#options = options
  }

  async *ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const reading = new Reading(request, this.#options.model)
    const ending = new AbortController()
    try {
      for await (const chunk of this.#chunks(request, AbortSignal.any([signal, ending.signal]))) {
        if (chunk.error !== undefined && chunk.error !== null) throw this.#errorIn(chunk.error, reading.usage())
        yield* reading.read(chunk)
        if (reading.reply.wrong) break
      }
      signal.throwIfAborted()
      if (!reading.reply.wrong && !reading.finished) throw modelFailure('model-unreachable', `${this.card.name} broke off in the middle of its reply`)
      const reply = reading.whole()
      for (const call of reading.reply.calls()) yield { kind: 'tool-call', call }
      yield { kind: 'reply', reply }
    } catch (error) {
      signal.throwIfAborted()
      throw this.#failureOf(error, reading.began ? reading.usage() : undefined)
    } finally {
      ending.abort()
    }
  }

  /** These endpoints do not count. */
  async countTokens(request: ModelRequest): Promise<number> {
    return estimatedTokens(request)
  }

  async *#chunks(request: ModelRequest, signal: AbortSignal): AsyncGenerator<Chunk> {
    const response = await this.#post(request, signal)
    if (response.body === null) return
    if (!response.headers.get('content-type')?.includes('event-stream')) return yield this.#chunk(await response.text())
    for await (const data of eventData(response.body)) {
      if (data === '[DONE]') return yield { choices: [{ finish_reason: 'stop' }] }
      yield this.#chunk(data)
    }
  }

  #chunk(text: string): Chunk {
    const parsed = Chunk.safeParse(objectIn(text))
    if (parsed.success) return parsed.data
    throw modelFailure('model-malformed', `${this.card.name} answers with what is no chat completion: ${startOf(text)}`)
  }

  async #post(request: ModelRequest, signal: AbortSignal): Promise<Response> {
    const { model, baseUrl, key, fetch, traits } = this.#options
    const isOpenAi = /(^|\.)openai\.com$/.test(new URL(baseUrl).hostname)
    for (;;) {
      const body = openAiRequest(model, request, traits, { isOpenAi, refused: this.#refused })
      const response = await fetch(`${baseUrl.replace(/\/$/, '')}/chat/completions`, {
        method: 'POST',
        signal,
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
        body: JSON.stringify(body),
      })
      if (response.ok) return response
      const said = (await response.text()).slice(0, MOST_OF_AN_ERROR)
      const error = ErrorBody.safeParse(objectIn(said))
      const word = (response.status === 400 || response.status === 422) && error.success ? wordRefused(error.data.message, body) : undefined
      if (word === undefined) {
        const refusal = {
          status: response.status,
          headers: response.headers,
          ...(error.success ? { ...error.data, understood: true } : { message: startOf(said), understood: false }),
        }
        throw refusalFailure(refusal, { name: this.card.name, now: this.#options.now() })
      }
      this.#refused.add(word)
    }
  }

  #errorIn(error: unknown, usage: Usage): ModelFailure {
    const parsed = ErrorBody.safeParse({ error })
    const refusal = parsed.success ? { ...parsed.data, understood: true } : { message: startOf(JSON.stringify(error)), type: undefined, understood: true }
    return refusalFailure({ ...refusal, type: refusal.type ?? 'server_error' }, { name: this.card.name, now: this.#options.now(), usage })
  }

  #failureOf(error: unknown, usage: Usage | undefined): ModelFailure {
    if (error instanceof ModelFailure)
      return error.usage !== undefined || usage === undefined ? error : new ModelFailure(error.code, error.message, error.hint, { ...error, usage })
    const cause = deepestCause(error)
    if (cause instanceof ModelFailure) return cause
    const what = withoutSecrets(cause instanceof Error ? cause.message : String(cause))
    return modelFailure('model-unreachable', `${this.card.name} cannot be reached: ${what}`, { cause: error, usage })
  }
}

function startOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line === '' ? 'nothing' : line.slice(0, 120)
}

const STOPS: Readonly<Record<string, StopCause>> = {
  stop: 'end',
  length: 'output-limit',
  content_filter: 'refused',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
}

/** One reply as its chunks tell it. */
class Reading {
  readonly reply: ReplyUnderWay
  readonly #request: ModelRequest
  #servedBy: string
  #usage: ChunkUsage | undefined
  #stop: StopCause | undefined
  #began = false
  /** Which call of an index its next piece belongs to. */
  readonly #open = new Map<number, string>()
  readonly #probabilities = { sum: 0, count: 0 }

  constructor(request: ModelRequest, model: string) {
    this.reply = new ReplyUnderWay(request)
    this.#request = request
    this.#servedBy = model
  }

  get began(): boolean {
    return this.#began
  }

  get finished(): boolean {
    return this.#stop !== undefined
  }

  *read(chunk: Chunk): Generator<ModelEvent> {
    this.#began = true
    this.#servedBy = chunk.model ?? this.#servedBy
    this.#usage = chunk.usage ?? this.#usage
    const choice = chunk.choices?.[0]
    if (choice === undefined) return
    const delta = choice.delta ?? choice.message
    const thought = delta?.reasoning_content ?? delta?.reasoning
    if (thought) yield this.reply.thinking('thinking', thought)
    const text = delta?.content ?? delta?.refusal
    if (text) yield this.reply.text('text', text)
    for (const [position, call] of (delta?.tool_calls ?? []).entries()) this.#grow(call, position)
    for (const { logprob } of choice.logprobs?.content ?? []) {
      this.#probabilities.sum += logprob
      this.#probabilities.count += 1
    }
    if (delta?.refusal) this.#stop = 'refused'
    if (choice.finish_reason) this.#stop ??= typeof choice.stop_reason === 'string' ? 'stop-sequence' : (STOPS[choice.finish_reason] ?? 'end')
  }

  /** A call comes in pieces under its index; some endpoints send it whole, without an index or with the same for all. */
  #grow(call: ChunkCall, position: number): void {
    const { name, arguments: input } = call.function ?? {}
    const index = call.index ?? position
    if (name) {
      const id = call.id || `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`
      const key = call.id || call.index === undefined ? `${index} ${id}` : String(index)
      this.#open.set(index, key)
      this.reply.call(key, id, name)
    }
    if (input !== undefined && input !== null) this.reply.input(this.#open.get(index), typeof input === 'string' ? input : JSON.stringify(input))
  }

  whole(): ModelReply {
    const { sum, count } = this.#probabilities
    const stop = this.reply.hasCalls && (this.#stop === 'end' || this.#stop === undefined) ? 'tool-calls' : this.#stop
    return {
      content: this.reply.content(),
      stop: this.reply.wrong ? 'cut' : (stop ?? 'end'),
      usage: this.usage(),
      servedBy: this.#servedBy,
      ...(count > 0 && { meanLogProbability: sum / count }),
    }
  }

  /** As it was told; what was not told is guessed from above. */
  usage(): Usage {
    const { prompt_tokens: input, completion_tokens: output, prompt_tokens_details: details } = this.#usage ?? {}
    const cachedTokens = Math.min(details?.cached_tokens ?? 0, input ?? 0)
    const cacheWriteTokens = Math.min(details?.cache_write_tokens ?? 0, (input ?? 0) - cachedTokens)
    return {
      inputTokens: (input ?? estimatedTokens(this.#request)) - cachedTokens - cacheWriteTokens,
      cachedTokens,
      cacheWriteTokens,
      outputTokens: output ?? this.reply.outputTokens,
    }
  }
}
