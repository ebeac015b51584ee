import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { GitHubDouble, type GitHubDoubleOptions } from './github-double.ts'
import type { App, Installation, Repository } from './records.ts'

// For the double's own tests.

const QUIET = { debug() {}, info() {}, warn() {}, error() {} }

/** Where webhooks arrive. */
export class Receiver implements AsyncDisposable {
  readonly got: { readonly headers: Readonly<Record<string, unknown>>; readonly text: string }[] = []
  status = 202
  readonly #server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      this.got.push({ headers: request.headers, text: Buffer.concat(parts).toString() })
      response.writeHead(this.status).end()
    })
  })

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  names(): string[] {
    return this.got.map(({ headers, text }) => [headers['x-github-event'], (JSON.parse(text) as { action?: string }).action].filter(Boolean).join('.'))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** A private repository `acme/shop` with the app `fixpoint` on it; `ann` owns it, `tom` writes. */
export class ExampleShop implements AsyncDisposable {
  readonly github: GitHubDouble
  readonly receiver: Receiver
  readonly repository: Repository
  readonly app: App
  readonly installation: Installation

  private constructor(github: GitHubDouble, receiver: Receiver, repository: Repository, app: App, installation: Installation) {
    this.github = github
    this.receiver = receiver
    this.repository = repository
    this.app = app
    this.installation = installation
  }

  static async open(options: GitHubDoubleOptions = {}): Promise<ExampleShop> {
    const receiver = await new Receiver().listen()
    const github = await GitHubDouble.start(options)
    const repository = await github.addRepository({
      owner: 'acme',
      name: 'shop',
      private: true,
      files: { 'README.md': '# Shop\n', 'src/cart.js': 'export const total = 1\n', '.github/fixpoint.yml': 'version: 1\n' },
      collaborators: { ann: 'admin', tom: 'write' },
    })
    const app = github.addApp({
      slug: 'fixpoint',
      permissions: { contents: 'write', pull_requests: 'write', issues: 'write', checks: 'write', actions: 'read', statuses: 'write' },
      events: [
        'issues',
        'issue_comment',
        'label',
        'pull_request',
        'pull_request_review',
        'pull_request_review_comment',
        'check_run',
        'check_suite',
        'push',
      ].concat(['workflow_run', 'repository', 'status']),
      webhook: { url: receiver.url, secret: 'a webhook secret' },
    })
    return new ExampleShop(github, receiver, repository, app, github.install(app, 'acme', [repository]))
  }

  /** What every call about the repository carries. */
  get at() {
    return { owner: this.repository.owner.login, repo: this.repository.name }
  }

  /** The app itself, by its key. */
  asApp(): Octokit {
    return this.#octokit({ authStrategy: createAppAuth, auth: { appId: this.app.id, privateKey: this.app.pem } })
  }

  asInstallation(): Octokit {
    return this.#octokit({ authStrategy: createAppAuth, auth: { appId: this.app.id, privateKey: this.app.pem, installationId: this.installation.id } })
  }

  withToken(token?: string): Octokit {
    return this.#octokit(token === undefined ? {} : { auth: token })
  }

  async token(wanted: object = {}): Promise<string> {
    const { data } = await this.asApp().rest.apps.createInstallationAccessToken({ installation_id: this.installation.id, ...wanted })
    return data.token
  }

  #octokit(options: object): Octokit {
    return new Octokit({ baseUrl: this.github.apiUrl, log: QUIET, ...options })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.github[Symbol.asyncDispose]()
    await this.receiver[Symbol.asyncDispose]()
  }
}
