import { z } from 'zod'
import type { GitHubApp } from './github-app.ts'
import { type Granted, type MissingPermission, missingOf, NEEDED_EVENTS, NEEDED_PERMISSIONS } from './needed-permissions.ts'

const App = z.object({ slug: z.string(), permissions: z.record(z.string(), z.string()), events: z.array(z.string()), html_url: z.string() })
const Installation = z.object({
  id: z.number(),
  account: z.object({ login: z.string() }).nullish(),
  permissions: z.record(z.string(), z.string()),
  suspended_at: z.string().nullish(),
  html_url: z.string(),
})

export interface InstalledPermissions {
  readonly account: string
  readonly missing: readonly MissingPermission[]
  readonly suspended: boolean
  /** Where its owner accepts what is missing. */
  readonly url: string
}

/** What is granted, beside what is needed. A personal token does not say what it may. */
export interface AppPermissions {
  readonly slug: string
  readonly missing: readonly MissingPermission[]
  /** Granted and not needed: `workflows` is better not there. */
  readonly needless: readonly string[]
  readonly missingEvents: readonly string[]
  readonly url: string
  readonly installations: readonly InstalledPermissions[]
}

export async function permissionsOf({ itself, credentials }: GitHubApp): Promise<AppPermissions | undefined> {
  if (credentials.kind !== 'app') return undefined
  const { slug, permissions, events, html_url: url } = await itself.ask(App, (rest) => rest.apps.getAuthenticated())
  const installations: InstalledPermissions[] = []
  for await (const one of itself.each(z.array(Installation), (rest, page) => rest.apps.listInstallations({ per_page: 100, page }))) {
    const { account, suspended_at, html_url } = one
    installations.push({
      account: account?.login ?? `installation ${one.id}`,
      missing: missingOf(one.permissions),
      suspended: Boolean(suspended_at),
      url: html_url,
    })
  }
  const missingEvents = NEEDED_EVENTS.filter((event) => !events.includes(event))
  return { slug, missing: missingOf(permissions), needless: needlessOf(permissions), missingEvents, url, installations }
}

function needlessOf(granted: Granted): readonly string[] {
  return Object.keys(granted).filter((name) => !(name in NEEDED_PERMISSIONS))
}
