import type { RunId } from '../words/ids.ts'

/** What a worker says of itself every few seconds. */
export interface WorkerBeat {
  /** Made anew by every process. */
  readonly id: string
  readonly host: string
  readonly pid: number
  readonly startedAt: Date
  /** `paused`: it takes too much memory to take another run. `draining`: it goes home. */
  readonly state: 'working' | 'paused' | 'draining'
  /** What it drives now, and how much of it at most. */
  readonly runs: readonly RunId[]
  readonly concurrency: number
  readonly memoryBytes: number
}

export interface SeenWorker extends WorkerBeat {
  /** Since it was last heard of, by the clock of the store: hosts may disagree about the time. */
  readonly silentMs: number
}

/** Who works here. It is for people and their alarms: who may drive a run is decided by leases and locks. */
export interface WorkerRoster {
  beat(worker: WorkerBeat): Promise<void>
  /** It went home as it should. */
  leave(id: string): Promise<void>
  /** Those heard of in the last hour that did not leave, the one that started last first. */
  seen(): Promise<readonly SeenWorker[]>
}
