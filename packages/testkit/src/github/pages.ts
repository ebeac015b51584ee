import { acceptManifest } from './routes/manifest.ts'
import type { Reply } from './routes/route.ts'
import { authorizePage, exchange } from './routes/sign-in.ts'
import type { World } from './world.ts'

/** Who sits in front of the browser when an app is made for no organization. */
const SOMEBODY = 'ann'

/** What people see in a browser, and addresses that need no token; undefined: it is a matter of the API. */
export function pageOf(world: World, method: string, url: URL, body: string): Reply | undefined {
  const form = /^(?:\/organizations\/([^/]+))?\/settings\/apps\/new$/.exec(url.pathname)
  if (form !== null && method === 'POST') return acceptManifest(world, new URLSearchParams(body), url.searchParams.get('state'), form[1] ?? SOMEBODY)
  if (url.pathname === '/login/oauth/authorize' && method === 'GET') return authorizePage(world, url.searchParams)
  if (url.pathname === '/login/oauth/access_token' && method === 'POST') return exchange(world, body)
  const [, repository, job] = /^\/_logs\/(\d+)\/(\d+)$/.exec(url.pathname) ?? []
  return repository === undefined ? undefined : logPage(world, Number(repository), Number(job))
}

function logPage(world: World, repository: number, job: number): Reply {
  const runs = world.repositories.find(({ id }) => id === repository)?.workflowRuns ?? []
  const found = runs.flatMap(({ jobs }) => jobs).find(({ checkRun }) => checkRun.id === job)
  return { status: found === undefined ? 404 : 200, raw: { type: 'text/plain; charset=utf-8', content: found?.log ?? '' } }
}
