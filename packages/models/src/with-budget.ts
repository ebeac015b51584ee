import { type Ceiling, costOf, Failure, type LanguageModel, type Ledger, ModelFailure, type RunId, tokensOf, type Usage } from '@fixpoint/core'
import { estimatedTokens } from './estimated-tokens.ts'

/** Longer than this no call takes. */
const DEADLINE_MS = 20 * 60_000

export interface Reservations {
  readonly ledger: Pick<Ledger, 'reserve' | 'settle'>
  readonly run: RunId
  readonly repository: string
  /** Of the run's policy. */
  readonly budget: Ceiling
}

/** Reserves the most that a call can cost before it is made, and settles what it did cost. Throws `Failure('budget-exhausted')` when there is no room. */
export function withBudget(model: LanguageModel, { ledger, run, repository, budget }: Reservations): LanguageModel {
  return {
    card: model.card,
    countTokens: (request, signal) => model.countTokens(request, signal),
    async *ask(request, signal) {
      const reserve = async (input: number) => {
        const most = { inputTokens: 0, cachedTokens: 0, cacheWriteTokens: input, outputTokens: request.maxOutputTokens + (request.thinkingTokens ?? 0) }
        const atMost = { money: costOf(most, model.card), tokens: tokensOf(most) }
        return { most, atMost, answer: await ledger.reserve({ run, repository, atMost, budget, deadlineMs: DEADLINE_MS }) }
      }
      // Counting exactly costs a call: it is worth it when there is hardly room.
      let { most, atMost, answer: reserved } = await reserve(estimatedTokens(request))
      if ('refused' in reserved) ({ most, atMost, answer: reserved } = await reserve(await model.countTokens(request, signal)))
      if ('refused' in reserved) {
        const { scope, kind, spent, ceiling } = reserved.refused
        const unit = (amount: number) => (kind === 'money' ? `$${amount.toFixed(2)}` : `${Math.round(amount)} tokens`)
        throw new Failure(
          'budget-exhausted',
          `${unit(spent)} of ${unit(ceiling)} for ${SCOPES[scope]} are used, and the next call of ${model.card.name} may take ${unit(atMost[kind])}`,
          'Give the run more with --budget money=5,tokens=2000000, or raise spending in the operator’s settings.',
        )
      }
      // Until it is known, a call that broke off has cost what it could have.
      let usage: Usage | undefined = most
      try {
        for await (const event of model.ask(request, signal)) {
          if (event.kind === 'reply') usage = event.reply.usage
          yield event
        }
      } catch (error) {
        if (error instanceof ModelFailure) usage = error.usage
        throw error
      } finally {
        await ledger.settle(reserved.reservation, { money: usage ? costOf(usage, model.card) : 0, tokens: usage ? tokensOf(usage) : 0 })
      }
    },
  }
}

const SCOPES = { run: 'this run', repository: 'this repository today', day: 'today' } as const
