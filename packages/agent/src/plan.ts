import type { DraftTask, Lane, ModelCard, Policy, Reproduction } from '@fixpoint/core'
import { replyLimit } from './open-talk.ts'

/** What a failure looks like; each has its own advice (`prompts/failures.md`). */
export type FailureKind = 'crash' | 'assertion' | 'hang' | 'wrong-output'

export interface DraftPlan {
  readonly failure: FailureKind
  /** Tokens of the excerpts in the opening. */
  readonly excerptTokens: number
  readonly turns: number
  readonly thinkingTokens: number | undefined
  /** One conversation a candidate; they differ, or agreement would mean nothing. */
  readonly conversations: readonly { readonly name: string; readonly temperature: number | undefined }[]
}

const TURNS = 24
/** The opening leaves most of a context for what is found out. */
const SHARE_OF_CONTEXT = 0.25
const MOST_EXCERPT_TOKENS = 12_000
const THINKING = 4_096
/** Input of a conversation of usual length, nearly all of it read from a cache. */
const TOKENS_OF_A_CONVERSATION = 250_000
const MOST_CONVERSATIONS = 3
/** With less time, one that ends is worth more than two that do not. */
const MINUTES_FOR_MORE = 10
const TEMPERATURES = [undefined, 0.7, 1]

/** Decides by rules, before anything is asked or paid. */
export function planDraft(task: Pick<DraftTask, 'reproduction' | 'policy' | 'attempts' | 'lessons'>, card: ModelCard, lane: string): DraftPlan {
  const failure = failureKind(task.reproduction)
  // What a glance does not solve: nothing points at the line, or somebody has been wrong before.
  const isHard = failure === 'wrong-output' || failure === 'hang' || task.attempts > 0 || task.lessons.length > 0
  const thinks = card.thinking && isHard && replyLimit(card) >= 2 * THINKING
  const count = task.attempts > 0 ? 1 : affordable(task.policy, lane, card)
  return {
    failure,
    excerptTokens: excerptRoom(card),
    turns: TURNS,
    thinkingTokens: thinks ? THINKING : undefined,
    conversations: TEMPERATURES.slice(0, count).map((temperature, index) => ({
      name: `candidate ${index + 1}`,
      // Where a model thinks, providers set the temperature themselves.
      temperature: thinks ? undefined : temperature,
    })),
  }
}

/** Tokens of code in an opening. */
export function excerptRoom({ contextTokens }: Pick<ModelCard, 'contextTokens'>): number {
  return Math.min(MOST_EXCERPT_TOKENS, Math.floor(contextTokens * SHARE_OF_CONTEXT))
}

export function failureKind({ failure, oracle }: Pick<Reproduction, 'failure' | 'oracle'>): FailureKind {
  const { errorType = '', message } = failure
  if (/time(?:d)? ?out|did not (?:end|finish)|deadlock|Maximum call stack|recursion/i.test(`${errorType} ${message}`)) return 'hang'
  if (oracle === 'exit-code') return 'wrong-output'
  return /assert|expect/i.test(errorType) || /\bexpected\b|\bto (?:be|equal|deep)\b|^assert\b|[!=]==? /i.test(message.split('\n')[0] ?? '')
    ? 'assertion'
    : 'crash'
}

/** Candidates whose conversations the lane's share of the budget bears with room to spare. */
function affordable({ budget, lanes }: Policy, name: string, { prices }: ModelCard): number {
  const lane: Pick<Lane, 'share' | 'attempts'> = lanes.find((each) => each.name === name) ?? { share: 1 }
  if (budget.minutes < MINUTES_FOR_MORE) return 1
  const byTokens = (budget.tokens * lane.share) / TOKENS_OF_A_CONVERSATION
  // Nearly all of it is read from a cache; one in ten is not.
  const dollars = prices === undefined ? 0 : ((0.9 * prices.cacheRead + 0.1 * prices.input) * TOKENS_OF_A_CONVERSATION) / 1_000_000
  const byMoney = dollars > 0 ? (budget.money * lane.share) / dollars : Number.POSITIVE_INFINITY
  const byAttempts = Math.min(lane.attempts ?? MOST_CONVERSATIONS, budget.attempts)
  return Math.max(1, Math.min(MOST_CONVERSATIONS, byAttempts, Math.floor(Math.min(byTokens, byMoney) / 2)))
}
