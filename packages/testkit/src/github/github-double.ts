import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BareRepository } from './bare-repository.ts'
import { type CiResult, reportCi } from './deeds/checks.ts'
import { install, mintPersonalToken, type NewApp, type NewPersonalToken, registerApp } from './deeds/installations.ts'
import { Description } from './description.ts'
import type { Fault } from './faults.ts'
import { type IssueRef, issueAt, Person, pullAt } from './person.ts'
import { RateLimits } from './rate-limits.ts'
import type { App, CheckRun, Installation, Issue, Repository, Role, WorkflowRun } from './records.ts'
import { GitHubServer, type RecordedRequest } from './server.ts'
import type { PullIssue } from './shapes/pull.ts'
import { type Delivery, Webhooks } from './webhooks.ts'
import { World } from './world.ts'

export interface GitHubDoubleOptions {
  /** Listens on a Unix socket as well, which `gh config set http_unix_socket` can use. */
  readonly socket?: string
  /** Its API is below `/api/v3`, as of GitHub Enterprise. Without: at the root, as of api.github.com. Both are answered; this says which is told. */
  readonly enterprise?: boolean
  /** Requests an hour; 5000 when not told. */
  readonly rateLimit?: number
}

export interface NewRepository {
  /** An organization, made when it is not there; `{ user }`: a person's own. */
  readonly owner: string | { readonly user: string }
  readonly name: string
  readonly private?: boolean
  readonly defaultBranch?: string
  readonly files?: Readonly<Record<string, string>>
  readonly collaborators?: Readonly<Record<string, Role>>
}

/**
 * GitHub on this machine: stateful, over real bare repositories. Whatever it says is checked against GitHub's own description; what does not
 * fit is answered with 500, listed in `violations`, and disposing of the double throws.
 */
export class GitHubDouble implements AsyncDisposable {
  readonly #world: World
  readonly #webhooks: Webhooks
  readonly #limits: RateLimits
  readonly #front: GitHubServer
  readonly #servers: readonly Server[]
  #actions: App | undefined

