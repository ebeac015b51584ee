import type { ModelEvent, ModelReply, ModelRequest, ReplyPart, ToolCall } from '@fixpoint/core'
import { repeats } from './repetition.ts'

/** Letters that no tokenizer packs into one token on average: who writes more ignores the limit that was set. */
const MOST_LETTERS_PER_TOKEN = 16
/** A limit of a few tokens is not enforced to the letter by everybody. */
const GRACE_LETTERS = 16_384
/** New letters between two looks at whether it repeats itself. */
const LOOK_EVERY = 2048
/** Fewer letters than this to a token no code has. */
const FEWEST_LETTERS_PER_TOKEN = 2

type Draft =
  | { readonly kind: 'text'; text: string }
  | { readonly kind: 'thinking'; text: string; signature?: string }
  | { readonly kind: 'tool-call'; readonly id: string; name: string; text: string }

/** What has come of a reply so far, part by part, under keys of the adapter’s own. Knows when it has gone wrong and is worth no more waiting. */
export class ReplyUnderWay {
  readonly #drafts = new Map<unknown, Draft>()
  readonly #most: number
  #letters = 0
  #looked = 0
  #wrong = false

  constructor(request: Pick<ModelRequest, 'maxOutputTokens' | 'thinkingTokens'>) {
    this.#most = (request.maxOutputTokens + (request.thinkingTokens ?? 0)) * MOST_LETTERS_PER_TOKEN + GRACE_LETTERS
  }

  /** It goes in circles, or on for ever. */
  get wrong(): boolean {
    return this.#wrong
  }

  get hasCalls(): boolean {
    return [...this.#drafts.values()].some((draft) => draft.kind === 'tool-call')
  }

  /** A guess from above. */
  get outputTokens(): number {
    return Math.ceil(this.#letters / FEWEST_LETTERS_PER_TOKEN)
  }

  text(key: unknown, piece: string): ModelEvent {
    this.#grow(this.#draft(key, { kind: 'text', text: '' }), piece)
    return { kind: 'text', text: piece }
  }

  thinking(key: unknown, piece: string): ModelEvent {
    this.#grow(this.#draft(key, { kind: 'thinking', text: '' }), piece)
    return { kind: 'thinking', text: piece }
  }

  sign(key: unknown, signature: string): void {
    const draft = this.#draft(key, { kind: 'thinking', text: '' })
    if (draft.kind === 'thinking') draft.signature = (draft.signature ?? '') + signature
  }

  call(key: unknown, id: string, name: string): void {
    this.#draft(key, { kind: 'tool-call', id, name, text: '' })
  }

  input(key: unknown, piece: string): void {
    const draft = this.#drafts.get(key)
    if (draft !== undefined) this.#grow(draft, piece)
  }

  /** The call under a key, as whole as it is; nothing under the key of another part. */
  callUnder(key: unknown): ToolCall | undefined {
    const draft = this.#drafts.get(key)
    return draft?.kind === 'tool-call' ? callOf(draft) : undefined
  }

  calls(): readonly ToolCall[] {
    return this.content().filter((part) => part.kind === 'tool-call')
  }

  /** Without parts in which nothing stands. */
  content(): ModelReply['content'] {
    return [...this.#drafts.values()].flatMap((draft): ReplyPart[] => {
      if (draft.kind === 'tool-call') return [callOf(draft)]
      return draft.text === '' && !('signature' in draft) ? [] : [{ ...draft }]
    })
  }

  #draft(key: unknown, fresh: Draft): Draft {
    const draft = this.#drafts.get(key) ?? fresh
    this.#drafts.set(key, draft)
    return draft
  }

  #grow(draft: Draft, piece: string): void {
    draft.text += piece
    this.#letters += piece.length
    if (this.#letters > this.#most) this.#wrong = true
    if (this.#letters - this.#looked < LOOK_EVERY) return
    this.#looked = this.#letters
    if (repeats(draft.text)) this.#wrong = true
  }
}

function callOf({ id, name, text }: { id: string; name: string; text: string }): ToolCall {
  const input = text.trim() === '' ? {} : objectIn(text)
  return input === undefined ? { kind: 'tool-call', id, name, input: {}, malformed: text } : { kind: 'tool-call', id, name, input }
}

/** The JSON of an object, or undefined. */
export function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
