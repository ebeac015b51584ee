import type { QueryClient } from '@tanstack/react-query'
import { proposalChanges } from './proposal-changes.ts'
import { keys } from './queries.ts'

/** How the one stream of this tab is: `since` is when it broke, in milliseconds since 1970. */
export type Connection = { readonly state: 'connecting' | 'open' } | { readonly state: 'lost'; readonly since: number }

const RECONNECT_MS = 3000

/** Follows what happens to runs until it is told to stop. What is on screen is asked again when the connection comes back. */
export function followEvents(client: QueryClient, tell: (connection: Connection) => void): () => void {
  let source: EventSource
  let reconnecting: ReturnType<typeof setTimeout> | undefined
  let lostSince: number | undefined
  const proposalsChanged = proposalChanges(client)
  const anyRunChanged = () => {
    void client.invalidateQueries({ predicate: ({ queryKey: [kind] }) => kind !== keys.session[0] && kind !== keys.proposals[0] })
    proposalsChanged()
  }

  function connect(): void {
    source = new EventSource('/api/events')
    source.onopen = () => {
      if (lostSince !== undefined) {
        void client.invalidateQueries({ queryKey: keys.session })
        anyRunChanged()
      }
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
    source.addEventListener('stale', anyRunChanged)
    source.addEventListener('run', ({ data }) => {
      const run = JSON.parse(data) as { id: string; phase: string }
      client.setQueryData(keys.run(run.id), run)
      for (const queryKey of [keys.proposal(run.id), keys.details(run.id)]) void client.invalidateQueries({ queryKey })
      proposalsChanged(run)
    })
  }

  tell({ state: 'connecting' })
  connect()
  return () => {
    clearTimeout(reconnecting)
    source.close()
  }
}
