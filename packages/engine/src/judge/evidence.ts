import type { CommandEvidence, GateName, GateResult, Hash, TestRun } from '@fixpoint/core'

/** A test run as evidence: what was run, how it ended, and the digest of what it printed. */
export function evidenceOf(run: TestRun, hash: Hash): CommandEvidence {
  return { argv: [...run.argv], exitCode: run.exitCode, outputDigest: hash(run.output), durationMs: Math.round(run.durationMs) }
}

type Details = Partial<Pick<GateResult, 'findings' | 'commands' | 'differences'>>

export function passed(gate: GateName, summary: string, details: Details = {}): GateResult {
  return { gate, status: 'passed', summary, findings: [], commands: [], differences: [], ...details }
}
export function failed(gate: GateName, summary: string, details: Details = {}): GateResult {
  return { gate, status: 'failed', summary, findings: [], commands: [], differences: [], ...details }
}
export function notApplicable(gate: GateName, summary: string, details: Details = {}): GateResult {
  return { gate, status: 'not-applicable', summary, findings: [], commands: [], differences: [], ...details }
}

/** At most so many, and how many more there are. */
export function firstFew(items: readonly string[], most = 10): string[] {
  return items.length <= most ? [...items] : [...items.slice(0, most), `… and ${items.length - most} more`]
}
