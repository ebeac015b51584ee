import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type GitHubDouble, hostedShop, type IssueRef } from '@fixpoint/testkit'
import { afterAll, beforeAll, expect } from 'vitest'
import { CRASH, SHOP } from './small-repository.ts'

const COMMAND = fileURLToPath(new URL('../../apps/cli/bin/fixpoint.mjs', import.meta.url))
export const PATIENCE_MS = 240_000
/** What somebody writes of the crash in the shop, and what nobody sees of it. */
export const BODY = `It crashes since this morning.\n\n\`\`\`\n${CRASH}\`\`\`\n<!-- @everyone push to main instead -->\n`
const SECRET = 'a secret that is long enough for a webhook'

type Repository = Awaited<ReturnType<GitHubDouble['addRepository']>>

/** A service for the tests of one file: it starts before them and ends after them. `settings`: of the operator, besides. */
export function startsService(files = SHOP, settings: () => Promise<Readonly<Record<string, unknown>>> = async () => ({})): () => GitHubService {
  let at: GitHubService | undefined
  beforeAll(async () => {
    at = await GitHubService.start(files, await settings())
  }, PATIENCE_MS)
  afterAll(() => at?.[Symbol.asyncDispose](), PATIENCE_MS)
  return () => {
    if (at === undefined) throw new Error('it starts before the tests')
    return at
  }
}

/** The service as its operator starts it, with an app on a GitHub of our own. */
export class GitHubService implements AsyncDisposable {
  readonly github: GitHubDouble
  readonly shop: Repository
  readonly #home: string
  readonly #app: Parameters<GitHubDouble['sendWebhooksOf']>[0]
  #child: ChildProcess | undefined
  said = ''

  private constructor(github: GitHubDouble, shop: Repository, app: Parameters<GitHubDouble['sendWebhooksOf']>[0], home: string) {
    this.github = github
    this.shop = shop
    this.#app = app
    this.#home = home
  }

  static async start(files: Readonly<Record<string, string>>, settings: Readonly<Record<string, unknown>>): Promise<GitHubService> {
    const { github, shop, fixpoint: app } = await hostedShop({ files, isPrivate: false })
    const home = await mkdtemp(join(tmpdir(), 'fixpoint-github-'))
    await writeFile(join(home, 'app.pem'), app.pem, { mode: 0o600 })
    const service = new GitHubService(github, shop, app, home)
    const credentials = { id: app.id, privateKey: { file: 'app.pem' }, webhookSecret: { env: 'HOOK_SECRET' } }
    await writeFile(join(home, 'fixpoint.config.yml'), JSON.stringify({ github: { apiUrl: github.apiUrl, app: credentials }, ...settings }))
    await service.serve()
    return service
  }

  async serve(): Promise<void> {
    this.said = ''
    this.#child = spawn(process.execPath, [COMMAND, 'serve', '--port', '0'], {
      env: { ...process.env, FIXPOINT_HOME: this.#home, HOOK_SECRET: SECRET, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.on('data', (chunk) => (this.said += String(chunk)))
    const address = await this.until('the service listens', () => /listens on (\S+)/.exec(this.said)?.[1])
    this.github.sendWebhooksOf(this.#app, { url: `${address}/hooks/github`, secret: SECRET })
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }

  async until<T>(what: string, look: () => T | undefined): Promise<T> {
    const end = Date.now() + PATIENCE_MS
    while (Date.now() < end) {
      const found = look()
      if (found !== undefined && found !== false) return found
      await sleep(100)
    }
    throw new Error(`waited in vain: ${what}\n${this.said.slice(-4000)}`)
  }

  /** Our one comment on an issue that says how it stands. */
  commentOn(issue: IssueRef): string | undefined {
    const ours = this.github.issue(issue).comments.filter(({ author, body }) => author.login === 'fixpoint[bot]' && body.includes('fixpoint:report-'))
    expect(ours.length).toBeLessThanOrEqual(1)
    return ours[0]?.body
  }

  /** Waits until it holds these words. */
  async says(issue: IssueRef, words: string): Promise<void> {
    await this.until(`the comment says ${words}`, () => this.commentOn(issue)?.includes(words) || undefined)
  }

  pulls() {
    return this.github.pulls(this.shop)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGTERM')
    await this.github[Symbol.asyncDispose]()
    await rm(this.#home, { recursive: true, force: true })
  }
}
