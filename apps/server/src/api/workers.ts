import { RunId, type SeenWorker } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { type App, Moment, problems } from './app.ts'

/** Three beats. */
const SILENT_MS = 15_000

const Worker = z.object({
  id: z.string(),
  host: z.string(),
  pid: z.number().int(),
  startedAt: Moment,
  /** `lost`: not heard of for 15 seconds, and it did not say goodbye. */
  state: z.enum(['working', 'paused', 'draining', 'lost']),
  runs: z.array(RunId),
  concurrency: z.number().int(),
  memoryBytes: z.number(),
  silentMs: z.number().int(),
})

export function aliveWorkers(workers: readonly SeenWorker[]): readonly SeenWorker[] {
  return workers.filter(({ silentMs }) => silentMs < SILENT_MS)
}

export function workerRoutes(app: App, { roster }: Pick<ServerHands, 'roster'>): void {
  app.get(
    '/api/workers',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['operations'],
        summary: 'Which workers live, what they drive, and which were lost in the last hour',
        response: { 200: z.object({ items: z.array(Worker) }), ...problems },
      },
    },
    async () => {
      const seen = await roster.seen()
      const alive = new Set(aliveWorkers(seen))
      return {
        items: seen.map((worker) => ({
          ...worker,
          runs: [...worker.runs],
          startedAt: worker.startedAt.toISOString(),
          state: alive.has(worker) ? worker.state : ('lost' as const),
        })),
      }
    },
  )
}
