import { inert } from '@fixpoint/core'

export function neutral(text: string, maximum = 700): string {
  return inert(text, maximum).replaceAll('@', '@\u200b').replaceAll('<', '‹').replaceAll('>', '›').replaceAll('](', '] (').replaceAll('://', ':\u200b//')
}
