import type { LaneCost } from '../words/certificate.ts'
import type { Answered } from './events.ts'

/** What models took, by lane and model, in the order in which they were first asked. */
export function costByLane(answered: readonly Answered[]): readonly LaneCost[] {
  const costs = new Map<string, LaneCost>()
  for (const { lane, model, usage, money } of answered) {
    const key = `${lane} ${model}`
    const sum = costs.get(key) ?? { lane, model, exchanges: 0, usage: { inputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 0 }, money: 0 }
    costs.set(key, {
      ...sum,
      exchanges: sum.exchanges + 1,
      usage: {
        inputTokens: sum.usage.inputTokens + usage.inputTokens,
        cachedTokens: sum.usage.cachedTokens + usage.cachedTokens,
        cacheWriteTokens: sum.usage.cacheWriteTokens + usage.cacheWriteTokens,
        outputTokens: sum.usage.outputTokens + usage.outputTokens,
      },
      money: sum.money + money,
    })
  }
  return [...costs.values()]
}
