import { type Failure, type FailureCode, HostFailure, ModelFailure, type StopReason } from '@fixpoint/core'

/** `leave`: the run stays as its journal tells it, for whoever drives it later. */
export type Disposition =
  | { readonly kind: 'retry'; readonly afterMs: number }
  | { readonly kind: 'stop'; readonly reason: StopReason }
  | { readonly kind: 'leave' }

/** The world may be whole again in a while, and nothing of it is the run's fault. */
const PASSING: ReadonlySet<FailureCode> = new Set([
  'database-unreachable',
  'queue-unreachable',
  'engine-unreachable',
  'disk-full',
  'room-lost',
  'self-test-failed',
  'model-unreachable',
  'model-overloaded',
  'model-rate-limited',
  'host-unreachable',
  'host-rate-limited',
])

export function passesByItself(code: FailureCode): boolean {
  return PASSING.has(code)
}

/** A lost room may come back, and so may a database; three in a row will not. */
const TRIES = 3

/**
 * What becomes of a run when the world fails: the only place that decides. `failures` counts this step's failures in a row, this one
 * included. `patient`: somebody drives the run again later, so that what passes ends none.
 */
export function disposition(failure: Failure, failures: number, patient: boolean): Disposition {
  const become = atOnce(failure, failures)
  return become.kind === 'stop' && patient && passesByItself(failure.code) ? { kind: 'leave' } : become
}

function atOnce(failure: Failure, failures: number): Disposition {
  const code: FailureCode = failure.code
  switch (code) {
    case 'room-lost':
      return failures < TRIES ? { kind: 'retry', afterMs: 500 * failures } : { kind: 'stop', reason: 'environment' }
    case 'database-unreachable':
    case 'queue-unreachable':
      return failures < TRIES ? { kind: 'retry', afterMs: 2000 * failures } : { kind: 'stop', reason: 'environment' }
    // The model's own decorators have waited and asked again before.
    case 'model-unreachable':
    case 'model-overloaded':
    case 'model-rate-limited':
      return failures < TRIES ? { kind: 'retry', afterMs: againIn(failure) ?? 2000 * failures } : { kind: 'stop', reason: 'model-unavailable' }
    case 'host-unreachable':
    case 'host-rate-limited':
      return failures < TRIES ? { kind: 'retry', afterMs: againIn(failure) ?? 2000 * failures } : { kind: 'stop', reason: 'environment' }
    case 'model-spend-limit':
    case 'model-key-refused':
    case 'model-unknown':
    case 'model-context-exceeded':
    case 'model-malformed':
    case 'model-not-allowed':
      return { kind: 'stop', reason: 'model-unavailable' }
    case 'engine-unreachable':
    case 'image-missing':
    case 'self-test-failed':
    case 'disk-full':
    case 'install-failed':
    case 'unsupported-project':
    case 'repository-unreadable':
    case 'settings-invalid':
    case 'artifact-missing':
    case 'artifact-too-large':
    case 'host-gone':
    case 'repository-too-large':
      return { kind: 'stop', reason: 'environment' }
    case 'host-refused':
      return { kind: 'stop', reason: 'refused-by-policy' }
    case 'budget-exhausted':
      return { kind: 'stop', reason: 'budget-exhausted' }
    case 'patch-outgrown':
      return { kind: 'stop', reason: 'needs-a-person' }
    case 'overtaken':
      return { kind: 'stop', reason: 'overtaken' }
    case 'time-exhausted':
      return { kind: 'stop', reason: 'time-exhausted' }
    default:
      return code satisfies never
  }
}

/** Longer than this nobody sits and waits: the run ends, or is driven again later. */
const LONGEST_WAIT_MS = 120_000

function againIn(failure: Failure): number | undefined {
  return (failure instanceof ModelFailure || failure instanceof HostFailure) && failure.againInMs !== undefined
    ? Math.min(failure.againInMs, LONGEST_WAIT_MS)
    : undefined
}
