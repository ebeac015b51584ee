import { modelFailure } from './refusal.ts'

export type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>

/** A model that is loaded first, or reads a long prompt without a GPU, takes minutes to its first byte. */
const FIRST_BYTE_MS = 300_000
const IDLE_MS = 120_000
/** No reply is larger, in whatever protocol. */
const MOST_BYTES = 64 * 1024 * 1024

export interface Guard {
  readonly fetch: Fetch
  /** Hosts (`api.anthropic.com`, `localhost:11434`) that may be asked; without, all may. */
  readonly allow?: readonly string[] | undefined
  readonly firstByteMs?: number | undefined
  readonly idleMs?: number | undefined
}

/** The one way out of this package: to allowed hosts only, never on to where a redirect points, and never to wait for ever. Throws `ModelFailure`. */
export function guardedFetch({ fetch, allow, firstByteMs = FIRST_BYTE_MS, idleMs = IDLE_MS }: Guard): Fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (!allows(allow, url)) throw modelFailure('model-not-allowed', `${url.host} is not among the hosts that the settings allow`)
    const late = new AbortController()
    const timer = setTimeout(
      () => late.abort(modelFailure('model-overloaded', `${url.host} did not begin to answer within ${firstByteMs / 1000} s`)),
      firstByteMs,
    )
    const signal = init.signal ? AbortSignal.any([init.signal, late.signal]) : late.signal
    try {
      const response = await fetch(input, { ...init, signal, redirect: 'manual' })
      if (response.status >= 300 && response.status < 400) {
        await response.body?.cancel()
        throw modelFailure(
          'model-not-allowed',
          `${url.host} points elsewhere (${response.status}), and redirects are not followed; name the final address as baseUrl`,
        )
      }
      return response.body === null ? response : watched(response, response.body, url.host, idleMs)
    } catch (error) {
      if (late.signal.aborted) throw late.signal.reason
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
}

function allows(hosts: readonly string[] | undefined, url: URL): boolean {
  return hosts === undefined || hosts.some((host) => host.toLowerCase() === url.host || host.toLowerCase() === url.hostname)
}

/** The same response, whose body fails when nothing comes for a while, or too much. */
function watched(response: Response, body: ReadableStream<Uint8Array>, host: string, idleMs: number): Response {
  const reader = body.getReader()
  let bytes = 0
  const watchedBody = new ReadableStream<Uint8Array>({
    async pull(controller) {
      let timer: NodeJS.Timeout | undefined
      const idle = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(modelFailure('model-overloaded', `${host} said nothing more for ${idleMs / 1000} s`)), idleMs)
      })
      try {
        const { done, value } = await Promise.race([reader.read(), idle])
        if (done) return controller.close()
        bytes += value.byteLength
        if (bytes > MOST_BYTES) throw modelFailure('model-malformed', `${host} answers with more than ${MOST_BYTES / 1024 / 1024} MB`)
        controller.enqueue(value)
      } catch (error) {
        reader.cancel(error).catch(() => undefined)
        controller.error(error)
      } finally {
        clearTimeout(timer)
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
  return new Response(watchedBody, { status: response.status, statusText: response.statusText, headers: response.headers })
}
