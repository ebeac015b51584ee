import type { Hash, Interlocutor } from '@fixpoint/core'
import type { Talk } from './loop.ts'
import type { Prompts } from './prompts.ts'
import { StuckWatch } from './stuckness.ts'
import type { Tool } from './tool.ts'
import { Transcript } from './transcript.ts'

/** The words, and how their version is worked out. */
export interface AgentOptions {
  readonly prompts: Prompts
  readonly hash: Hash
}

export interface TalkRequest extends AgentOptions {
  readonly model: Interlocutor
  /** The same name is the same conversation after a kill. */
  readonly name: string
  readonly system: string
  readonly opening: string
  readonly tools: readonly Tool[]
  readonly turns: number
  readonly temperature?: number | undefined
  readonly thinkingTokens?: number | undefined
  /** What has been changed so far, as text. */
  readonly state?: () => string
}

const LONGEST_REPLY = 8_192

/** What a model may say at once: never so much that its context has no room for anything else. */
export function replyLimit({ maxOutputTokens, contextTokens }: Interlocutor['card']): number {
  return Math.min(maxOutputTokens, LONGEST_REPLY, Math.floor(contextTokens / 4))
}

export function openTalk({ model, name, prompts, hash, system, opening, tools, turns, temperature, thinkingTokens, state = () => '' }: TalkRequest): Talk {
  const fixed = {
    system,
    tools: tools.map(({ spec }) => spec),
    maxOutputTokens: replyLimit(model.card),
    ...(temperature === undefined ? {} : { temperature }),
    ...(thinkingTokens === undefined ? {} : { thinkingTokens }),
  }
  return {
    conversation: model.open(name),
    transcript: new Transcript(fixed, opening, model.card),
    watch: new StuckWatch(state),
    version: prompts.version(hash),
    ...{ tools, prompts, turns },
  }
}
