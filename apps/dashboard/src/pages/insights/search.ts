/** What the address of the insights says: which time, and which repository. Without a time: the last seven days. */
export interface InsightsSearch {
  readonly days?: (typeof DAYS)[number]
  /** Instead of `days`: from the beginning of one day to the end of another, in UTC. */
  readonly from?: string
  readonly to?: string
  readonly repository?: string
}

export const DAYS = [1, 7, 30, 90, 365] as const
const DEFAULT_DAYS = 7
const DAY_MS = 86_400_000

export function insightsSearch(given: Record<string, unknown>): InsightsSearch {
  const days = DAYS.find((each) => each === Number(given.days) && each !== DEFAULT_DAYS)
  const [from, to] = [dayIn(given.from), dayIn(given.to)]
  return {
    ...(days && { days }),
    ...(from && to && { from, to }),
    ...(typeof given.repository === 'string' && { repository: given.repository }),
  }
}

/** What the server is asked for. `now`: the end of a time that has none. */
export function timeOf({ days = DEFAULT_DAYS, from, to }: InsightsSearch, now: Date): { readonly since: string; readonly until: string } {
  if (from !== undefined && to !== undefined)
    return { since: new Date(from).toISOString(), until: new Date(Math.min(Date.parse(to) + DAY_MS, now.getTime())).toISOString() }
  return { since: new Date(now.getTime() - days * DAY_MS).toISOString(), until: now.toISOString() }
}

/** The length of the time, in words that follow “the” and “in the”. */
export function lengthOf({ since, until }: { readonly since: string; readonly until: string }): string {
  const days = Math.round((Date.parse(until) - Date.parse(since)) / DAY_MS)
  if (days <= 1) return 'day'
  return days === 7 ? 'week' : `${days} days`
}

export function today(now: Date): string {
  return now.toISOString().slice(0, 10)
}

function dayIn(given: unknown): string | undefined {
  return typeof given === 'string' && /^\d{4}-\d\d-\d\d$/.test(given) && !Number.isNaN(Date.parse(given)) ? given : undefined
}
