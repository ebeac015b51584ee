import type { EventKind, JournalEntry, RunEvent } from '@fixpoint/core'
import type { RunFigures } from './evaluation-result.ts'

/** The step whose end a fact is. */
const STEP_OF: Partial<Record<EventKind, string>> = {
  'bug-reproduced': 'reproduce',
  'bug-not-reproduced': 'reproduce',
  'dossier-gathered': 'gather context',
  'patch-drafted': 'draft',
  'pending-dismissed': 'draft',
  'drafters-exhausted': 'draft',
  'patch-minimised': 'minimise',
  'patch-judged': 'judge',
  'patch-reviewed': 'review',
  'reproduction-widened': 'reproduce',
  'second-test-sought': 'reproduce',
  'patch-chosen': 'choose',
}
const ENDING = 'hand over'

/** The first two turns of a conversation have nothing in a provider's cache that could be read again. */
const FIRST_TURNS = 2

/** What a run took, as its journal tells it. Time between two facts belongs to the step that the later one ends. */
export function figuresOf(entries: readonly JournalEntry[]): RunFigures {
  const asked = entries.flatMap(({ event }) => (event.kind === 'model-answered' ? [event] : []))
  const reproduced = entries.map(({ event }) => event).find((event) => event.kind === 'bug-reproduced')
  const sum = (of: (each: (typeof asked)[number]) => number, among: readonly (typeof asked)[number][] = asked) => among.reduce((all, each) => all + of(each), 0)
  const turns = new Map<string, number>()
  const later = asked.filter(({ conversation }) => {
    const before = turns.get(conversation) ?? 0
    turns.set(conversation, before + 1)
    return before >= FIRST_TURNS
  })
  return {
    reproducedBy: reproduced?.source ?? null,
    attempts: entries.filter(({ event }) => event.kind === 'patch-judged').length,
    turns: asked.length,
    usage: {
      inputTokens: sum(({ usage }) => usage.inputTokens),
      cachedTokens: sum(({ usage }) => usage.cachedTokens),
      cacheWriteTokens: sum(({ usage }) => usage.cacheWriteTokens),
      outputTokens: sum(({ usage }) => usage.outputTokens),
    },
    money: sum(({ money }) => money),
    laterInput: {
      tokens: sum(({ usage }) => usage.inputTokens + usage.cachedTokens + usage.cacheWriteTokens, later),
      cached: sum(({ usage }) => usage.cachedTokens, later),
    },
    models: [...new Set(asked.map(({ model }) => model))].sort(),
    prompts: [...new Set(asked.map(({ prompts }) => prompts))].sort(),
    steps: secondsByStep(entries),
    seconds: rounded((timeOf(entries.at(-1)) - timeOf(entries[0])) / 1000),
  }
}

export const NO_FIGURES = figuresOf([])

function secondsByStep(entries: readonly JournalEntry[]): Record<string, number> {
  const steps: Record<string, number> = {}
  let since = timeOf(entries[0])
  for (const entry of entries.slice(1)) {
    // Its time is part of the step in which the model was asked.
    if (entry.event.kind === 'model-answered') continue
    const step = stepOf(entry.event)
    steps[step] = rounded((steps[step] ?? 0) + (timeOf(entry) - since) / 1000)
    since = timeOf(entry)
  }
  return steps
}

function stepOf(event: RunEvent): string {
  if (event.kind === 'step-failed') return `${event.step}, again`
  return STEP_OF[event.kind] ?? ENDING
}

function timeOf(entry: JournalEntry | undefined): number {
  return entry === undefined ? 0 : Date.parse(entry.at)
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
