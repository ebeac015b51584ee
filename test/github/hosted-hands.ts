import { createHash } from 'node:crypto'
import type { Artifacts, Deliveries, HostThreads, Inbox, LanguageModel, Progress, Reports, RunId } from '@fixpoint/core'
import { alertSources } from '@fixpoint/intake'
import {
  type InMemoryJournal,
  InMemoryLedger,
  InMemoryRunIndex,
  InMemorySourceMaps,
  InMemoryTokens,
  InMemoryWorkerRoster,
  UnconfinedSandboxes,
} from '@fixpoint/testkit'
import type { WorkerHands, WorkerQueue } from '@fixpoint/worker'
import { clock, newIds } from '../../apps/cli/src/compose.ts'
import type { Env } from '../../apps/cli/src/env.ts'
import { deskOf } from '../../apps/cli/src/serve/desk-of.ts'
import { explainRun } from '../../apps/cli/src/serve/explain-run.ts'
import { Hosting } from '../../apps/cli/src/serve/hosting.ts'
import type { OperatorSettings } from '../../apps/cli/src/serve/operator-settings.ts'
import { ServiceRuns } from '../../apps/cli/src/serve/service-runs.ts'

/** Seconds of the host are milliseconds here, and nobody waits between writes. */
const PACE = { second: 1, betweenWrites: 0, betweenNotifications: 0, timeout: 3000 }

export interface HostedService {
  readonly env: Env
  readonly settings: OperatorSettings
  readonly stop: AbortSignal
  readonly rooms: 'here' | 'docker'
  /** Drafts in place of what the settings open. */
  readonly model: LanguageModel | undefined
  /** Gets what is logged, as JSON lines. */
  readonly log: string[]
}

/** What outlives a process. */
export interface Kept {
  readonly journal: InMemoryJournal
  readonly deliveries: Deliveries
  readonly reports: Reports
  readonly artifacts: Artifacts
  readonly inbox: Inbox
  readonly threads: HostThreads
  readonly queue: WorkerQueue
}

/** The hands of one process, as the service composes them. */
export async function hostedHands(
  { env, settings, stop, rooms, model, log }: HostedService,
  kept: Kept,
  heard: (run: RunId, told: Progress) => void,
): Promise<WorkerHands> {
  const hosting = await Hosting.open(settings, env, stop, PACE)
  if (hosting === undefined) throw new Error('the settings name no GitHub')
  const { threads, ...stores } = kept
  const ledger = new InMemoryLedger()
  const note = (message: string) => void log.push(JSON.stringify({ message }))
  const say = (fields: object, message: string) => void log.push(JSON.stringify({ ...fields, message }))
  const runs = new ServiceRuns({ env, settings, stores: kept, hosting, ledger, note })
  const sandboxes = new UnconfinedSandboxes()
  // Nobody waits for a world that is ours.
  const hurried = { ...clock, sleep: (ms: number, signal: AbortSignal) => clock.sleep(Math.min(ms, 20), signal) }
  const explain = model === undefined && { explain: (run: RunId) => explainRun(run, { runs, stores }) }
  return {
    ...stores,
    runIndex: new InMemoryRunIndex(kept.journal, kept.inbox),
    ...{ sourceMaps: new InMemorySourceMaps(), ledger, tokens: new InMemoryTokens(), sources: alertSources },
    roster: new InMemoryWorkerRoster(),
    self: { host: 'here', pid: process.pid },
    async openHands(run) {
      const opened = await runs.handsFor(run)
      const tools = { ...opened.tools, clock: hurried, ...(rooms === 'here' && { sandboxes }), ...(model && { models: new Map([['strong', model]]) }) }
      return { tools, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() }
    },
    openRunFor: (report, target, run) => runs.open(report, target, run),
    reap: async () => undefined,
    stopped: async () => false,
    paused: async () => false,
    desk: deskOf(hosting, { threads, ...explain }, settings),
    progress: (run) => (told) => heard(run, told),
    memory: () => 0,
    ...{ clock, ids: newIds(), hash: (bytes) => createHash('sha256').update(bytes).digest('hex') },
    log: { info: say, warn: say, error: say },
  }
}
