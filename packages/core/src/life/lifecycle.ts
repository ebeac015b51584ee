import type { EventKind, RunEvent } from './events.ts'
import type { Phase } from './run.ts'

/** Facts that may come in any phase before the run is settled. */
const ALWAYS = ['model-answered', 'step-failed', 'run-stopped', 'run-cancelled', 'run-steered'] as const

/**
 * The life of a run: which facts each phase allows. People read it, `evolve` enforces it at run time, and the compiler
 * refuses a step handler that reports another phase's fact.
 */
export const lifecycle = {
  unopened: ['run-opened'],
  opened: ['bug-reproduced', 'bug-not-reproduced', ...ALWAYS],
  reproduced: ['dossier-gathered', ...ALWAYS],
  informed: ['patch-drafted', 'pending-dismissed', 'drafters-exhausted', 'patch-chosen', ...ALWAYS],
  drafted: ['patch-minimised', ...ALWAYS],
  minimised: ['patch-judged', ...ALWAYS],
  judged: ['patch-reviewed', 'reproduction-widened', 'second-test-sought', 'proposal-planned', ...ALWAYS],
  proposing: [
    'proposal-approved',
    'changes-requested',
    'patch-edited',
    'proposal-rejected',
    'proposal-withheld',
    'base-moved',
    'proposal-published',
    ...ALWAYS,
  ],
  proposed: ['run-settled', 'changes-requested', ...ALWAYS],
  stuck: ['model-answered', 'run-diagnosed', 'step-failed', 'run-cancelled'],
  settled: [],
} as const satisfies Record<Phase, readonly EventKind[]>

/** The facts that phase `P` allows. */
export type EventIn<P extends Phase> = Extract<RunEvent, { kind: (typeof lifecycle)[P][number] }>
