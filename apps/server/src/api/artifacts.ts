import { type Artifacts, Digest, Failure } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { type App, problems } from './app.ts'

/** Sent as they are: no serialiser looks at them. */
const Bytes = z.custom<Uint8Array>()

export function artifactRoutes(app: App, hands: ServerHands): void {
  app.get(
    '/api/artifacts/:digest',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['artifacts'],
        summary: 'The bytes of an artifact',
        params: z.object({ digest: Digest }),
        produces: ['application/octet-stream'],
        response: { 200: Bytes, 304: z.null(), ...problems },
      },
    },
    async ({ params, headers }, reply) => {
      const tag = `"${params.digest}"`
      reply.headers({ etag: tag, 'cache-control': 'private, max-age=31536000, immutable' })
      if (headers['if-none-match'] === tag) return reply.code(304).send(null)
      const bytes = await artifactBytes(hands.artifacts, params.digest)
      // A stranger's words may be in it: never shown as a page, whoever follows the link.
      return reply
        .headers({ 'content-disposition': `attachment; filename="${params.digest}"`, 'content-security-policy': "sandbox; default-src 'none'" })
        .type('application/octet-stream')
        .serializer((payload: unknown) => payload as string)
        .send(Buffer.from(bytes))
    },
  )
}

export async function artifactBytes(artifacts: Artifacts, digest: Digest): Promise<Uint8Array> {
  try {
    return await artifacts.get(digest)
  } catch (cause) {
    if (cause instanceof Failure && cause.code === 'artifact-missing') throw new Refusal(404, 'No such artifact', { hint: 'It may have expired.' })
    throw cause
  }
}
