import { ExitCode } from '../exit-codes.ts'
import type { Screen } from './terminal.ts'

/** What a check of the surroundings found. */
export interface Finding {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
  /** What to do when it is not. */
  readonly remedy?: string
  /** How a command ends that found it not to be; `environment` when nothing is said. */
  readonly exit?: ExitCode
}

/** A line for each, with what to do where one does not hold. */
export function showFindings(findings: readonly Finding[], json: boolean, screen: Screen): ExitCode {
  for (const { name, ok, detail, remedy } of findings) {
    if (json) process.stdout.write(`${JSON.stringify({ name, ok, detail, remedy })}\n`)
    else
      process.stdout.write(`${ok ? screen.colors.green('✔') : screen.colors.red('✘')} ${name.padEnd(16)} ${detail}\n${ok || !remedy ? '' : `  → ${remedy}\n`}`)
  }
  const wrong = findings.find(({ ok }) => !ok)
  return wrong === undefined ? ExitCode.delivered : (wrong.exit ?? ExitCode.environment)
}
