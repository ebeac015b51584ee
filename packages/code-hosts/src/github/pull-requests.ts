import { z } from 'zod'
import { type GitHubApi, TWICE_IS_ONCE } from './github-api.ts'
import { HostRefusal } from './host-failures.ts'
import { MOST_TITLE, short } from './host-limits.ts'
import { Pull } from './replies.ts'
import type { At } from './repository-place.ts'

export interface WantedPull {
  readonly branch: string
  readonly base: string
  readonly title: string
  readonly body: string
  readonly draft: boolean
}

const Reviewers = z.object({ users: z.array(z.object({ login: z.string() })), teams: z.array(z.object({ slug: z.string() })) })

/** The one pull request of a branch: made, or found and told anew. One that people closed stays closed. */
export async function ensurePull(api: GitHubApi, at: At, wanted: WantedPull): Promise<Pull> {
  const text = { title: short(wanted.title, MOST_TITLE), body: wanted.body }
  const there = (await pullOf(api, at, wanted.branch)) ?? (await makePull(api, at, { ...wanted, ...text }))
  if (there.state !== 'open' || (there.title === text.title && (there.body ?? '').replaceAll('\r\n', '\n').trimEnd() === text.body.trimEnd())) return there
  return api.ask(Pull, (rest) => rest.pulls.update({ ...at, pull_number: there.number, ...text }))
}

async function makePull(api: GitHubApi, at: At, { branch, base, title, body, draft }: WantedPull): Promise<Pull> {
  const make = (asDraft: boolean) => api.ask(Pull, (rest) => rest.pulls.create({ ...at, head: branch, base, title, body, draft: asDraft }))
  try {
    return await make(draft)
  } catch (error) {
    if (!(error instanceof HostRefusal) || error.status !== 422) throw error
    // Private repositories of some plans have none.
    if (draft && /draft pull requests are not supported/i.test(error.said)) return make(false)
    // Made a moment ago, by us: the reply was lost, or somebody else drives this run.
    const made = await pullOf(api, at, branch)
    if (made === undefined) throw error
    return made
  }
}

/** The open one, or the last. */
async function pullOf(api: GitHubApi, at: At, branch: string): Promise<Pull | undefined> {
  const list = { ...at, head: `${at.owner}:${branch}`, state: 'all' as const, sort: 'created' as const, direction: 'desc' as const, per_page: 20 }
  const found = (await api.ask(z.array(Pull), (rest) => rest.pulls.list(list))).filter(({ head }) => head.ref === branch)
  return found.find(({ state }) => state === 'open') ?? found[0]
}

/** Asks these people (`ann`) and teams (`acme/core`, by their last name) to look, and says who was not asked after all. */
export async function requestReviewers(api: GitHubApi, at: At, pull: number, reviewers: readonly string[]): Promise<readonly string[]> {
  const asked = await askedReviewers(api, at, pull)
  const missing = reviewers.filter((each) => !asked.has(nameOf(each)))
  if (missing.length === 0) return []
  // One who may not be asked would make GitHub refuse all.
  for (const each of missing) {
    const whom = each.includes('/') ? { team_reviewers: [nameOf(each)] } : { reviewers: [each] }
    await api.unless([403, 404, 422], () => api.tell((rest) => rest.pulls.requestReviewers({ ...at, pull_number: pull, ...whom, request: TWICE_IS_ONCE })))
  }
  const now = await askedReviewers(api, at, pull)
  return missing.filter((each) => !now.has(nameOf(each)))
}

async function askedReviewers(api: GitHubApi, at: At, pull: number): Promise<ReadonlySet<string>> {
  const { users, teams } = await api.ask(Reviewers, (rest) => rest.pulls.listRequestedReviewers({ ...at, pull_number: pull }))
  return new Set([...users.map(({ login }) => login.toLowerCase()), ...teams.map(({ slug }) => slug.toLowerCase())])
}

function nameOf(reviewer: string): string {
  return (reviewer.split('/').at(-1) ?? reviewer).toLowerCase()
}
