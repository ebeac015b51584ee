import { codeOf, Failure, inert, StaleRun } from '@fixpoint/core'
import { UnreadableJournal } from '@fixpoint/store'
import { CommanderError } from 'commander'
import { Interrupted } from './commands/interruptible.ts'
import { ExitCode, exitCodeOfFailure, UsageError } from './exit-codes.ts'
import { isFull } from './folders.ts'
import type { Screen } from './present/terminal.ts'

/** Something ended a run before it came to rest. It stays in the journal, and somebody can go on with it. */
export class UnsettledRun extends Error {
  readonly runId: string
  constructor(runId: string, cause: unknown) {
    super(`${runId} did not come to rest`, { cause })
    this.name = 'UnsettledRun'
    this.runId = runId
  }
}

interface Complaint {
  readonly code: ExitCode
  /** One word for scripts. */
  readonly reason: string
  readonly message: string
  /** What to do. */
  readonly next: string
}

/** Says what happened and what to do, and with `--json` ends standard output with a result. Returns the exit code. */
export function complain(thrown: unknown, json: boolean, screen: Screen): ExitCode {
  const error = thrown instanceof UnsettledRun ? thrown.cause : thrown
  const runId = thrown instanceof UnsettledRun ? thrown.runId : null
  if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.delivered
  const { code, reason, message, next } = complaintOf(error, runId)
  const { red, bold, dim } = screen.colors
  // Commander has said it already, with what it knows to be near.
  if (!(error instanceof CommanderError)) screen.line(red(bold(inert(message, 4000))))
  screen.line(next)
  if (runId !== null && !(error instanceof StaleRun)) screen.line(dim(`Nothing is lost. To go on: fixpoint runs resume ${runId}`))
  if (json) {
    const result = { outcome: 'abandoned', reason, patch: null, certificate: null, diagnosis: null, runId, durationMs: 0, message: inert(message, 4000), next }
    process.stdout.write(`${JSON.stringify({ type: 'result', ...result })}\n`)
  }
  return code
}

function complaintOf(error: unknown, runId: string | null): Complaint {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof CommanderError) return { code: ExitCode.usage, reason: 'usage', message: message.replace(/^error: /, ''), next: 'See: fixpoint --help' }
  if (error instanceof Interrupted) return { code: ExitCode.interrupted, reason: 'interrupted', message: 'Interrupted.', next: 'Nothing was changed.' }
  if (error instanceof UsageError) return { code: ExitCode.usage, reason: 'usage', message, next: error.hint }
  if (error instanceof Failure) return { code: exitCodeOfFailure(error), reason: error.code, message, next: error.hint }
  if (error instanceof UnreadableJournal) return { code: ExitCode.environment, reason: 'journal-unreadable', message, next: error.hint }
  if (error instanceof StaleRun)
    return {
      code: ExitCode.bug,
      reason: 'driven-elsewhere',
      message: `another process goes on with ${runId ?? 'this run'}; this one goes home`,
      next: `Watch it there, or look at what came of it: fixpoint runs show ${runId ?? '<run>'}`,
    }
  if (isFull(error))
    return {
      code: ExitCode.environment,
      reason: 'disk-full',
      message: `no space left on the disk: ${message}`,
      next: 'Free some space, or set FIXPOINT_HOME to a folder on another disk.',
    }
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EIO', 'EMFILE'].includes(codeOf(error) ?? ''))
    return {
      code: ExitCode.environment,
      reason: 'file-unusable',
      message: `a file or folder cannot be used: ${message}`,
      next: 'Give your user the right to it, or set FIXPOINT_HOME to a folder that you may write.',
    }
  return {
    code: ExitCode.bug,
    reason: 'fault',
    message: `This is a fault of Fixpoint: ${error instanceof Error ? (error.stack ?? message) : message}`,
    next: 'Please report it with the lines above; `fixpoint doctor` shows whether this machine is as it should be.',
  }
}
