import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Access, accessOf, demand } from './access.ts'
import { Denial, notFound } from './denial.ts'
import type { Description } from './description.ts'
import { type Fault, Faults, faultReply } from './faults.ts'
import { GitHttp, gitRequestOf } from './git-http.ts'
import { answerGraphql } from './graphql.ts'
import { pageOf } from './pages.ts'
import type { RateLimits } from './rate-limits.ts'
import { Call, type Reply, type Route } from './routes/route.ts'
import { Routing } from './routing.ts'
import type { Webhooks } from './webhooks.ts'
import { digest, fullName, type World } from './world.ts'

/** A request as it came in, for assertions. */
export interface RecordedRequest {
  readonly method: string
  readonly path: string
  status: number
  /** The credential of its `Authorization` header, in clear. */
  readonly token: string | undefined
  readonly headers: IncomingMessage['headers']
  /** As text; a pack is left out. */
  readonly body: string
  readonly at: number
}

export interface ServerParts {
  readonly world: World
  readonly webhooks: Webhooks
  readonly limits: RateLimits
  readonly description: Description
}

const JSON_TYPE = 'application/json; charset=utf-8'
const MAX_BODY = 32 * 1024 * 1024

/** GitHub's front door: who asks, may they, which route, does the answer look like GitHub's. */
export class GitHubServer {
  readonly requests: RecordedRequest[] = []
  readonly violations: string[] = []
  readonly faults = new Faults()
  readonly #parts: ServerParts
  readonly #git: GitHttp
  readonly #routing = new Routing()

  constructor(parts: ServerParts) {
    this.#parts = parts
    this.#git = new GitHttp(parts.world)
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Links to other pages stay at the address that the client knows.
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`)
    const method = request.method ?? 'GET'
    const git = gitRequestOf(url)
    const body = git === undefined ? await textOf(request) : ''
    const token = credentialOf(request.headers.authorization)
    const record: RecordedRequest = { method, path: `${url.pathname}${url.search}`, status: 0, token, headers: request.headers, body, at: Date.now() }
    this.requests.push(record)
    const fault = this.faults.take(method, record.path)
    if (fault !== undefined && fault.after !== true) return void this.#goWrong(fault, response, record, '{"id":')
    if (git !== undefined) {
      record.status = await this.#git.serve(git, request, response, url)
      return
    }
    const reply = await this.#answer(method, url, request, body)
    if (fault !== undefined) return void this.#goWrong(fault, response, record, contentOf(reply).toString())
    record.status = reply.status
    send(response, reply)
  }

  async #answer(method: string, url: URL, request: IncomingMessage, body: string): Promise<Reply> {
    const path = url.pathname.replace(/^\/api\/v3(?=\/|$)/, '')
    const common = {
      // GitHub's clock: clients set theirs by it.
      date: new Date(this.#parts.world.nowMs()).toUTCString(),
      'x-github-request-id': randomUUID().toUpperCase(),
      'x-github-media-type': 'github.v3; format=json',
      'x-github-api-version-selected': '2022-11-28',
    }
    let access: Access = { kind: 'anonymous' }
    try {
      const page = pageOf(this.#parts.world, method, url, body)
      if (page !== undefined) return page
      access = accessOf(this.#parts.world, request.headers.authorization)
      this.#parts.limits.admit(access)
      const reply = await this.#route(method, path, url, access, request, body)
      return this.#conditional(request, access, { ...reply, headers: { ...common, ...reply.headers } })
    } catch (error) {
      if (!(error instanceof Denial)) return this.#violated(`${method} ${path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      this.#parts.limits.count(access)
      return { status: error.status, body: denialBody(error), headers: { ...common, ...this.#parts.limits.headers(access), ...error.headers } }
    }
  }

  async #route(method: string, path: string, url: URL, access: Access, request: IncomingMessage, text: string): Promise<Reply> {
    const { world, webhooks, limits, description } = this.#parts
    if (method === 'POST' && (path === '/graphql' || path === '/api/graphql')) return answerGraphql(world, access, text)
    const match = this.#routing.find(method, byName(world, path))
    if (match === undefined) throw notFound()
    const { route, parameters } = match
    const repository = this.#repositoryOf(route, parameters, url, access)
    if (repository !== undefined && 'status' in repository) return repository
    this.#admit(route, access, repository)
    const body = bodyOf(text)
    const objection = description.objectionToRequest(method, route.template, body)
    if (objection !== undefined) throw new Denial(422, `Invalid request.\n\n${objection}`)
    const call = new Call({ world, webhooks, limits, access, parameters, query: url.searchParams, body, accept: request.headers.accept ?? '', url, repository })
    const reply = await route.handle(call)
    const wrong = reply.raw === undefined ? description.objectionToResponse(method, route.template, reply.status, reply.body) : undefined
    return wrong === undefined ? reply : this.#violated(wrong)
  }

  #repositoryOf(route: Route, { owner, repo }: Readonly<Record<string, string>>, url: URL, access: Access) {
    if (!route.template.startsWith('/repos/{owner}/{repo}') || owner === undefined || repo === undefined) return undefined
    const { world } = this.#parts
    const repository = world.repositoryNamed(owner, repo)
    if (repository !== undefined) return repository
    const moved = world.repositoryOnceNamed(owner, repo)
    if (moved === undefined) throw notFound()
    demand(world, moved, access.kind === 'app' ? { kind: 'anonymous' } : access, 'metadata=read')
    const rest = url.pathname.split('/').slice(url.pathname.startsWith('/api/v3/') ? 6 : 4)
    const location = [`${world.apiUrl}/repositories/${moved.id}`, ...rest].join('/') + url.search
    const body = {
      message: 'Moved Permanently',
      url: location,
      documentation_url: 'https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects',
    }
    return { status: 301, headers: { location }, body } satisfies Reply
  }

