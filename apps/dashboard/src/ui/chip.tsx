import type { ReactNode } from 'react'
import { classes } from './classes.ts'

const TONES = {
  good: 'bg-good-soft text-good',
  bad: 'bg-bad-soft text-bad',
  warn: 'bg-warn-soft text-warn',
  plain: 'bg-hover text-muted',
} as const

export type Tone = keyof typeof TONES

/** A word about something, in a colour that repeats what the word says. */
export function Chip({ tone = 'plain', title, children }: { readonly tone?: Tone; readonly title?: string | undefined; readonly children: ReactNode }) {
  return (
    <span title={title} className={classes('inline-flex h-5 items-center gap-1 whitespace-nowrap rounded px-1.5 text-xs font-medium', TONES[tone])}>
      {children}
    </span>
  )
}
