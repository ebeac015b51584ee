import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Refusal } from '../problem.ts'

const unzip = promisify(gunzip)

/** Bytes of bodies that are held at one moment, over all requests: memory before anybody has proven who they are. */
export class BodyBudget {
  readonly #maximum: number
  #held = 0

  constructor(maximum: number) {
    this.#maximum = maximum
  }

  get held(): number {
    return this.#held
  }

  /** False when it would be too much. */
  hold(bytes: number): boolean {
    if (this.#held + bytes > this.#maximum) return false
    this.#held += bytes
    return true
  }

  release(bytes: number): void {
    this.#held -= bytes
  }
}

export const tooLarge = () => new Refusal(413, 'The body is too large', { headers: { connection: 'close' } })
const notComplete = () => new Refusal(400, 'The body did not arrive whole', { headers: { connection: 'close' } })
const busy = () => new Refusal(503, 'Too much is being received at the moment', { headers: { 'retry-after': '5', connection: 'close' } })

/** The body as it comes over the wire. What is over the limit is refused at the byte that crosses it, and never kept. */
export async function readBody(request: IncomingMessage, limit: number, budget: BodyBudget): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes: Buffer = chunk
      if (size + bytes.length > limit) throw tooLarge()
      if (!budget.hold(bytes.length)) throw busy()
      size += bytes.length
      chunks.push(bytes)
    }
  } catch (cause) {
    throw cause instanceof Refusal ? cause : notComplete()
  } finally {
    budget.release(size)
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size)
}

/** Decoded from its content encoding, never to more than the limit. */
export async function decodeBody(body: Buffer, encoding: string | undefined, limit: number): Promise<Buffer> {
  switch (encoding?.trim().toLowerCase() ?? '') {
    case '':
    case 'identity':
      return body
    case 'gzip':
    case 'x-gzip':
      try {
        return await unzip(body, { maxOutputLength: limit })
      } catch (cause) {
        if (cause instanceof RangeError) throw tooLarge()
        throw new Refusal(400, 'The body is not what its content encoding says')
      }
    default:
      throw new Refusal(415, 'This content encoding is not taken', { headers: { 'accept-encoding': 'gzip, identity' } })
  }
}
