import { type LaneCost, tokensOf } from '@fixpoint/core'

/** `cheap (anthropic/…): 12 exchanges, 45210 tokens (31 % of the input cached), $0.0412`. */
export function costInWords({ lane, model, exchanges, usage, money }: LaneCost): string {
  const input = usage.inputTokens + usage.cachedTokens + usage.cacheWriteTokens
  const cached = usage.cachedTokens > 0 ? ` (${Math.round((100 * usage.cachedTokens) / input)} % of the input cached)` : ''
  const cost = money > 0 ? `$${money.toFixed(4)}` : 'no price known'
  return `${lane} (${model}): ${exchanges} exchange${exchanges === 1 ? '' : 's'}, ${tokensOf(usage)} tokens${cached}, ${cost}`
}
