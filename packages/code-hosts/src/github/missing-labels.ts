import { RepositoryName } from '@fixpoint/core'
import { z } from 'zod'
import type { GitHubApp } from './github-app.ts'
import { Label } from './replies.ts'
import { atOf } from './repository-place.ts'

const Installation = z.object({ id: z.number(), suspended_at: z.string().nullish() })
const Repositories = z
  .object({ repositories: z.array(z.object({ full_name: z.string(), archived: z.boolean() })) })
  .transform(({ repositories }) => repositories.filter(({ archived }) => !archived).map(({ full_name }) => RepositoryName.parse(full_name)))

/** Repositories that are looked at. */
const MOST = 30

/** Where the app is installed and this label is not there. A personal token does not say where it may. */
export async function repositoriesWithoutLabel(app: GitHubApp, label: string): Promise<{ readonly looked: number; readonly without: readonly string[] }> {
  const without: string[] = []
  let looked = 0
  if (app.credentials.kind === 'app') {
    for await (const { id, suspended_at } of app.itself.each(z.array(Installation), (rest, page) => rest.apps.listInstallations({ per_page: 100, page }))) {
      if (suspended_at) continue
      for (const name of await app.inside(id).ask(Repositories, (rest) => rest.apps.listReposAccessibleToInstallation({ per_page: MOST }))) {
        if (looked === MOST) return { looked, without }
        looked += 1
        if ((await app.on(name, 'read').find(Label, (rest) => rest.issues.getLabel({ ...atOf(name), name: label }))) === undefined) without.push(name)
      }
    }
  }
  return { looked, without }
}
