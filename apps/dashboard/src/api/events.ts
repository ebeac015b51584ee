import type { QueryClient } from '@tanstack/react-query'
import { keys } from './queries.ts'

/** How the one stream of this tab is: `since` is when it broke, in milliseconds since 1970. */
export type Connection = { readonly state: 'connecting' | 'open' } | { readonly state: 'lost'; readonly since: number }

const RECONNECT_MS = 3000
/** The inbox is asked again at once, and then at most this often: a storm of events is no storm of questions. */
const INBOX_MS = 250

/** Follows what happens to runs until it is told to stop. What is on screen is asked again when the connection comes back. */
export function followEvents(client: QueryClient, tell: (connection: Connection) => void): () => void {
  let source: EventSource
  let reconnecting: ReturnType<typeof setTimeout> | undefined
  let lostSince: number | undefined
  const proposalsChanged = atMostEvery(INBOX_MS, () => void client.invalidateQueries({ queryKey: keys.proposals }))

  function connect(): void {
    source = new EventSource('/api/events')
    source.onopen = () => {
      if (lostSince !== undefined) void client.invalidateQueries()
      lostSince = undefined
      tell({ state: 'open' })
    }
    source.onerror = () => {
      lostSince ??= Date.now()
      tell({ state: 'lost', since: lostSince })
      // The browser tries again by itself, but for an answer that is no stream: a session that ended, a server that is full.
      if (source.readyState !== EventSource.CLOSED) return
      void client.invalidateQueries({ queryKey: keys.session })
      reconnecting = setTimeout(connect, RECONNECT_MS)
    }
    source.addEventListener('stale', () => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] }))
    source.addEventListener('run', ({ data }) => {
      const run = JSON.parse(data) as { id: string; phase: string }
      client.setQueryData(keys.run(run.id), run)
      for (const queryKey of [keys.proposal(run.id), keys.details(run.id)]) void client.invalidateQueries({ queryKey })
      // What happens on the way to a proposal changes none of them.
      if (run.phase === 'proposing' || mayBeListed(client, run.id)) proposalsChanged()
    })
  }

  tell({ state: 'connecting' })
  connect()
  return () => {
    clearTimeout(reconnecting)
    source.close()
  }
}

/** Among the proposals that are known, or those that are being asked for. */
function mayBeListed(client: QueryClient, run: string): boolean {
  const { proposals: queryKey } = keys
  const known = client.getQueriesData<{ readonly pages: readonly { readonly items: readonly { readonly run: string }[] }[] }>({ queryKey })
  return client.isFetching({ queryKey }) > 0 || known.some(([, lists]) => lists?.pages.some(({ items }) => items.some((each) => each.run === run)))
}

function atMostEvery(ms: number, act: () => void): () => void {
  let waiting: ReturnType<typeof setTimeout> | undefined
  let last = Number.NEGATIVE_INFINITY
  return () => {
    if (waiting !== undefined) return
    const wait = Math.max(0, last + ms - Date.now())
    waiting = setTimeout(() => {
      waiting = undefined
      last = Date.now()
      act()
    }, wait)
  }
}
