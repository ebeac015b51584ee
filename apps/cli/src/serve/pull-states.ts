import { type Clock, type HostedRepositories, RepositoryName } from '@fixpoint/core'
import type { PullState } from '@fixpoint/server'

/** Whoever looks again so soon sees the same: many people on many pages are one question to the host. */
const KEPT_MS = 20_000
const MOST = 200

/** Pull requests as the host has them, asked for when somebody looks. */
export function pullStates(hosts: Pick<HostedRepositories, 'open'>, clock: Clock): (repository: string, number: number) => Promise<PullState | undefined> {
  const known = new Map<string, { readonly until: number; readonly state: Promise<PullState | undefined> }>()
  const ask = async (repository: string, number: number) => {
    const name = RepositoryName.safeParse(repository)
    if (!name.success) return undefined
    const hosted = await hosts.open(name.data)
    const pull = await hosted.pull(number)
    if (pull === undefined) return undefined
    const { url, state, draft, head } = pull
    return { number, url, state, draft, checks: await hosted.checks(head) }
  }
  return (repository, number) => {
    const key = `${repository}#${number}`
    const kept = known.get(key)
    if (kept !== undefined && kept.until > clock.monotonic()) return kept.state
    if (known.size >= MOST) known.clear()
    const state = ask(repository, number)
    state.catch(() => known.delete(key))
    known.set(key, { until: clock.monotonic() + KEPT_MS, state })
    return state
  }
}
