import type { ProgressListener, RunId, RunSummary, Sandboxes } from '@fixpoint/core'

/** What is told about one process driving one run. */
export interface DriveTrace {
  readonly progress: ProgressListener
  /** The same rooms, and their time is told. */
  readonly sandboxes: (inner: Sandboxes) => Sandboxes
  /** It came to rest, waits for a person, or was paused. */
  readonly end: () => void
}

/** Traces of runs, for a collector: a trace per run, whoever drove it and how often. */
export interface RunTraces extends AsyncDisposable {
  /** `waitedMs`: since it was woken. */
  drive(run: Pick<RunSummary, 'id' | 'openedAt' | 'updatedAt'>, waitedMs: number): DriveTrace
  /** The trace of a run that is being driven here. */
  of(run: RunId): DriveTrace | undefined
}

/** Loaded only where a collector is named: it takes most of a second and 30 MB. */
export async function openRunTraces(endpoint: string | undefined, warn: (message: string) => void): Promise<RunTraces | undefined> {
  return endpoint === undefined ? undefined : (await import('./open-telemetry.ts')).openTelemetry(endpoint, warn)
}