  private constructor(world: World, servers: readonly Server[], rateLimit: number) {
    const description = Description.shared()
    this.#world = world
    this.#servers = servers
    this.#limits = new RateLimits(world, rateLimit)
    this.#webhooks = new Webhooks(world, (event, action, payload) => {
      const objection = description.objectionToWebhook(event, action, payload)
      if (objection !== undefined) this.#front.violate(objection)
    })
    this.#front = new GitHubServer({ world, webhooks: this.#webhooks, limits: this.#limits, description })
    for (const server of servers) {
      server.on('request', (request, response) => {
        this.#front.serve(request, response).catch((error: unknown) => {
          this.#front.violate(`${request.method} ${request.url}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
          response.destroy()
        })
      })
    }
  }

  static async start({ socket, enterprise = false, rateLimit = 5000 }: GitHubDoubleOptions = {}): Promise<GitHubDouble> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const servers = [server]
    if (socket !== undefined) {
      const local = createServer()
      await new Promise<void>((resolve) => local.listen(socket, resolve))
      servers.push(local)
    }
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const folder = await mkdtemp(join(tmpdir(), 'github-double-'))
    return new GitHubDouble(new World(origin, enterprise ? `${origin}/api/v3` : origin, folder), servers, rateLimit)
  }

  /** Of its pages and of git: `<origin>/<owner>/<name>.git`. */
  get origin(): string {
    return this.#world.origin
  }

  /** What `@octokit` wants as `baseUrl`. */
  get apiUrl(): string {
    return this.#world.apiUrl
  }

  get requests(): readonly RecordedRequest[] {
    return this.#front.requests
  }

  get violations(): readonly string[] {
    return this.#front.violations
  }

  /** In the order they were sent; redeliveries are entries of their own. */
  get deliveries(): readonly Delivery[] {
    return this.#webhooks.deliveries
  }

  async addRepository({ owner, name, private: isPrivate = false, defaultBranch = 'main', files = {}, collaborators = {} }: NewRepository): Promise<Repository> {
    const world = this.#world
    const account = typeof owner === 'string' ? world.account(owner, 'Organization') : world.account(owner.user)
    const now = world.now()
    const id = world.nextId()
    const repository: Repository = {
      id,
      owner: account,
      name,
      formerNames: [],
      private: isPrivate,
      archived: false,
      deleted: false,
      defaultBranch,
      createdAt: now,
      updatedAt: now,
      pushedAt: now,
      collaborators: new Map(Object.entries(collaborators).map(([login, role]) => [world.account(login).login.toLowerCase(), role])),
      labels: [],
      issues: new Map(),
      checkSuites: [],
      checkRuns: [],
      statuses: [],
      workflowRuns: [],
      protectedBranches: new Set(),
      git: await BareRepository.create(join(world.folder, `${id}.git`), defaultBranch),
    }
    world.repositories.push(repository)
    await new Person(world, account).pushes(repository, { message: 'Begin', files })
    return repository
  }

  addApp(wanted: NewApp): App {
    return registerApp(this.#world, wanted)
  }

  /** On an account, for all its repositories or for some. */
  install(app: App, owner: string, repositories: readonly Repository[] | 'all' = 'all', by = 'ann'): Installation {
    return install(this.#world, app, this.#world.account(owner, 'Organization'), repositories === 'all' ? null : repositories, this.#world.account(by))
  }

  /** A classic personal token, or with permissions a fine-grained one. */
  personalToken(login: string, wanted: NewPersonalToken = {}): string {
    return mintPersonalToken(this.#world, this.#world.account(login), wanted).value
  }

  /** Who sits in front of the browser that signs in; undefined: somebody who says no. */
  set visitor(login: string | undefined) {
    this.#world.visitor = login === undefined ? undefined : this.#world.account(login)
  }

  /** Of an organization (`acme`), or one of its teams (`acme/platform`). */
  setMembers(group: string, ...logins: readonly string[]): void {
    this.#world.groups.set(group.toLowerCase(), new Set(logins.map((login) => login.toLowerCase())))
  }

  as(login: string): Person {
    return new Person(this.#world, this.#world.account(login))
  }

  /** GitHub Actions ran on the head of a pull request. */
  ciRan(at: IssueRef, result: CiResult): Promise<WorkflowRun> {
    this.#actions ??= registerApp(this.#world, { slug: 'github-actions', name: 'GitHub Actions', owner: 'github' })
    const { pull } = pullAt(at)
    return reportCi(this.#world, at.repository, this.#actions, pull.headSha, pull.headBranch, result)
  }

  issue(at: IssueRef): Issue {
    return issueAt(at)
  }

  pull(at: IssueRef): PullIssue {
    return pullAt(at)
  }

  pulls(repository: Repository): PullIssue[] {
    return [...repository.issues.values()].filter((issue): issue is PullIssue => issue.pull !== null)
  }

  checkRuns(repository: Repository, name?: string): CheckRun[] {
    return repository.checkRuns.filter((run) => (name ?? run.name) === run.name)
  }

  fail(fault: Fault): void {
    this.#front.faults.add(fault)
  }

  /** Faults that were asked for and have not happened. */
  get faultsLeft(): number {
    return this.#front.faults.left
  }

  set rateLimit(limit: number) {
    this.#limits.limit = limit
  }

  /** GitHub's clock goes on by so much: tokens expire, limits are reset. */
  advance(ms: number): void {
    this.#world.advance(ms)
  }

  /** The webhooks go elsewhere from now on; null: nowhere. */
  sendWebhooksOf(app: App, to: { readonly url: string; readonly secret: string } | null): void {
    app.webhook = to === null ? null : { ...to, active: true }
  }

  /** Until every delivery on its way was answered or given up. */
  settled(): Promise<void> {
    return this.#webhooks.settled()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.settled()
    for (const server of this.#servers) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
    await rm(this.#world.folder, { recursive: true, force: true })
    if (this.violations.length > 0) throw new Error(`the double did not behave like GitHub:\n${this.violations.join('\n')}`)
  }
}
