import type { Usage } from '@fixpoint/core'

export function sumOf(first: Usage | undefined, second: Usage): Usage
export function sumOf(first: Usage | undefined, second: Usage | undefined): Usage | undefined
export function sumOf(first: Usage | undefined, second: Usage | undefined): Usage | undefined {
  if (first === undefined || second === undefined) return first ?? second
  return {
    inputTokens: first.inputTokens + second.inputTokens,
    cachedTokens: first.cachedTokens + second.cachedTokens,
    cacheWriteTokens: first.cacheWriteTokens + second.cacheWriteTokens,
    outputTokens: first.outputTokens + second.outputTokens,
  }
}
