import type { Step } from '../life/next-step.ts'

/** How far the runs that were opened in a time came: each number counts runs, and is part of the one before it, but for `reports`. */
export interface Funnel {
  /** First seen in the time. */
  readonly reports: number
  readonly runs: number
  readonly reproduced: number
  /** A patch was judged. */
  readonly patched: number
  /** A patch passed every gate. */
  readonly verified: number
  readonly proposed: number
  readonly merged: number
  /** Merged, and at least half of the patch stood when it was last measured. */
  readonly surviving: number
}

export interface StepLatency {
  readonly step: Step['kind']
  readonly times: number
  readonly medianMs: number
  readonly slowestTenthMs: number
  /** The median in the same length of time before; undefined when it was not performed then. */
  readonly beforeMs: number | undefined
}

/** Runs that have one thing in common. Money is in US dollars. */
export interface RunGroup {
  readonly name: string
  readonly runs: number
  readonly proposed: number
  readonly merged: number
  readonly declined: number
  readonly money: number
  readonly tokens: number
}

export interface InsightReport {
  readonly funnel: Funnel
  /** What people said to what was proposed. `waiting`: nothing yet. */
  readonly decided: { readonly merged: number; readonly delivered: number; readonly declined: number; readonly waiting: number }
  /** What of merged patches stands after so many days: a share from 0 to 1, of so many that were measured. */
  readonly retention: readonly { readonly days: 7 | 30 | 90; readonly measured: number; readonly share: number }[]
  /** From the opening of a run to the merge, and what models took, of all runs per merged one; undefined when nothing was merged. */
  readonly perMerged: { readonly medianMinutes: number; readonly money: number; readonly tokens: number } | undefined
  readonly steps: readonly StepLatency[]
  /** Why runs ended without a proposal, the commonest first. */
  readonly failures: readonly { readonly reason: string; readonly runs: number }[]
  readonly byRepository: readonly RunGroup[]
  readonly byDrafter: readonly RunGroup[]
  readonly byModel: readonly RunGroup[]
}

/** How well it goes, from what is kept of runs. */
export interface Insights {
  between(since: Date, until: Date, repository?: string): Promise<InsightReport>
}
