import { RepositoryName } from '@fixpoint/core'
import { z } from 'zod'
import type { GitHubApi } from './github-api.ts'
import type { GitHubApp } from './github-app.ts'
import { Label } from './replies.ts'
import { atOf } from './repository-place.ts'

const Installation = z.object({ id: z.number(), permissions: z.record(z.string(), z.string()), suspended_at: z.string().nullish() })
const Repositories = z
  .object({ repositories: z.array(z.object({ full_name: z.string(), archived: z.boolean() })) })
  .transform(({ repositories }) => repositories.filter(({ archived }) => !archived).map(({ full_name }) => RepositoryName.parse(full_name)))

/** Labels of one repository that are looked through, in pages of a hundred. */
const PAGES_OF_LABELS = 10

export interface LabelSearch {
  readonly labels: readonly string[]
  /** Whether a repository is one that we work on. */
  readonly isOurs: (name: RepositoryName) => boolean
  /** Repositories that are looked at: each is a request. */
  readonly atMost: number
}

export interface MissingLabels {
  readonly looked: number
  /** There are repositories that were not looked at. */
  readonly more: boolean
  readonly without: readonly { readonly repository: RepositoryName; readonly labels: readonly string[] }[]
}

/** Where the app is installed and some of these labels are not there. A personal token does not say where it may. */
export async function missingLabels(app: GitHubApp, { labels, isOurs, atMost }: LabelSearch): Promise<MissingLabels> {
  const found = { looked: 0, more: false, without: [] as MissingLabels['without'] }
  for await (const [inside, names] of pagesOf(app)) {
    const ours = names.filter(isOurs)
    const some = ours.slice(0, atMost - found.looked)
    const lacking = await Promise.all(some.map(async (repository) => ({ repository, labels: await lackingIn(inside, repository, labels) })))
    found.without = [...found.without, ...lacking.filter((each) => each.labels.length > 0)]
    found.looked += some.length
    found.more = some.length < ours.length
    if (found.more) break
  }
  return found
}

/** Page after page of what is installed. An installation that does not let us see issues is found fault with elsewhere. */
async function* pagesOf(app: GitHubApp): AsyncGenerator<readonly [GitHubApi, readonly RepositoryName[]]> {
  if (app.credentials.kind !== 'app') return
  const installations = app.itself.each(z.array(Installation), (rest, page) => rest.apps.listInstallations({ per_page: 100, page }))
  for await (const { id, permissions, suspended_at } of installations) {
    if (suspended_at || permissions['issues'] === undefined) continue
    const inside = app.inside(id, { metadata: 'read', issues: 'read' })
    let next: unknown = 1
    for (let page = 1; next !== undefined; page += 1) {
      const listed = await inside.askWhere(Repositories, (rest) => rest.apps.listReposAccessibleToInstallation({ per_page: 100, page }))
      yield [inside, listed.data]
      next = listed.next
    }
  }
}

/** Labels do not differ by case alone. One that goes away meanwhile lacks nothing. */
async function lackingIn(inside: GitHubApi, repository: RepositoryName, labels: readonly string[]): Promise<readonly string[]> {
  return (
    (await inside.unless([404], async () => {
      const lacking = new Map(labels.map((label) => [label.toLowerCase(), label]))
      const there = inside.each(z.array(Label), (rest, page) => rest.issues.listLabelsForRepo({ ...atOf(repository), per_page: 100, page }), PAGES_OF_LABELS)
      for await (const label of there) if (lacking.delete(label.toLowerCase()) && lacking.size === 0) break
      return [...lacking.values()]
    })) ?? []
  )
}
