import type { RunId } from '../words/ids.ts'

/** An alarm clock: it carries run ids and remembers nothing. Losing it loses no run. */
export interface RunQueue extends AsyncDisposable {
  /** A wake-up while the run is being driven is kept. `priority`: lower is sooner, 1 to 1000. */
  wake(run: RunId, options?: { readonly priority?: number; readonly delayMs?: number; readonly group?: string }): Promise<void>
}
