import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { RunId } from '@fixpoint/core'
import { z } from 'zod'
import type { App } from './api/app.ts'
import { wantsPage } from './page.ts'
import { Refusal } from './problem.ts'

/** Pages of the server itself: what is not found there is a 404. */
const NOT_OURS = /^\/(login|setup)(\/|$)/
const NOT_BUILT = 'The dashboard was not built. Type: npm run build\nThe API answers all the same: /openapi.json\n'
const Asset = z.object({ file: z.string().regex(/^[\w-][\w.-]*$/) })

/** The built dashboard: its files, and its one page under every address that a browser may open. `folder`: where it was built. */
export function dashboardRoutes(app: App, folder: string | undefined): void {
  const open = { config: { scope: 'open' }, schema: { hide: true } } as const
  const isBuilt = folder !== undefined && existsSync(join(folder, 'index.html'))

  if (isBuilt) {
    app.register(fastifyStatic, { root: folder, serve: false, preCompressed: true, cacheControl: false })
    // Their names hold a hash of what is in them.
    app.get('/assets/:file', { ...open, schema: { ...open.schema, params: Asset } }, async ({ params: { file } }, reply) =>
      reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' }).sendFile(`assets/${file}`),
    )
    for (const file of ['theme.js', 'favicon.svg']) app.get(`/${file}`, open, async (_request, reply) => reply.sendFile(file))
  }

  app.get('/*', open, async (request, reply) => {
    if (!wantsPage(request) || NOT_OURS.test(request.url)) throw new Refusal(404, 'Not found')
    reply.header('cache-control', 'no-store')
    if (isBuilt) return reply.header('link', askedFirst(request.url).map(asPreload).join(', ')).sendFile('index.html')
    return reply.code(503).type('text/plain; charset=utf-8').serializer(String).send(NOT_BUILT)
  })
}

/**
 * What the page under this address asks for first, letter for letter as the dashboard does (`src/api/session.ts`, `src/pages/inbox/proposals.ts`,
 * `src/pages/proposal/proposal.ts`): the browser asks while it is still loading the page, and the page finds the answer there.
 */
function askedFirst(url: string): readonly string[] {
  const run = RunId.safeParse(/^\/proposals\/(\w+)/.exec(url)?.[1]).data
  return ['/api/session', ...(url === '/' ? ['/api/proposals?limit=100&sort=risk'] : []), ...(run === undefined ? [] : [`/api/proposals/${run}`])]
}

function asPreload(question: string): string {
  return `<${question}>; rel=preload; as=fetch; crossorigin`
}
