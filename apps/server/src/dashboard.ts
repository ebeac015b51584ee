import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { z } from 'zod'
import type { App } from './api/app.ts'
import { Refusal } from './problem.ts'

/** Addresses that are no page: what is not found there is a 404. */
const NOT_A_PAGE = /^\/(api|assets|hooks|login|schema|setup)(\/|$)/
const YEAR_MS = 365 * 86_400_000
const Asset = z.object({ file: z.string().regex(/^[\w-][\w.-]*$/) })

/** The built dashboard: its files, and its one page under every address that a browser may open. `folder`: where it was built. */
export function dashboardRoutes(app: App, folder: string | undefined): void {
  const page = folder === undefined ? undefined : builtPage(folder)
  const open = { config: { scope: 'open' }, schema: { hide: true } } as const

  if (page !== undefined) {
    app.register(fastifyStatic, { root: folder as string, serve: false, preCompressed: true })
    // Their names hold a hash of what is in them.
    app.get('/assets/:file', { ...open, schema: { ...open.schema, params: Asset } }, async ({ params: { file } }, reply) =>
      reply.sendFile(`assets/${file}`, { maxAge: YEAR_MS, immutable: true }),
    )
    for (const file of ['theme.js', 'favicon.svg']) app.get(`/${file}`, open, async (_request, reply) => reply.sendFile(file, { cacheControl: false }))
  }

  app.get('/*', open, async (request, reply) => {
    const wantsPage = request.headers.accept?.includes('text/html') === true && !NOT_A_PAGE.test(request.url)
    if (!wantsPage) throw new Refusal(404, 'Not found')
    reply.header('cache-control', 'no-store').serializer(String)
    return page === undefined
      ? reply
          .code(503)
          .type('text/plain; charset=utf-8')
          .send('The dashboard was not built. Type: npm run build\nThe API answers all the same: /openapi.json\n')
      : reply.type('text/html; charset=utf-8').send(page)
  })
}

function builtPage(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'index.html'), 'utf8')
  } catch {
    return undefined
  }
}
