import type { Conversation, Interlocutor, ModelCard, ModelReply, ModelRequest, ReplyPart, Spent, ToolCall, Usage } from '@fixpoint/core'

/** One call as a script writes it. */
export interface ScriptedCall {
  readonly tool: string
  readonly input?: Readonly<Record<string, unknown>>
  readonly malformed?: string
}

/** One turn: words, calls, a whole reply, the end of the money, a failure, or any of them made from what was asked. */
export type ReplyScript =
  | string
  | readonly ScriptedCall[]
  | Partial<ModelReply>
  | Spent
  | Error
  | ((request: ModelRequest) => Exclude<ReplyScript, (request: ModelRequest) => ReplyScript>)

const USAGE: Usage = { inputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 10 }
const CARD: ModelCard = { name: 'scripted/model', contextTokens: 200_000, maxOutputTokens: 8_192, thinking: false }

/** Plays conversations, the first that is opened first. Runs out loudly, and tells what was not asked for. Keeps every request. */
export class ScriptedInterlocutor implements Interlocutor {
  readonly card: ModelCard
  readonly names: string[] = []
  readonly requests: ModelRequest[] = []
  readonly #scripts: ReplyScript[][]
  readonly #answered: ReadonlyMap<string, string>

  /** `answered`: by id, what calls were answered before a kill; the ids are `call-<conversation>-<turn>-<nth>`, from 1. */
  constructor(scripts: readonly (readonly ReplyScript[])[], options: { card?: Partial<ModelCard>; answered?: ReadonlyMap<string, string> } = {}) {
    this.card = { ...CARD, ...options.card }
    this.#scripts = scripts.map((script) => [...script])
    this.#answered = options.answered ?? new Map()
  }

  open(name: string): Conversation {
    this.names.push(name)
    const conversation = this.names.length
    const script = this.#scripts[conversation - 1]
    if (script === undefined) throw new Error(`a conversation "${name}" was opened, but only ${this.#scripts.length} are scripted`)
    let turn = 0
    return {
      card: this.card,
      ask: async (request) => {
        this.requests.push(request)
        const next = script.shift()
        if (next === undefined) throw new Error(`the conversation "${name}" was asked ${turn + 1} times, but its script ends before that`)
        turn += 1
        return replyFrom(typeof next === 'function' ? next(request) : next, `call-${conversation}-${turn}`)
      },
      answered: (call: ToolCall) => this.#answered.get(call.id),
    }
  }

  /** Throws when something of the scripts was never asked for. */
  assertDone(): void {
    const left = this.#scripts.flat().length
    if (left > 0) throw new Error(`${left} scripted replies were not asked for`)
  }
}

function replyFrom(script: Exclude<ReplyScript, (request: ModelRequest) => ReplyScript>, id: string): ModelReply | Spent {
  if (script instanceof Error) throw script
  const reply: ModelReply = { content: [], stop: 'end', usage: USAGE, servedBy: 'scripted' }
  if (typeof script === 'string') return { ...reply, content: script === '' ? [] : [{ kind: 'text', text: script }] }
  if (isCalls(script)) return { ...reply, stop: 'tool-calls', content: script.map((call, index) => callFrom(call, `${id}-${index + 1}`)) }
  return 'spent' in script ? script : { ...reply, ...script }
}

function isCalls(script: object): script is readonly ScriptedCall[] {
  return Array.isArray(script)
}

function callFrom({ tool, input, malformed }: ScriptedCall, id: string): ReplyPart {
  return { kind: 'tool-call', id, name: tool, input: { ...input }, ...(malformed === undefined ? {} : { malformed }) }
}
