/** What can go wrong with the world. Each has one disposition in the engine. */
export type FailureCode =
  | 'engine-unreachable' // no Docker engine answers
  | 'image-missing' // the toolchain image is not built
  | 'self-test-failed' // the sandbox does not confine
  | 'disk-full'
  | 'room-lost' // a container or its result vanished
  | 'install-failed' // dependencies could not be installed
  | 'unsupported-project' // no toolchain or test runner we know
  | 'repository-unreadable' // not a repository, empty, or a commit that is not there
  | 'settings-invalid'
  | 'budget-exhausted'
  | 'time-exhausted'
  | 'artifact-missing'
  | 'artifact-too-large' // more than the store takes in one piece
  | 'database-unreachable' // no PostgreSQL answers, or not as it should
  | 'queue-unreachable' // neither Redis nor the queue's PostgreSQL answers

/** A failure of the world: says what happened, and in `hint` what to do. Outcomes (a failing test, a timeout) are values, not failures. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly hint: string
  constructor(code: FailureCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Failure'
    this.code = code
    this.hint = hint
  }
}

/** All is well, somebody else drives this run: go home. */
export class StaleRun extends Error {
  constructor(runId: string) {
    super(`another driver is ahead on ${runId}`)
    this.name = 'StaleRun'
  }
}

/** A handler reported a fact that the run's phase does not allow, or the run made no progress: a bug of ours. */
export class IllegalEvent extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'IllegalEvent'
  }
}

/** What the platform calls an error (`ENOENT`, an SQL state); undefined for what has no such name. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
