import type { Usage } from './conversation.ts'

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
  | 'patch-outgrown' // a review made more of a patch than people agreed to look at
  | 'overtaken' // the world moved on: the issue was closed, somebody else mended it
  | 'artifact-too-large' // more than the store takes in one piece
  | 'database-unreachable' // no PostgreSQL answers, or not as it should
  | 'queue-unreachable' // neither Redis nor the queue's PostgreSQL answers
  | ModelFailureCode
  | HostFailureCode

/** How a model, or what stands between us and it, can fail. */
export type ModelFailureCode =
  | 'model-unreachable' // no connection, or it broke
  | 'model-overloaded' // 5xx, 529, an idle stream
  | 'model-rate-limited'
  | 'model-spend-limit' // no credit, a ceiling of the provider: asking again does not help
  | 'model-key-refused'
  | 'model-unknown' // no such model, or none like this any more
  | 'model-context-exceeded'
  | 'model-malformed' // what came back is not of the protocol
  | 'model-not-allowed' // an endpoint that the settings do not allow

/** How a code host can fail. */
export type HostFailureCode =
  | 'host-unreachable' // no connection, or it answers 5xx
  | 'host-rate-limited'
  | 'host-refused' // not allowed: a permission is missing, a branch is protected
  | 'host-gone' // no such repository, or not ours to see any more
  | 'repository-too-large' // more than the settings let a clone take

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

export class ModelFailure extends Failure {
  declare readonly code: ModelFailureCode
  /** When the endpoint said that it may be asked again. */
  readonly againInMs: number | undefined
  /** What it billed, as far as is known: a reply that broke off was paid for. */
  readonly usage: Usage | undefined
  constructor(
    code: ModelFailureCode,
    message: string,
    hint: string,
    options: ErrorOptions & { readonly againInMs?: number | undefined; readonly usage?: Usage | undefined } = {},
  ) {
    super(code, message, hint, options)
    this.name = 'ModelFailure'
    this.againInMs = options.againInMs
    this.usage = options.usage
  }
}

export class HostFailure extends Failure {
  declare readonly code: HostFailureCode
  /** When the host said that it may be asked again. */
  readonly againInMs: number | undefined
  constructor(code: HostFailureCode, message: string, hint: string, options: ErrorOptions & { readonly againInMs?: number | undefined } = {}) {
    super(code, message, hint, options)
    this.name = 'HostFailure'
    this.againInMs = options.againInMs
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
