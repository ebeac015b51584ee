import type { Artifacts, CommandEvidence, GateName, GateResult, TestRun } from '@fixpoint/core'
import { LONGEST_SECRET, redact } from '@fixpoint/intake'

/** Keeps what a command printed; says its digest. */
export type KeepOutput = (output: string) => Promise<string>

const LONGEST_OUTPUT = 64_000

/** Without secrets, as an artifact; of what is long, the end. */
export function outputKeeper(artifacts: Artifacts): KeepOutput {
  return async (output) => artifacts.put(new TextEncoder().encode(await endOf(output)))
}

/**
 * Half a secret is not recognised as one, so what is cut off is cut off afterwards. Megabytes are not searched for what is not kept: more than the
 * longest secret is left before the end, and goes again with whatever was cut in half there.
 */
async function endOf(output: string): Promise<string> {
  const margin = 2 * LONGEST_SECRET
  const { text } = await redact(output.slice(-LONGEST_OUTPUT - margin))
  const whole = output.length > LONGEST_OUTPUT + margin ? text.slice(margin) : text
  return whole.length === text.length && text.length <= LONGEST_OUTPUT ? text : `…${whole.slice(-LONGEST_OUTPUT)}`
}

type Ran = Pick<TestRun, 'argv' | 'exitCode' | 'durationMs' | 'output'>

/** What was run, how it ended, and what it printed. */
export async function evidenceOf({ argv, exitCode, durationMs, output }: Ran, on: 'base' | 'patch', keep: KeepOutput): Promise<CommandEvidence> {
  return { argv: [...argv], exitCode, outputDigest: await keep(output), durationMs: Math.round(durationMs), on }
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
