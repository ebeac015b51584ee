import type { QueryClient } from '@tanstack/react-query'
import { keys } from './queries.ts'

/** Between an answer and the next question: a storm of events is no storm of questions. */
const REST_MS = 100

interface ChangedRun {
  readonly id: string
  readonly phase: string
}

/** Asks for the proposals again when told of a run that changes them; without a run, when any may have. One question at a time. */
export function proposalChanges(client: QueryClient): (run?: ChangedRun) => void {
  const { proposals: queryKey } = keys
  const changed = new Set<string>()
  let surely = false
  let asking = false

  async function ask(): Promise<void> {
    asking = true
    // What a page has asked for by itself is let come, and may be of before.
    await client.refetchQueries({ queryKey, type: 'active', fetchStatus: 'fetching' }, { cancelRefetch: false })
    while (surely || isListed(client, changed)) {
      surely = false
      changed.clear()
      await client.invalidateQueries({ queryKey })
      await new Promise((resolve) => setTimeout(resolve, REST_MS))
    }
    // What happens on the way to a proposal changes none of them.
    changed.clear()
    asking = false
  }

  return (run) => {
    if (run === undefined || run.phase === 'proposing') surely = true
    else changed.add(run.id)
    if (!asking) void ask()
  }
}

function isListed(client: QueryClient, runs: ReadonlySet<string>): boolean {
  const known = client.getQueriesData<{ readonly items: readonly { readonly run: string }[] }>({ queryKey: keys.proposals })
  return known.some(([, list]) => list?.items.some(({ run }) => runs.has(run)))
}
