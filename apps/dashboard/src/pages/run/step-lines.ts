import type { Attempt, Step } from './run.ts'

/** Where a run waits for people or for a code host: no work is done. */
const WAITS: readonly string[] = ['await-decision', 'await-outcome']
/** Steps that make one attempt, until its judgement. */
const OF_ATTEMPT: readonly string[] = ['draft-patch', 'minimise-patch', 'judge-patch']
/** From so many steps on, those of an attempt are one line until it is opened. */
const MANY = 24
/** A wait is drawn as this part of the work at most: a weekend must not squeeze the minutes beside it. */
const WIDEST_WAIT = 0.12

const STEP_WORDS: Readonly<Record<string, string>> = {
  'open-run': 'Open the run',
  'reproduce-bug': 'Reproduce the bug',
  'gather-dossier': 'Gather context',
  'draft-patch': 'Draft a patch',
  'choose-patch': 'Choose a patch',
  'minimise-patch': 'Minimise the patch',
  'judge-patch': 'Judge the patch',
  'review-patch': 'Have it read',
  'widen-reproduction': 'Widen the reproduction',
  'plan-proposal': 'Plan the proposal',
  'publish-proposal': 'Publish it',
  'withhold-proposal': 'Withhold it',
  'await-decision': 'Wait for a decision',
  'await-outcome': 'Wait for its pull request',
  'settle-run': 'Settle',
  'diagnose-run': 'Write a diagnosis',
}

export function stepWords(step: string): string {
  return STEP_WORDS[step] ?? step.replaceAll('-', ' ')
}

export function isWait({ step }: Step): boolean {
  return WAITS.includes(step)
}

/** A step as it is drawn: where its bar begins and how wide it is, in parts of the whole. */
export interface StepLine {
  /** From 1. */
  readonly number: number
  readonly step: Step
  readonly attempt: Attempt | undefined
  readonly offset: number
  readonly width: number
  readonly ms: number
}

/** One line of the waterfall: a step, or an attempt whose steps are put together. */
export type WaterfallLine = { readonly kind: 'step'; readonly line: StepLine } | { readonly kind: 'attempt'; readonly lines: readonly StepLine[] }

export function stepLines(steps: readonly Step[], attempts: readonly Attempt[], now: number): readonly StepLine[] {
  const took = steps.map(({ startedAt, endedAt }) => Math.max(0, (endedAt === undefined ? now : Date.parse(endedAt)) - Date.parse(startedAt)))
  const sum = (all: readonly number[]) => all.reduce((total, ms) => total + ms, 0)
  const work = sum(took.filter((_, index) => !isWait(steps[index] as Step)))
  const drawn = took.map((ms, index) => (isWait(steps[index] as Step) && work > 0 ? Math.min(ms, work * WIDEST_WAIT) : ms))
  const whole = sum(drawn) || 1
  let offset = 0
  return steps.map((step, index) => {
    const width = (drawn[index] ?? 0) / whole
    const line = { number: index + 1, step, attempt: attemptOf(step, attempts), offset, width, ms: took[index] ?? 0 }
    offset += width
    return line
  })
}

/** The attempt that a step is part of: the first that was judged after it began. */
function attemptOf({ step, startedAt, endedAt }: Step, attempts: readonly Attempt[]): Attempt | undefined {
  if (!OF_ATTEMPT.includes(step)) return undefined
  return attempts.find(({ at }) => at > startedAt || at === endedAt)
}

/** Many steps of attempts that are over become one line each, but for the attempts in `open`. */
export function waterfallLines(lines: readonly StepLine[], open: readonly number[]): readonly WaterfallLine[] {
  if (lines.length < MANY) return lines.map((line) => ({ kind: 'step', line }))
  const drawn: WaterfallLine[] = []
  for (const line of lines) {
    const number = line.attempt?.number
    const last = drawn.at(-1)
    if (number === undefined) drawn.push({ kind: 'step', line })
    else if (last?.kind === 'attempt' && last.lines[0]?.attempt?.number === number) drawn[drawn.length - 1] = { kind: 'attempt', lines: [...last.lines, line] }
    else drawn.push({ kind: 'attempt', lines: [line] })
  }
  return drawn.flatMap((each) =>
    each.kind === 'attempt' && open.includes(each.lines[0]?.attempt?.number ?? -1)
      ? [each, ...each.lines.map((line) => ({ kind: 'step', line }) as const)]
      : [each],
  )
}
