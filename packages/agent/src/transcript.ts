import type { ModelCard, ModelMessage, ModelReply, ModelRequest, ReplyPart, ToolCall } from '@fixpoint/core'
import { tokensOf } from '@fixpoint/core'
import { isRefused } from './tool.ts'

/** A guess from above for code and English. */
const CHARACTERS_PER_TOKEN = 3.5
/** Of the context: fuller than this, older answers go; they go until it is this full. */
const FULL = 0.7
const ROOMY = 0.45
/** The newest answers always stay. */
const KEPT_ANSWERS = 4
/** Below this a stub saves nothing. */
const WORTH_LEAVING_OUT = 400

type Fixed = Omit<ModelRequest, 'messages'>
type UserPart = Extract<ModelMessage, { role: 'user' }>['content'][number]

/** What was said, in the order in which it is sent: the opening first, and unchanged for as long as the conversation lasts. */
export class Transcript {
  readonly #fixed: Fixed
  readonly #room: number
  readonly #messages: ModelMessage[]
  readonly #calls = new Map<string, ToolCall>()
  #characters: number
  #tokensPerCharacter = 1 / CHARACTERS_PER_TOKEN
  readonly #logProbabilities: number[] = []

  constructor(fixed: Fixed, opening: string, card: Pick<ModelCard, 'contextTokens'>) {
    this.#fixed = fixed
    this.#room = Math.min(card.contextTokens * FULL, card.contextTokens - fixed.maxOutputTokens)
    this.#messages = [{ role: 'user', content: [{ kind: 'text', text: opening, stable: true }] }]
    this.#characters = fixed.system.length + JSON.stringify(fixed.tools).length + opening.length
  }

  request(): ModelRequest {
    return { ...this.#fixed, messages: [...this.#messages] }
  }

  /** Keeps a reply; its calls come back under ids that no other call of this conversation has. */
  hear(reply: ModelReply): readonly ToolCall[] {
    const { inputTokens, cachedTokens, cacheWriteTokens } = reply.usage
    const sent = tokensOf({ inputTokens, cachedTokens, cacheWriteTokens, outputTokens: 0 })
    if (sent > 0) this.#tokensPerCharacter = Math.max(sent / this.#characters, 1 / (2 * CHARACTERS_PER_TOKEN))
    if (reply.meanLogProbability !== undefined) this.#logProbabilities.push(reply.meanLogProbability)
    const content = reply.content.filter((part) => part.kind !== 'text' || part.text.trim() !== '').map((part) => this.#withOwnId(part))
    if (!content.some((part) => part.kind !== 'thinking')) content.push({ kind: 'text', text: '(no answer)' })
    this.#add({ role: 'assistant', content })
    return content.filter((part) => part.kind === 'tool-call')
  }

  /** What tools said, and after it our own words. */
  answer(answers: readonly { readonly id: string; readonly text: string }[], words: readonly string[]): void {
    const results = answers.map(({ id, text }): UserPart => ({ kind: 'tool-result', id, text, ...(isRefused(text) ? { failed: true } : {}) }))
    this.#add({ role: 'user', content: [...results, ...words.map((text): UserPart => ({ kind: 'text', text }))] })
  }

  /** Of all replies, where the endpoint tells. */
  meanLogProbability(): number | undefined {
    const all = this.#logProbabilities
    return all.length === 0 ? undefined : all.reduce((sum, each) => sum + each, 0) / all.length
  }

  isFull(): boolean {
    return this.#characters * this.#tokensPerCharacter > this.#room
  }

  /** Leaves out what can be had again, oldest first; edits and the last test run stay. False when there is nothing to leave out. */
  compact(): boolean {
    const before = this.#characters
    // Whoever calls it knows that there is too much, whatever we count.
    const goal = Math.min((this.#room * (ROOMY / FULL)) / this.#tokensPerCharacter, before * (ROOMY / FULL))
    const kept = this.#keptIds()
    for (let at = 1; at < this.#messages.length && this.#characters > goal; at += 1) {
      const message = this.#messages[at]
      if (message?.role === 'user') this.#replace(at, { role: 'user', content: message.content.map((part) => this.#stubOf(part, kept)) })
      else if (message !== undefined && at < this.#messages.length - 2)
        this.#replace(at, { role: 'assistant', content: message.content.filter((part) => part.kind !== 'thinking' || part.signature !== undefined) })
    }
    return this.#characters < before
  }

  #keptIds(): ReadonlySet<string> {
    const ids = this.#messages.flatMap(({ content }) => content.flatMap((part) => (part.kind === 'tool-result' ? [part.id] : [])))
    const nameOf = (id: string) => this.#calls.get(id)?.name
    const lastTest = ids.findLast((id) => nameOf(id) === 'run_tests')
    return new Set([...ids.slice(-KEPT_ANSWERS), ...ids.filter((id) => nameOf(id) === 'edit_file'), ...(lastTest === undefined ? [] : [lastTest])])
  }

  #stubOf(part: UserPart, kept: ReadonlySet<string>): UserPart {
    if (part.kind !== 'tool-result' || kept.has(part.id) || part.text.length < WORTH_LEAVING_OUT) return part
    const call = this.#calls.get(part.id)
    return { ...part, text: `(left out to save room: the answer to ${call?.name} ${JSON.stringify(call?.input).slice(0, 200)}; call it again if you need it)` }
  }

  /** Some endpoints count calls anew in every reply. */
  #withOwnId(part: ReplyPart): ReplyPart {
    if (part.kind !== 'tool-call') return part
    let id = part.id
    for (let nth = 2; this.#calls.has(id); nth += 1) id = `${part.id}-${nth}`
    const call = { ...part, id }
    this.#calls.set(id, call)
    return call
  }

  #add(message: ModelMessage): void {
    this.#messages.push(message)
    this.#characters += sizeOf(message)
  }

  #replace(at: number, message: ModelMessage): void {
    const old = this.#messages[at]
    this.#characters += sizeOf(message) - (old === undefined ? 0 : sizeOf(old))
    this.#messages[at] = message
  }
}

function sizeOf({ content }: ModelMessage): number {
  return content.reduce((sum, part) => sum + (part.kind === 'tool-call' ? part.name.length + JSON.stringify(part.input).length : part.text.length), 0)
}
