import { hostname } from 'node:os'
import type { RunId } from '@fixpoint/core'
import { alertSources } from '@fixpoint/intake'
import { OutboundSender } from '@fixpoint/outbound'
import { createWorker, type RunHands, type Worker, WorkerSettings } from '@fixpoint/worker'
import { clock } from '../compose.ts'
import { GitLineage } from './git-lineage.ts'
import type { Stores } from './open-stores.ts'
import type { OperatorSettings } from './operator-settings.ts'
import type { ServiceGround, ServiceOptions } from './service-ground.ts'
import { WeeklyReport } from './weekly-report.ts'

const DAY_MS = 24 * 3_600_000

/** The worker of this process; it takes no job before it is started. */
export function workerOn(
  { stores, queue, ledger, observed, subscribers, runs, traces, sandboxes, ids, hash }: ServiceGround,
  { settings, log, progress }: ServiceOptions,
): Worker {
  const { publicUrl } = settings.server
  const sender = new OutboundSender({ outbox: stores.outbox, artifacts: stores.artifacts, subscribers, publicUrl, clock, log })
  const weekly = new WeeklyReport({ observed, outbox: stores.outbox, subscribers, clock })
  return createWorker(
    {
      ...{ journal: stores.journal, runIndex: stores.runIndex, inbox: stores.inbox, deliveries: stores.deliveries },
      ...{ sourceMaps: stores.sourceMaps, reports: stores.reports, artifacts: stores.artifacts, tokens: stores.tokens, sources: alertSources, queue },
      roster: stores.roster,
      self: { host: hostname(), pid: process.pid },
      openHands: (run, waitedMs) => tracedHands(run, waitedMs, { stores, runs, traces }),
      openRunFor: (report, target, run) => runs.open(report, target, run),
      reap: async () => void (await sandboxes.reap()),
      stopped: async () => (await stores.stop.get()).stopped,
      ...{ outbox: stores.outbox, ledger },
      weekly: () => weekly.tellIfDue(),
      send: (message, signal) => sender.send(message, signal),
      afterFix: {
        fixes: stores.fixes,
        openLineage: async (name) => {
          const repository = settings.repositories[name]
          if (repository === undefined) throw new Error(`the settings name no repository ${JSON.stringify(name)}`)
          return GitLineage.open(repository)
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
