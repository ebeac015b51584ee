import type { LanguageModel, ModelCard, ModelEvent, ModelFailure, ModelReply, ModelRequest, ReplyPart, Usage } from '@fixpoint/core'

/** One turn of a model: a reply (what it leaves out is made up), a failure, or either made from the request. */
export type ModelTurn =
  | Partial<ModelReply>
  | ModelFailure
  | ((request: ModelRequest) => Partial<ModelReply> | ModelFailure | Promise<Partial<ModelReply> | ModelFailure>)

/** Plays one turn per call of `ask`, in order, and throws when asked once more. Keeps the requests that it was given. */
export class ScriptedModel implements LanguageModel {
  readonly card: ModelCard
  readonly requests: ModelRequest[] = []
  readonly #turns: ModelTurn[]

  constructor(turns: readonly ModelTurn[], card: Partial<ModelCard> = {}) {
    this.card = aModelCard(card)
    this.#turns = [...turns]
  }

  /** Turns that nobody asked for. */
  get left(): number {
    return this.#turns.length
  }

  async *ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    signal.throwIfAborted()
    this.requests.push(structuredClone(request))
    const turn = this.#turns.shift()
    if (turn === undefined) throw new Error(`model ${this.card.name} was asked ${this.requests.length} times, but its script ends before that`)
    const said = typeof turn === 'function' ? await turn(request) : turn
    if (said instanceof Error) throw said
    const reply = aReply(said)
    yield* eventsOf(reply)
    signal.throwIfAborted()
    yield { kind: 'reply', reply }
  }

  async countTokens(request: ModelRequest): Promise<number> {
    return Math.ceil(JSON.stringify(request).length / 4)
  }
}

function* eventsOf(reply: ModelReply): Generator<ModelEvent> {
  for (const part of reply.content) {
    if (part.kind === 'tool-call') yield { kind: 'tool-call', call: part }
    else yield { kind: part.kind, text: part.text }
  }
}

export function aModelCard(more: Partial<ModelCard> = {}): ModelCard {
  return {
    name: 'test/scripted',
    contextTokens: 200_000,
    maxOutputTokens: 8192,
    prices: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
    thinking: false,
    ...more,
  }
}

export function aModelRequest(more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    system: 'You fix bugs.',
    tools: [],
    messages: [{ role: 'user', content: [{ kind: 'text', text: 'What is wrong?' }] }],
    maxOutputTokens: 1024,
    ...more,
  }
}

export function aUsage(more: Partial<Usage> = {}): Usage {
  return { inputTokens: 100, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 20, ...more }
}

/** Stops as its content lets it: for tool calls, or at its end. */
export function aReply(more: Partial<ModelReply> = {}): ModelReply {
  const content = more.content ?? [{ kind: 'text', text: 'Nothing.' }]
  return { content, stop: content.some(({ kind }) => kind === 'tool-call') ? 'tool-calls' : 'end', usage: aUsage(), servedBy: 'scripted', ...more }
}

/** A turn that only says something. */
export function says(text: string): Partial<ModelReply> {
  return { content: [{ kind: 'text', text }] }
}

/** A turn that calls tools, ids are made. */
export function calls(...tools: readonly (readonly [name: string, input: Record<string, unknown>])[]): Partial<ModelReply> {
  const content = tools.map(([name, input], index): ReplyPart => ({ kind: 'tool-call', id: `call-${name}-${index}`, name, input }))
  return { content }
}