  #admit({ needs }: Route, access: Access, repository: ReturnType<World['repositoryNamed']>): void {
    switch (needs) {
      case 'anyone':
        return
      case 'app':
        if (access.kind !== 'app') throw new Denial(401, 'A JSON web token could not be decoded')
        return
      case 'installation':
        if (access.kind !== 'installation')
          throw new Denial(403, 'You must authenticate with an installation access token in order to list repositories for an installation.')
        return
      case 'signed-in':
        if (access.kind === 'anonymous') throw new Denial(401, 'Requires authentication')
        return
      default:
        if (repository === undefined) throw notFound()
        demand(this.#parts.world, repository, access, needs)
    }
  }

  /** 304 costs nothing of the limit. */
  #conditional(request: IncomingMessage, access: Access, reply: Reply): Reply {
    const { limits } = this.#parts
    if (request.method !== 'GET' || reply.status !== 200) {
      limits.count(access)
      return { ...reply, headers: { ...limits.headers(access), ...reply.headers } }
    }
    const etag = `W/"${digest(contentOf(reply))}"`
    const same = request.headers['if-none-match'] === etag
    if (!same) limits.count(access)
    const headers = { ...limits.headers(access), ...reply.headers, etag, 'cache-control': 'private, max-age=60, s-maxage=60', vary: 'Accept, Authorization' }
    return same ? { status: 304, headers } : { ...reply, headers }
  }

  violate(message: string): void {
    this.violations.push(message)
  }

  #violated(message: string): Reply {
    this.violate(message)
    return { status: 500, body: { message: `The double does not behave like GitHub: ${message}`, documentation_url: 'https://docs.github.com/rest' } }
  }

  #goWrong(fault: Fault, response: ServerResponse, record: RecordedRequest, content: string): void {
    const reply = faultReply(fault)
    record.status = reply?.status ?? 0
    if (reply !== undefined)
      send(response, {
        status: reply.status,
        headers: reply.headers,
        body: { message: reply.message, documentation_url: 'https://docs.github.com/rest' },
      })
    if (fault.kind === 'reset') response.socket?.resetAndDestroy()
    if (fault.kind !== 'truncated') return
    response.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': String(Buffer.byteLength(content) + 1) })
    response.write(content.slice(0, Math.max(1, Math.floor(content.length / 2))))
    // What was written arrives before the end does.
    setTimeout(() => response.destroy(), 20)
  }
}

/** `/repositories/12/issues`, as redirects point to, is `/repos/owner/name/issues`. */
function byName(world: World, path: string): string {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? []
  const repository = world.repositories.find((each) => String(each.id) === id && !each.deleted)
  return repository === undefined ? path : `/repos/${fullName(repository)}${rest}`
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Buffer).length
    if (size > MAX_BODY) throw new Error('a request to the double is larger than any that it expects')
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts).toString()
}

function bodyOf(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new Denial(400, 'Problems parsing JSON')
  }
}

function credentialOf(authorization: string | undefined): string | undefined {
  const [scheme = '', credential = ''] = authorization?.split(' ', 2) ?? []
  if (scheme === '') return undefined
  return scheme.toLowerCase() === 'basic' ? Buffer.from(credential, 'base64').toString().split(':', 2)[1] : credential
}

function denialBody({ status, message, errors }: Denial) {
  return { message, ...(errors === undefined ? {} : { errors }), documentation_url: 'https://docs.github.com/rest', status: String(status) }
}

function contentOf({ raw, body }: Reply): Buffer {
  return raw === undefined ? Buffer.from(body === undefined ? '' : JSON.stringify(body)) : Buffer.from(raw.content)
}

function send(response: ServerResponse, reply: Reply): void {
  const content = contentOf(reply)
  const type = reply.raw?.type ?? (reply.body === undefined ? undefined : JSON_TYPE)
  response.writeHead(reply.status, { ...(type === undefined ? {} : { 'content-type': type }), ...reply.headers })
  response.end(reply.status === 204 || reply.status === 304 ? undefined : content)
}
