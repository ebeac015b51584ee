import { Failure, type FailureCode, type StopReason } from '@fixpoint/core'

/** Documented in the README and tested: scripts depend on them. */
export const ExitCode = {
  delivered: 0,
  bug: 1,
  usage: 2,
  settings: 3,
  signIn: 4,
  notReproduced: 5,
  noPatch: 6,
  refused: 7,
  budget: 8,
  environment: 9,
  interrupted: 130,
} as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

export function exitCodeOfReason(reason: StopReason): ExitCode {
  switch (reason) {
    case 'not-reproduced':
      return ExitCode.notReproduced
    case 'no-patch':
    case 'needs-a-person':
    case 'overtaken':
      return ExitCode.noPatch
    case 'refused-by-policy':
      return ExitCode.refused
    case 'budget-exhausted':
    case 'time-exhausted':
      return ExitCode.budget
    case 'model-unavailable':
    case 'environment':
      return ExitCode.environment
    default:
      return reason satisfies never
  }
}

/** What the person typed or handed over cannot be used. */
export class UsageError extends Error {
  readonly hint: string
  constructor(message: string, hint: string) {
    super(message)
    this.name = 'UsageError'
    this.hint = hint
  }
}

export function exitCodeOfFailure(error: unknown): ExitCode {
  if (error instanceof UsageError) return ExitCode.usage
  if (!(error instanceof Failure)) return ExitCode.bug
  const code: FailureCode = error.code
  switch (code) {
    case 'settings-invalid':
    case 'unsupported-project':
      return ExitCode.settings
    case 'repository-unreadable':
      return ExitCode.usage
    case 'budget-exhausted':
    case 'time-exhausted':
      return ExitCode.budget
    case 'overtaken':
    case 'patch-outgrown':
      return ExitCode.noPatch
    case 'host-refused':
      return ExitCode.refused
    case 'model-key-refused':
      return ExitCode.signIn
    case 'model-unknown':
    case 'model-not-allowed':
      return ExitCode.settings
    case 'model-unreachable':
    case 'model-overloaded':
    case 'model-rate-limited':
    case 'model-spend-limit':
    case 'model-context-exceeded':
    case 'model-malformed':
    case 'engine-unreachable':
    case 'image-missing':
    case 'self-test-failed':
    case 'disk-full':
    case 'room-lost':
    case 'install-failed':
    case 'artifact-missing':
    case 'artifact-too-large':
    case 'database-unreachable':
    case 'queue-unreachable':
    case 'host-unreachable':
    case 'host-rate-limited':
    case 'host-gone':
    case 'repository-too-large':
      return ExitCode.environment
    default:
      return code satisfies never
  }
}
