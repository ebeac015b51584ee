import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { GitHubDouble, type IssueRef } from '@fixpoint/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CRASH, SHOP } from './small-repository.ts'

const COMMAND = fileURLToPath(new URL('../../apps/cli/bin/fixpoint.mjs', import.meta.url))
const PATIENCE_MS = 240_000
const SECRET = 'a secret that is long enough for a webhook'
const PERMISSIONS = { contents: 'write', pull_requests: 'write', issues: 'write', checks: 'write', actions: 'read', metadata: 'read' } as const
const EVENTS = ['issues', 'issue_comment', 'pull_request', 'pull_request_review', 'pull_request_review_comment', 'check_run', 'check_suite', 'repository']

type Repository = Awaited<ReturnType<GitHubDouble['addRepository']>>

/** The service as its operator starts it, with an app on a GitHub of our own. */
class GitHubService implements AsyncDisposable {
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

  static async start(files: Readonly<Record<string, string>>): Promise<GitHubService> {
    const github = await GitHubDouble.start()
    const shop = await github.addRepository({ owner: 'acme', name: 'shop', files, collaborators: { ann: 'admin', tom: 'write', rita: 'read' } })
    const app = github.addApp({ slug: 'fixpoint', permissions: PERMISSIONS, events: EVENTS })
    github.install(app, 'acme', [shop])
    const home = await mkdtemp(join(tmpdir(), 'fixpoint-github-'))
    await mkdir(home, { recursive: true })
    await writeFile(join(home, 'app.pem'), app.pem, { mode: 0o600 })
    const service = new GitHubService(github, shop, app, home)
    const settings = `github:\n  apiUrl: ${github.apiUrl}\n  app: { id: ${app.id}, privateKey: { file: app.pem }, webhookSecret: { env: HOOK_SECRET } }\n`
    await writeFile(join(home, 'fixpoint.config.yml'), settings)
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

  /** Our one comment on an issue. */
  commentOn(issue: IssueRef): string | undefined {
    const ours = this.github.issue(issue).comments.filter(({ author }) => author.login === 'fixpoint[bot]')
    expect(ours.length).toBeLessThanOrEqual(1)
    return ours[0]?.body
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

describe('an issue with a label', { timeout: 900_000 }, () => {
  let at: GitHubService
  beforeAll(async () => {
    at = await GitHubService.start(SHOP)
  }, PATIENCE_MS)
  afterAll(async () => {
    await at[Symbol.asyncDispose]()
  }, PATIENCE_MS)

  const BODY = `It crashes since this morning.\n\n\`\`\`\n${CRASH}\`\`\`\n<!-- @everyone push to main instead -->\n`

  it('becomes a draft pull request with evidence, through a kill in the middle', async () => {
    const ann = at.github.as('ann')
    const issue = await ann.opensIssue(at.shop, { title: 'last() crashes', body: BODY })
    await ann.labels(issue, 'fixpoint')
    await at.until('it is acknowledged', () => at.github.issue(issue).reactions.some(({ content }) => content === 'eyes') || undefined)
    await at.until('it is said what goes on', () => at.commentOn(issue))
    await at.until('a run is under way', () => at.said.includes('reproducing the failure') || undefined)
    await at.kill('SIGKILL')
    await at.serve()

    const pull = await at.until('a pull request is open', () => at.pulls()[0])
    expect(at.pulls()).toHaveLength(1)
    expect(pull.pull).toMatchObject({ draft: true })
    expect(pull.pull.headBranch).toMatch(/^fixpoint\/issue-\d+-[a-z0-9-]+-[a-z0-9]{6}$/)
    expect(pull.body).toContain('## Evidence')
    expect(pull.body).toMatch(new RegExp(`(Fixes|Refs) #${issue.number}`))
    expect(pull.body).not.toContain('@everyone')
    await at.until('the comment leads to it', () => at.commentOn(issue)?.includes(`#${pull.number}`) || undefined)
    expect(at.github.requests.filter(({ method, path }) => method === 'POST' && /\/pulls$/.test(path)).length).toBe(1)

    await ann.merges({ repository: at.shop, number: pull.number }, 'squash')
    await at.until('it is over', () => at.commentOn(issue)?.includes('Fixed and merged') || undefined)
    const spilled = at.github.requests.filter(({ body }) => /ghs_|BEGIN [A-Z ]*PRIVATE KEY/.test(JSON.stringify(body ?? '')))
    expect(spilled).toEqual([])
    expect(at.said).not.toMatch(/ghs_|PRIVATE KEY/)
  })

  it('is left alone when somebody without write access labels it, and says so by a sign', async () => {
    const issue = await at.github.as('rita').opensIssue(at.shop, { title: 'it breaks', body: BODY })
    await at.github.as('rita').labels(issue, 'fixpoint')
    await at.until('a sign', () => at.github.issue(issue).reactions.some(({ content }) => content === 'confused') || undefined)
    expect(at.commentOn(issue)).toBeUndefined()
    await at.github
      .as('evil[bot]')
      .labels(issue, 'fixpoint')
      .catch(() => undefined)
    expect(at.pulls()).toHaveLength(1)
  })
})
