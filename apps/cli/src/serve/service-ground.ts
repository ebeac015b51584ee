import { createHash } from 'node:crypto'
import type { Hash, Ids, Ledger, ProgressListener, RunId, Subscription } from '@fixpoint/core'
import type { Subscriber } from '@fixpoint/outbound'
import { type JobQueue, openQueue } from '@fixpoint/queue'
import type { DockerSandboxes } from '@fixpoint/sandbox'
import { PostgresLedger } from '@fixpoint/store'
import { newIds, sandboxesFor } from '../compose.ts'
import type { Env } from '../env.ts'
import { Hosting } from './hosting.ts'
import { ObservedProposals } from './observed-proposals.ts'
import { openStores, type Stores } from './open-stores.ts'
import { openedInOrder } from './opened-in-order.ts'
import type { OperatorSettings } from './operator-settings.ts'
import { readSubscribers } from './outbound-subscribers.ts'
import { openRunTraces, type RunTraces } from './run-traces.ts'
import type { ServiceLog } from './service-log.ts'
import { ServiceRuns } from './service-runs.ts'

export interface ServiceOptions {
  readonly env: Env
  readonly settings: OperatorSettings
  /** This process also drives runs, and offers an alert to try it with. */
  readonly sample?: boolean
  readonly log: ServiceLog
  readonly say: (message: string) => void
  readonly progress: (run: RunId) => ProgressListener
}

/** What the one comment and the one check on a code host follow. */
export const voiceSubscription: Subscription = {
  name: 'code-host',
  topics: [
    'run.started',
    'run.reproduced',
    'patch.judged',
    'proposal.ready',
    'proposal.published',
    'changes.requested',
    'attempt.failed',
    'run.parked',
    'run.settled',
  ],
}

/** What every process of the service stands on, whether it answers requests, drives runs, or both. */
export interface ServiceGround extends AsyncDisposable {
  readonly stores: Stores
  readonly queue: JobQueue
  readonly ledger: Ledger
  readonly observed: ObservedProposals
  /** Who is told what happens to runs. */
  readonly subscribers: readonly Subscriber[]
  /** Undefined when no code host is set up. */
  readonly hosting: Hosting | undefined
  readonly runs: ServiceRuns
  /** Undefined when nobody collects them. */
  readonly traces: RunTraces | undefined
  readonly sandboxes: DockerSandboxes
  readonly ids: Ids
  readonly hash: Hash
}

export function openGround({ env, settings, log, say }: ServiceOptions): Promise<ServiceGround> {
  return openedInOrder(async (use) => {
    const stop = new AbortController()
    use({ [Symbol.asyncDispose]: async () => stop.abort(new Error('the service is stopping')) })
    const hosting = await Hosting.open(settings, env, stop.signal)
    const subscribers = await readSubscribers(settings.outbound, env)
    const stores = use(await openStores(env, say, hosting === undefined ? subscribers : [...subscribers, voiceSubscription]))
    const queue = use(await openQueue({ url: env.redisUrl ?? stores.url, log: (level, message, detail = {}) => log[level](detail, message) }))
    const traces = await openRunTraces(env.telemetryEndpoint, (message) => log.warn({}, message))
    if (traces !== undefined) use(traces)
    const ledger = new PostgresLedger(stores.database, settings.spending)
    return {
      ...{ traces, stores, queue, subscribers, ledger, hosting },
      observed: new ObservedProposals({ env, settings, stores }),
      runs: new ServiceRuns({ env, settings, stores, hosting, ledger, note: (message) => log.info({}, message) }),
      sandboxes: sandboxesFor(env),
      ids: newIds(),
      hash: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    }
  })
}
