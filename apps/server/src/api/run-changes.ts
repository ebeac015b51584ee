import type { Followers, Frame } from '../followers.ts'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { type App, problems } from './app.ts'
import { shownRun } from './shown-run.ts'

/** What every page listens to: which runs changed. Who comes back asks again for what it shows; there is nothing to resume. */
export function runChangeRoutes(app: App, hands: ServerHands, followers: Followers): void {
  app.get(
    '/api/events',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['runs'],
        summary: 'Each run that changes, as server-sent events: `run` with the run as the list shows it; `stale` when any may have changed',
        produces: ['text/event-stream'],
        response: { ...problems },
      },
    },
    async (_request, reply) => {
      if (!followers.admits()) throw new Refusal(503, 'Too many are watching', { headers: { 'retry-after': '30' } })
      await followers.send(reply, (signal) => changes(hands, signal))
      return reply
    },
  )
}

async function* changes({ journal, runIndex, parked }: ServerHands, signal: AbortSignal): AsyncIterable<Frame> {
  for await (const id of journal.changes(signal)) {
    const run = id === undefined ? undefined : await runIndex.get(id)
    yield run === undefined ? { event: 'stale', data: {} } : { event: 'run', data: shownRun(run, await parked()) }
  }
}
