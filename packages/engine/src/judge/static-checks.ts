import type { CommandResult, GateResult } from '@fixpoint/core'
import type { TestRoom } from '../test-room.ts'
import { evidenceOf, failed, firstFew, notApplicable, passed } from './evidence.ts'
import type { JudgeTools, Subject } from './subject.ts'

const CHECK_TIMEOUT_MS = 180_000
/** What a shell and the engine of the room say for a command that cannot be run or is not there. */
const NOT_RUNNABLE = new Set([126, 127])
const NOT_THERE = /no such file|not found|No module named/i

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
    commands.push(await evidenceOf({ ...after, argv: check.argv, output: after.stdout + after.stderr }, 'patch', tools.keep))
    if (after.exitCode === 0) continue
    const why = whyUnusable(after, check.name)
    if (why !== undefined) {
      unusable.push(why)
      continue
    }
    await room.lay([], subject.candidate.patch.edits)
    const before = await run()
    await room.reset()
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

/** A repository may declare a linter that its installed dependencies lack. */
function whyUnusable({ exitCode, timedOut, stdout, stderr }: CommandResult, name: string): string | undefined {
  const output = `${stdout}\n${stderr}`
  const isMissing = (NOT_RUNNABLE.has(exitCode ?? 0) && NOT_THERE.test(output)) || new RegExp(`No module named '?${name}\\b`).test(output)
  if (isMissing) return `${name} is not among the installed dependencies`
  if (exitCode !== null && !NOT_RUNNABLE.has(exitCode)) return undefined
  return `${name} cannot be run here (${timedOut ? 'timed out' : exitCode === null ? 'no exit code' : `exit code ${exitCode}`})`
}

/** Complaints without their line numbers, so that a shifted line is not a new complaint. */
function diagnostics(result: CommandResult): string[] {
  return `${result.stdout}\n${result.stderr}`
    .split('\n')
    .map((line) => line.trim().replace(/\d+/g, '#'))
    .filter((line) => /error|warning|✖|\bTS#/i.test(line))
}
