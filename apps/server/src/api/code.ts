import { Failure, inert } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { CODE_KINDS } from '../reading-hands.ts'
import { type App, present, problems } from './app.ts'

const AtRepository = z.object({ repository: z.string().min(1).max(300) })
const Place = z.object({
  path: z.string(),
  lines: z.array(z.number().int()).length(2).describe('first and last'),
  text: z.string(),
  within: z.string().optional().describe('the function around it'),
  url: z.string().optional(),
})
const Words = z.array(z.string())
const Project = z.object({
  commit: z.string(),
  unsupported: z.string().optional().describe('why it cannot be told, and what to do'),
  detected: z
    .object({
      ...{ toolchain: z.string(), runner: z.string(), command: z.string(), testFiles: z.number().int() },
      ...{ installs: Words, builds: Words, checks: Words, because: Words },
    })
    .optional(),
})
const MOST = 200

export function codeRoutes(app: App, { code }: ServerHands): void {
  const tags = ['repositories']

  app.get(
    '/api/repositories/:repository/code',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Search the code of a repository on its default branch: text as it is written, or what defines or uses a name',
        params: AtRepository,
        querystring: z.object({
          kind: z.enum(CODE_KINDS).default('text'),
          text: z
            .string()
            .trim()
            .min(2)
            .max(200)
            .regex(/^[^\r\n\0]*$/),
          limit: z.coerce.number().int().min(1).max(MOST).default(50),
        }),
        response: { 200: z.object({ commit: z.string(), places: z.array(Place), more: z.boolean() }), ...problems },
      },
    },
    async ({ params, query: { kind, text, limit }, raw }) => {
      const gone = new AbortController()
      raw.on('close', () => gone.abort())
      const { places, ...found } = await readable(code.search(params.repository, { kind, text }, limit, gone.signal))
      return { ...found, places: places.map(({ lines, ...place }) => ({ ...present(place), lines: [...lines] })) }
    },
  )

  app.get(
    '/api/repositories/:repository/project',
    {
      config: { scope: 'read' },
      schema: { tags, summary: 'How its tests are run, as the default branch says', params: AtRepository, response: { 200: Project, ...problems } },
    },
    async ({ params }) => {
      const { detected, ...project } = await readable(code.project(params.repository))
      if (detected === undefined) return present(project)
      const { installs, builds, checks, because } = detected
      return { ...present(project), detected: { ...detected, installs: [...installs], builds: [...builds], checks: [...checks], because: [...because] } }
    },
  )
}

/** A repository that cannot be read is its owner's to mend, and no failure of this server. */
async function readable<T>(asked: Promise<T | undefined>): Promise<T> {
  const answer = await asked.catch((cause: unknown) => {
    if (cause instanceof Failure) throw new Refusal(409, 'The code cannot be read', { detail: inert(cause.message, 500), hint: inert(cause.hint, 500) })
    throw cause
  })
  if (answer === undefined) throw new Refusal(404, 'No such repository')
  return answer
}
