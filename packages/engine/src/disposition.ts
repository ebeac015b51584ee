import type { Failure, FailureCode, StopReason } from '@fixpoint/core'

export type Disposition = { readonly kind: 'retry'; readonly afterMs: number } | { readonly kind: 'stop'; readonly reason: StopReason }

/** A lost room may come back, and so may a database; three in a row will not. */
const TRIES = 3

/** What becomes of a run when the world fails: the only place that decides. `failures` counts this step's failures in a row, this one included. */
export function disposition(failure: Failure, failures: number): Disposition {
  const code: FailureCode = failure.code
  switch (code) {
    case 'room-lost':
      return failures < TRIES ? { kind: 'retry', afterMs: 500 * failures } : { kind: 'stop', reason: 'environment' }
    case 'database-unreachable':
    case 'queue-unreachable':
      return failures < TRIES ? { kind: 'retry', afterMs: 2000 * failures } : { kind: 'stop', reason: 'environment' }
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
      return { kind: 'stop', reason: 'environment' }
    case 'budget-exhausted':
      return { kind: 'stop', reason: 'budget-exhausted' }
    case 'time-exhausted':
      return { kind: 'stop', reason: 'time-exhausted' }
    default:
      return code satisfies never
  }
}
