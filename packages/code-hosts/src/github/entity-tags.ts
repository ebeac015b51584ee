import type { Fetch } from './guarded-fetch.ts'

interface Kept {
  readonly etag: string
  readonly body: Uint8Array<ArrayBuffer>
  readonly headers: Headers
  readonly url: string
}

const MOST_REPLIES = 300
const MOST_BYTES = 64 * 1024

/**
 * Asks only for what changed: replies that the host says are still the same cost nothing of its limit. Whether they are is the host's word for
 * whoever asks now, so one cache serves all repositories.
 */
export function withEntityTags(fetch: Fetch): Fetch {
  const kept = new Map<string, Kept>()
  return async (url, init) => {
    if ((init.method ?? 'GET') !== 'GET') return fetch(url, init)
    const headers = new Headers(init.headers)
    const key = `${headers.get('accept')} ${url}`
    const before = kept.get(key)
    if (before !== undefined) headers.set('if-none-match', before.etag)
    const response = await fetch(url, { ...init, headers })
    if (response.status === 304 && before !== undefined) return replyOf(before, response.headers)
    kept.delete(key)
    const etag = response.headers.get('etag')
    if (response.status !== 200 || etag === null) return response
    const body = new Uint8Array(await response.arrayBuffer())
    const reply = { etag, body, headers: response.headers, url: response.url }
    if (body.byteLength <= MOST_BYTES) {
      kept.set(key, reply)
      const [oldest] = kept.keys()
      if (kept.size > MOST_REPLIES && oldest !== undefined) kept.delete(oldest)
    }
    return replyOf(reply, response.headers)
  }
}

function replyOf({ body, headers, url }: Kept, now: Headers): Response {
  const all = new Headers(headers)
  for (const [name, value] of now) if (name.startsWith('x-ratelimit')) all.set(name, value)
  return Object.defineProperty(new Response(body, { status: 200, headers: all }), 'url', { value: url })
}
