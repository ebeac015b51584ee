import type { ModelCard, ModelReply, ModelRequest, ToolCall } from '../words/conversation.ts'

export type ModelEvent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thinking'; readonly text: string }
  /** Whole. */
  | { readonly kind: 'tool-call'; readonly call: ToolCall }
  /** The last. */
  | { readonly kind: 'reply'; readonly reply: ModelReply }

/** Something that answers. Whoever stops reading its events ends the call. Only `reply` counts: what comes before is to be looked at, and may come twice. */
export interface LanguageModel {
  readonly card: ModelCard
  /** Throws `ModelFailure`; after it nothing of a reply counts but the tokens it names. */
  ask(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>
  /** Tokens of input; a guess from above where the endpoint does not count. */
  countTokens(request: ModelRequest, signal: AbortSignal): Promise<number>
}

/** What a conversation may not go on for: the share of its lane is used up. */
export interface Spent {
  readonly spent: string
}

/**
 * A model as those who draft meet it. Every exchange is durable before its reply is given; driven again after a kill, the same requests
 * get the replies of then and cost nothing.
 */
export interface Conversation {
  readonly card: ModelCard
  /** `prompts`: the version of the words that it is asked with. Throws `ModelFailure`, and `Failure('budget-exhausted')` when the run has nothing left. */
  ask(request: ModelRequest, prompts: string, signal: AbortSignal): Promise<ModelReply | Spent>
  /** What a tool call of this conversation was answered before the kill: its effects outside the room are to be done again, its work is not. */
  answered(call: ToolCall): string | undefined
}

/** Opens conversations with the model of one lane. The same name is the same conversation when a step is performed again. */
export interface Interlocutor {
  readonly card: ModelCard
  open(name: string): Conversation
}
