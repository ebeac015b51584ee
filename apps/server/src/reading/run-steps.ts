import { evolve, type JournalEntry, nextStep, type Run, type Step } from '@fixpoint/core'

/** One step of a run as its journal tells it: from the fact before to the fact that ended it. */
export interface StepLine {
  step: Step['kind']
  startedAt: string
  /** Missing: it is not done yet. */
  endedAt?: string
  /** Numbers of the facts that it left. */
  facts: number[]
  failed: boolean
}

/** Facts that do not end a step: a paid exchange belongs to the step that asked. */
const WITHIN = new Set<JournalEntry['event']['kind']>(['model-answered'])

/** The steps, oldest first; the last is what the run does or waits for, unless it is settled. */
export function stepsOf(entries: readonly JournalEntry[]): StepLine[] {
  const steps: StepLine[] = []
  let run: Run = { phase: 'unopened' }
  let startedAt = entries[0]?.at ?? ''
  let facts: number[] = []
  for (const { event, at, seq } of entries) {
    const { kind } = nextStep(run)
    run = evolve(run, event)
    facts.push(seq)
    if (WITHIN.has(event.kind)) continue
    steps.push({ step: kind, startedAt, endedAt: at, facts, failed: event.kind === 'step-failed' })
    startedAt = at
    facts = []
  }
  const { kind } = nextStep(run)
  return kind === 'rest' || kind === 'open-run' ? steps : [...steps, { step: kind, startedAt, facts, failed: false }]
}
