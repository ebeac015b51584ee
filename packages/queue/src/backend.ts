import type { JobsOptions, WorkerOptions } from 'bullmq'
import type { Turnstile } from './turnstile.ts'

export type Data = Readonly<Record<string, unknown>>

/** What we use of BullMQ's `Queue`, whatever it stands on. */
export interface BullQueue {
  add(name: string, data: Data, options: JobsOptions): Promise<unknown>
  pause(): Promise<void>
  resume(): Promise<void>
  isPaused(): Promise<boolean>
  getJobCounts(): Promise<Readonly<Record<string, number>>>
  waitUntilReady(): Promise<unknown>
  close(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** What we use of BullMQ's `Worker`. */
export interface BullWorker {
  pause(doNotWaitActive: boolean): Promise<void>
  resume(): Promise<void>
  waitUntilReady(): Promise<void>
  close(force: boolean): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'locksRenewed', listener: (renewed: { readonly jobIds: string[] }) => void): unknown
  on(event: 'lockRenewalFailed', listener: (jobIds: string[]) => void): unknown
  on(event: 'failed', listener: (job: BullJob | undefined, error: Error) => void): unknown
}

export type Processor = (job: BullJob, token: string | undefined) => Promise<unknown>

export interface BullJob {
  readonly id?: string | undefined
  readonly data: Data
  /** When it was made, and how much later it was to be done. */
  readonly timestamp: number
  readonly delay: number
  readonly attemptsMade: number
  readonly attemptsStarted: number
  readonly stalledCounter: number
  readonly processedBy?: string | undefined
  moveToDelayed(timestamp: number, token?: string): Promise<void>
  moveToWait(token?: string): Promise<unknown>
}

/** PostgreSQL or Redis: makes the queues, and keeps what BullMQ does not. */
export interface Backend extends AsyncDisposable {
  readonly turnstile: Turnstile
  queue(name: string): BullQueue
  worker(name: string, processor: Processor, options: Omit<WorkerOptions, 'connection'>): BullWorker
  ping(): Promise<void>
  /** Puts right what a clock that was set back left in the future. */
  mend(lockMs: number): Promise<void>
  /** A failure of the connection becomes a `Failure`; anything else stays as it is. */
  failureOf(error: unknown): unknown
}
