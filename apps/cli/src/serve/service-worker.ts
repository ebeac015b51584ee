import { hostname } from 'node:os'
import { HostFailure, type RunId } from '@fixpoint/core'
import { alertSources } from '@fixpoint/intake'
import { OutboundSender, type Posted, type Subscriber } from '@fixpoint/outbound'
import { createWorker, type RunHands, type Worker, WorkerSettings } from '@fixpoint/worker'
import { clock } from '../compose.ts'
import { deskOf } from './desk-of.ts'
import { explainRun } from './explain-run.ts'
import { GitLineage } from './git-lineage.ts'
import type { Stores } from './open-stores.ts'
import type { OperatorSettings } from './operator-settings.ts'
import { type ServiceGround, type ServiceOptions, voiceSubscription } from './service-ground.ts'
import { WeeklyReport } from './weekly-report.ts'

const DAY_MS = 24 * 3_600_000

/** The worker of this process; it takes no job before it is started. */
export function workerOn(
  { stores, queue, ledger, observed, subscribers, hosting, runs, traces, sandboxes, ids, hash }: ServiceGround,
  { settings, log, progress }: ServiceOptions,
): Worker {
  const { publicUrl } = settings.server
  const voice: Subscriber = { ...voiceSubscription, kind: 'here', tell: ({ run }) => (run === undefined ? TOLD : spoken(worker.speak(run))) }
  const told = hosting === undefined ? subscribers : [...subscribers, voice]
  const sender = new OutboundSender({ outbox: stores.outbox, artifacts: stores.artifacts, subscribers: told, publicUrl, clock, log })
  const weekly = new WeeklyReport({ observed, outbox: stores.outbox, subscribers, clock })
  const worker = createWorker(
    {
      ...{ journal: stores.journal, runIndex: stores.runIndex, inbox: stores.inbox, deliveries: stores.deliveries },
      ...{ sourceMaps: stores.sourceMaps, reports: stores.reports, artifacts: stores.artifacts, tokens: stores.tokens, sources: alertSources, queue },
      roster: stores.roster,
      self: { host: hostname(), pid: process.pid },
      openHands: (run, waitedMs) => tracedHands(run, waitedMs, { stores, runs, traces }),
      openRunFor: (report, target, run) => runs.open(report, target, run),
      reap: async () => void (await sandboxes.reap()),
      stopped: async () => (await stores.stop.get()).stopped,
      paused: async (repository) => (await stores.pauses.of(repository)).stopped,
      ...{ outbox: stores.outbox, ledger },
      ...(hosting !== undefined && { desk: deskOf(hosting, { threads: stores.threads, explain: (run) => explainRun(run, { runs, stores }) }, settings) }),
      weekly: () => weekly.tellIfDue(),
      send: (message, signal) => sender.send(message, signal),
      afterFix: {
        fixes: stores.fixes,
        openLineage: async (name) => {
          const repository = settings.repositories[name]
          if (repository !== undefined) return GitLineage.open(repository)
          if (hosting?.allows(name) !== true) throw new Error(`the settings name no repository ${JSON.stringify(name)}`)
          return GitLineage.of(await hosting.repository(name, { signal: new AbortController().signal, revisions: [], fresh: true }))
        },
      },
      retain: (signal) => retain(stores, settings, signal),
      progress: (run) => {
        const tell = progress(run)
        return (told) => {
          traces?.of(run)?.progress(told)
          tell(told)
        }
      },
      memory: () => process.memoryUsage.rss(),
      ...{ clock, ids, hash, log },
    },
    WorkerSettings.parse({ services: settings.services, gates: settings.gates, afterFix: settings.afterFix, privacy: settings.privacy, ...settings.worker }),
  )
  return worker
}

const TOLD = Promise.resolve<Posted>({ kind: 'taken' })

/** A host that does not answer is told again; one that refuses is told nothing more of this fact. */
async function spoken(speaking: Promise<void>): Promise<Posted> {
  try {
    await speaking
    return { kind: 'taken' }
  } catch (error) {
    if (!(error instanceof HostFailure)) throw error
    const passes = error.code === 'host-unreachable' || error.code === 'host-rate-limited'
    return passes ? { kind: 'refused', reason: error.message, notBeforeMs: error.againInMs ?? 0 } : { kind: 'gone', reason: error.message }
  }
}

async function retain(stores: Stores, { retentionDays, resultDays }: OperatorSettings, signal: AbortSignal): Promise<void> {
  const before = (days: number) => new Date(clock.now().getTime() - days * DAY_MS)
  for (const kept of [stores.deliveries, stores.inbox, stores.tokens, stores.outbox]) if (!signal.aborted) await kept.expire(before(retentionDays))
  for (const kept of [stores.reports, stores.sourceMaps, stores.artifacts]) if (!signal.aborted) await kept.expire(before(resultDays))
}

async function tracedHands(run: RunId, waitedMs: number, { stores, runs, traces }: Pick<ServiceGround, 'stores' | 'runs' | 'traces'>): Promise<RunHands> {
  const hands = await runs.handsFor(run)
  const summary = traces === undefined ? undefined : await stores.runIndex.get(run)
  if (traces === undefined || summary === undefined) return hands
  const trace = traces.drive(summary, waitedMs)
  return {
    tools: { ...hands.tools, sandboxes: trace.sandboxes(hands.tools.sandboxes) },
    async [Symbol.asyncDispose]() {
      trace.end()
      await hands[Symbol.asyncDispose]()
    },
  }
}
