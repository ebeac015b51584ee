import { type Access, actorOf, appOf } from '../access.ts'
import type { Doer } from '../deeds/issues.ts'
import { notFound } from '../denial.ts'
import type { RateLimits } from '../rate-limits.ts'
import type { Issue, Repository } from '../records.ts'
import { isPull, type PullIssue } from '../shapes/pull.ts'
import type { Webhooks } from '../webhooks.ts'
import type { World } from '../world.ts'

/** A permission in GitHub's notation (`issues=write; pull_requests=write`), or: who may come at all. */
export type Needs = string | 'app' | 'installation' | 'signed-in' | 'anyone'

export interface Reply {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** In place of JSON. */
  readonly raw?: { readonly type: string; readonly content: string | Buffer }
}

export interface Route {
  readonly method: string
  /** As GitHub's description writes it. */
  readonly template: string
  readonly needs: Needs
  readonly handle: (call: Call) => Reply | Promise<Reply>
}

export function route(signature: string, needs: Needs, handle: Route['handle']): Route {
  const [method = '', template = ''] = signature.split(' ')
  return { method, template, needs, handle }
}

export interface CallParts {
  readonly world: World
  readonly webhooks: Webhooks
  readonly limits: RateLimits
  readonly access: Access
  readonly parameters: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: unknown
  readonly accept: string
  /** The URL that was asked for, for links to other pages of it. */
  readonly url: URL
  readonly repository: Repository | undefined
}

/** One request, as a route sees it. */
export class Call {
  readonly #parts: CallParts

  constructor(parts: CallParts) {
    this.#parts = parts
  }

  get world(): World {
    return this.#parts.world
  }

  get webhooks(): Webhooks {
    return this.#parts.webhooks
  }

  get limits(): RateLimits {
    return this.#parts.limits
  }

  get access(): Access {
    return this.#parts.access
  }

  get query(): URLSearchParams {
    return this.#parts.query
  }

  get accept(): string {
    return this.#parts.accept
  }

  get doer(): Doer {
    return { account: actorOf(this.access), app: appOf(this.access) }
  }

  get repository(): Repository {
    if (this.#parts.repository === undefined) throw notFound()
    return this.#parts.repository
  }

  /** The description was asked whether it fits before the route is. */
  body<Body>(): Body {
    return (this.#parts.body ?? {}) as Body
  }

  parameter(name: string): string {
    return this.#parts.parameters[name] ?? ''
  }

  number(name: string): number {
    return Number(this.parameter(name))
  }

  issue(): Issue {
    return found(this.repository.issues.get(this.number('issue_number')))
  }

  pull(): PullIssue {
    const issue = found(this.repository.issues.get(this.number('pull_number')))
    if (!isPull(issue)) throw notFound()
    return issue
  }

  /** One page of a list, with links to the others. */
  page<Item>(items: readonly Item[]): { readonly items: readonly Item[]; readonly headers: Readonly<Record<string, string>> } {
    const size = Math.min(100, Math.max(1, Number(this.query.get('per_page') ?? 30)))
    const page = Math.max(1, Number(this.query.get('page') ?? 1))
    const last = Math.max(1, Math.ceil(items.length / size))
    const to = { prev: page - 1, next: page + 1, last, first: 1 }
    const links = Object.entries(to).filter(([name]) => (name === 'prev' || name === 'first' ? page > 1 : page < last))
    const link = links.map(([name, number]) => `<${this.#at(number)}>; rel="${name}"`).join(', ')
    return { items: items.slice((page - 1) * size, page * size), headers: link === '' ? {} : { link } }
  }

  #at(page: number): string {
    const url = new URL(this.#parts.url)
    url.searchParams.set('page', String(page))
    return url.href
  }

  async list<Item>(items: readonly Item[], shape: (item: Item) => unknown): Promise<Reply> {
    const page = this.page(items)
    return { status: 200, body: await Promise.all(page.items.map(shape)), headers: page.headers }
  }
}

export function ok(body: unknown): Reply {
  return { status: 200, body }
}

export function created(body: unknown): Reply {
  return { status: 201, body }
}

export const NO_CONTENT: Reply = { status: 204 }

export function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw notFound()
  return value
}
