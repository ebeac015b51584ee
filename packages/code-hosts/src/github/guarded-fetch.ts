import type { Stop } from './stop.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface Guard {
  readonly fetch: Fetch
  /** The host's own: what it says in `authorization` is for nobody else. */
  readonly origin: string
  readonly timeoutMs: number
  readonly stop: Stop
  /** Bytes that are kept of a reply: all of it, or its end. */
  readonly keep?: { readonly end: number }
}

const MOST_BYTES = 32 * 1024 * 1024
const MOST_HOPS = 5

/**
 * The one way out to a code host: within a time limit, the whole reply read before anybody looks at it, so that one that breaks off is no reply.
 * Redirects are followed with the method and body they came with (a renamed repository), and without the credential when they lead elsewhere.
 */
export function guardedFetch({ fetch, origin, timeoutMs, stop, keep }: Guard): Fetch {
  return async (from, init) => {
    const over = new AbortController()
    using _stop = stop.calls((reason) => over.abort(reason))
    using _limit = timeLimit(timeoutMs, (reason) => over.abort(reason))
    const headers = new Headers(init.headers)
    let url = new URL(from)
    for (let hops = 0; hops <= MOST_HOPS; hops += 1) {
      if (url.origin !== origin) {
        headers.delete('authorization')
        if ((init.method ?? 'GET') !== 'GET') throw new TypeError(`${url.host} is not where this may be sent`)
      }
      const response = await fetch(url.href, { ...init, headers, signal: over.signal, redirect: 'manual' })
      const next = response.headers.get('location')
      if (response.status < 300 || response.status >= 400 || response.status === 304 || next === null) return await whole(response, url, keep)
      await response.body?.cancel()
      const to = new URL(next, url)
      if (to.protocol !== 'https:' && to.protocol !== url.protocol) throw new TypeError(`${url.host} leads to ${to.protocol}`)
      url = to
    }
    throw new TypeError(`${url.host} leads in circles`)
  }
}

function timeLimit(ms: number, end: (reason: Error) => void): Disposable {
  const timer = setTimeout(() => end(new DOMException('no answer in time', 'TimeoutError')), ms)
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}

async function whole(response: Response, url: URL, keep: Guard['keep']): Promise<Response> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  if (response.body !== null) {
    for await (const chunk of response.body) {
      chunks.push(chunk)
      bytes += chunk.byteLength
      while (keep !== undefined && chunks[0] !== undefined && bytes - chunks[0].byteLength >= keep.end) bytes -= chunks.shift()?.byteLength ?? 0
      if (bytes > MOST_BYTES) throw new TypeError(`${url.host} answers with more than ${MOST_BYTES / 1024 / 1024} MB`)
    }
  }
  const all = Buffer.concat(chunks)
  const body = keep === undefined ? all : all.subarray(Math.max(0, all.byteLength - keep.end))
  const read = new Response([204, 205, 304].includes(response.status) ? null : new Uint8Array(body), { status: response.status, headers: response.headers })
  return Object.defineProperty(read, 'url', { value: url.href })
}
