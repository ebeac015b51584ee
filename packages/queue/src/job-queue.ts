import type { RunId, RunQueue } from '@fixpoint/core'
import type { JobName, Payload } from './catalogue.ts'

/** Why a run was parked: its wake-up died or threw as often as it may. */
export interface Evidence {
  readonly run: RunId
  /** Workers that died with it in their hands since it last got further. */
  readonly deaths: number
  /** Times that its handler threw. */
  readonly throws: number
  /** The last error, or that the worker vanished. */
  readonly reason: string
  /** Who had it last. */
  readonly worker: string | undefined
  readonly at: Date
}

/** `{ againInMs }`: not done; the job goes back to wait, and it counts neither as a try nor as a death. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing is done
export type Handled = { readonly againInMs: number } | undefined | void

export interface JobContext {
  /** Aborted with `LostLock` when another worker may have the job, and with `Draining` when this one is to go home: stop soon, and leave no half-done things. */
  readonly signal: AbortSignal
  /** Counts from 1; rises when the handler threw. */
  readonly attempt: number
  /** Since the job was to be done; what was done of it before counts too. */
  readonly waitedMs: number
}

export type Handlers = { readonly [Name in JobName]?: (payload: Payload<Name>, context: JobContext) => Promise<Handled> }

export type QueueLog = (level: 'info' | 'warn' | 'error', message: string, detail?: Readonly<Record<string, unknown>>) => void

export interface ConsumeOptions {
  readonly handlers: Handlers
  /** Runs that this process drives at once. */
  readonly concurrency: number
  /** Runs of one group (a repository) at once, in all processes together. */
  readonly perGroup?: number
  /** Runs at once, in all processes together. */
  readonly everywhere?: number
  /** Jobs that come by themselves, so many milliseconds apart, once for all processes together. */
  readonly every?: { readonly [Name in 'sweep' | 'deliveries' | 'retention']?: number }
  /** Aborting it drains. */
  readonly signal: AbortSignal
  /** How long handlers may take to go home when draining. */
  readonly drainMs?: number
  /** A worker that did not renew its locks for so long is taken for dead; without it, as the catalogue says. */
  readonly lockMs?: number
  /** How far a run has got: a number that grows. Deaths count from the start again when it grew; without it, none is forgiven. */
  readonly reached?: (run: RunId) => Promise<number>
  /** The run is woken no more until somebody releases it. */
  readonly parked: (run: RunId, evidence: Evidence) => Promise<void>
  /** Shown beside the jobs that it works on. */
  readonly name?: string
}

export interface Consumer extends AsyncDisposable {
  /** Takes no new job; what it has goes on. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Takes no new job, asks every handler to go home, and gives back what was not done. Resolves when this consumer is closed. */
  drain(): Promise<void>
  /** Jobs in its hands. */
  readonly busy: number
}

export interface JobCounts {
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  readonly failed: number
}

/** The port of core, and what the service needs besides. Losing it loses nothing: every job can be made again from the store. */
export interface JobQueue extends RunQueue {
  enqueue<Name extends Exclude<JobName, 'run-wake-up'>>(name: Name, payload: Payload<Name>, options?: { readonly delayMs?: number }): Promise<void>
  consume(options: ConsumeOptions): Promise<Consumer>
  /** No process takes a wake-up until `resume`. */
  pause(): Promise<void>
  resume(): Promise<void>
  isPaused(): Promise<boolean>
  parked(): Promise<readonly Evidence[]>
  /** A parked run may be woken again; false when it was not parked. */
  release(run: RunId): Promise<boolean>
  counts(): Promise<Readonly<Record<JobName, JobCounts>>>
  /** Resolves when the backend answers; throws a `Failure` when it does not. */
  ping(): Promise<void>
}

/** Another worker may have this job now. */
export class LostLock extends Error {
  constructor() {
    super('the lock on this job was lost: another worker may have it')
    this.name = 'LostLock'
  }
}

/** This worker is to go home. */
export class Draining extends Error {
  constructor() {
    super('this worker is going home')
    this.name = 'Draining'
  }
}
