import { retry } from '@octokit/plugin-retry'
import { throttling } from '@octokit/plugin-throttling'
import { Octokit } from '@octokit/rest'
import type { z } from 'zod'
import type { Fetch } from './guarded-fetch.ts'
import { HostRefusal, hostFailure, notItsProtocol } from './host-failures.ts'
import type { Pace, queuesOf } from './pace.ts'
import type { Stop } from './stop.ts'

export type Rest = Octokit['rest']

export interface ApiOptions {
  readonly baseUrl: string
  readonly fetch: Fetch
  /** As whom: an authentication strategy of octokit and its options. Without: as nobody. */
  readonly identity?: { readonly authStrategy?: unknown; readonly auth: unknown }
  /** Whose pace it counts for. */
  readonly owner: string
  readonly pace: Pace
  readonly queues: ReturnType<typeof queuesOf>
  readonly stop: Stop
  readonly scrub: (text: string) => string
}

type Call = (rest: Rest) => Promise<{ readonly data: unknown; readonly url: string; readonly headers: { readonly link?: string | undefined } }>

/** Of a POST that may be sent again when nobody knows what became of it. */
export const TWICE_IS_ONCE = { idempotent: true }

/** Waiting this often for one request is enough. */
const MOST_WAITS = 2
/** Asking again does not help: octokit's list, and limits, which have a plugin of their own. */
const NEVER_RETRIED = [304, 400, 401, 403, 404, 410, 422, 429, 451]
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }
const PatientOctokit = Octokit.plugin(retry, throttling)

/** GitHub's API as somebody. Of a reply only what is asked for is looked at; what goes wrong is a `HostFailure` without a word of the request. */
export class GitHubApi {
  readonly #octokit: Octokit
  readonly #stop: Stop
  readonly #scrub: (text: string) => string

  constructor({ baseUrl, fetch, identity, owner, pace, queues, stop, scrub }: ApiOptions) {
    this.#stop = stop
    this.#scrub = scrub
    const waitFor = (seconds: number, _options: unknown, _octokit: unknown, waits: number) =>
      !stop.aborted && waits < MOST_WAITS && seconds * 1000 <= pace.longestWait
    this.#octokit = new PatientOctokit({
      ...identity,
      baseUrl,
      userAgent: 'fixpoint',
      log: SILENT,
      request: { fetch },
      retry: { retryAfterBaseValue: pace.second, doNotRetry: NEVER_RETRIED },
      throttle: { ...queues, id: owner, retryAfterBaseValue: pace.second, onRateLimit: waitFor, onSecondaryRateLimit: waitFor },
    })
    this.#octokit.hook.before('request', (options) => {
      // Of a write that was perhaps carried out, the one who wants it has a way to find out. octokit counts in an object that all requests share.
      const once = options.method === 'POST' && options.request.idempotent !== true
      options.request = { ...options.request, ...(once && { retries: 0 }), retryCount: 0 }
    })
  }

  /** What the reply says, as far as `schema` asks. */
  async ask<T>(schema: z.ZodType<T>, call: Call): Promise<T> {
    return (await this.#reply(schema, call)).data
  }

  async tell(call: Call): Promise<void> {
    await this.#made(call)
  }

  /** undefined: there is no such thing. That the repository itself is gone looks the same. */
  async find<T>(schema: z.ZodType<T>, call: Call): Promise<T | undefined> {
    return this.unless([404, 410], () => this.ask(schema, call))
  }

  /** With the address that was finally asked (a renamed repository has another one), and that of the next page of a list. */
  async askWhere<T>(schema: z.ZodType<T>, call: Call): Promise<{ readonly data: T; readonly url: string; readonly next: URL | undefined }> {
    return this.#reply(schema, call)
  }

  /** All entries of a list, page after page. */
  async *each<T>(schema: z.ZodType<readonly T[]>, call: (rest: Rest, page: number) => ReturnType<Call>, mostPages = 100): AsyncGenerator<T> {
    for (let page = 1; page <= mostPages; page += 1) {
      const { data, next } = await this.#reply(schema, (rest) => call(rest, page))
      yield* data
      if (next === undefined) return
    }
  }

  async mutate(query: string, input: Record<string, unknown>): Promise<void> {
    await this.#translated(this.#octokit.graphql(query, { input }))
  }

  /** Does it; a refusal with one of these statuses, and with such words, is an answer: undefined. */
  async unless<T>(statuses: readonly number[], act: () => Promise<T>, words = /(?:)/): Promise<T | undefined> {
    try {
      return await act()
    } catch (error) {
      if (error instanceof HostRefusal && statuses.includes(error.status) && words.test(error.said)) return undefined
      throw error
    }
  }

  async #reply<T>(schema: z.ZodType<T>, call: Call): Promise<{ readonly data: T; readonly url: string; readonly next: URL | undefined }> {
    const { data, url, headers } = await this.#made(call)
    const picked = schema.safeParse(data)
    if (!picked.success)
      throw notItsProtocol(this.#scrub(`${new URL(url).pathname}: ${picked.error.issues[0]?.path.join('.')} ${picked.error.issues[0]?.message}`))
    const next = /<([^<>]+)>;\s*rel="next"/.exec(headers.link ?? '')?.[1]
    return { data: picked.data, url, next: next === undefined ? undefined : new URL(next, url) }
  }

  #made(call: Call): ReturnType<Call> {
    return this.#translated(call(this.#octokit.rest))
  }

  /** A stop is heard at once, also by those who wait for a limit. */
  async #translated<T>(asked: Promise<T>): Promise<T> {
    let end: (reason: unknown) => void = () => undefined
    const stopped = new Promise<never>((_resolve, reject) => {
      end = reject
    })
    using _ = this.#stop.calls(end)
    try {
      return await Promise.race([asked, stopped])
    } catch (error) {
      if (this.#stop.aborted) throw this.#stop.reason
      throw hostFailure(error, this.#scrub)
    }
  }
}
