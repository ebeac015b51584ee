import type { CommandResult, GateResult } from '@fixpoint/core'
import type { TestRoom } from '../test-room.ts'
import { failed, firstFew, notApplicable, passed } from './evidence.ts'
import type { JudgeTools, Subject } from './subject.ts'

const CHECK_TIMEOUT_MS = 180_000
/** What a shell says for a command that cannot be run or is not there. */
const NOT_RUNNABLE = new Set([126, 127])

/** Gate 5: the repository's own type check and lint report nothing that they did not report on the base. */
export async function staticChecks(subject: Subject, room: TestRoom, tools: JudgeTools): Promise<GateResult> {
  const checks = subject.workspace.project.staticChecks
  if (checks.length === 0) return notApplicable('static', 'the repository has no type check or lint of its own')
  const findings: string[] = []
  const commands: GateResult['commands'] = []
  const unusable: string[] = []
  for (const check of checks) {
    const [program, ...rest] = check.argv
    if (program === undefined) continue
    const run = () => room.exec({ argv: [program, ...rest], timeoutMs: CHECK_TIMEOUT_MS }, tools.signal)
    await room.reset()
    const after = await run()
    commands.push({
      argv: check.argv,
      exitCode: after.exitCode,
      outputDigest: tools.hash(after.stdout + after.stderr),
      durationMs: Math.round(after.durationMs),
    })
    if (after.exitCode === 0) continue
    await room.lay([], subject.candidate.patch.edits)
    const before = await run()
    await room.reset()
    if (after.exitCode === null || NOT_RUNNABLE.has(after.exitCode)) {
      unusable.push(`${check.name} cannot be run here (${after.timedOut ? 'timed out' : `exit code ${after.exitCode}`})`)
      continue
    }
    const known = new Set(diagnostics(before))
    findings.push(
      ...diagnostics(after)
        .filter((line) => !known.has(line))
        .map((line) => `${check.name}: ${line}`),
    )
    if (before.exitCode === 0 && findings.length === 0) findings.push(`${check.name}: fails, and did not on the base`)
  }
  if (findings.length > 0) return failed('static', `new complaints: ${findings[0]}`, { findings: firstFew(findings), commands })
  if (unusable.length === checks.length) return notApplicable('static', unusable.join('; '), { commands })
  return passed('static', `${checks.map((check) => check.name).join(', ')}: nothing new`, { commands, findings: unusable })
}

/** Complaints without their line numbers, so that a shifted line is not a new complaint. */
function diagnostics(result: CommandResult): string[] {
  return `${result.stdout}\n${result.stderr}`
    .split('\n')
    .map((line) => line.trim().replace(/\d+/g, '#'))
    .filter((line) => /error|warning|✖|\bTS#/i.test(line))
}
