import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Diagnosis, HostFailure, type LanguageModel, type Progress, type RunEvent, type RunId } from '@fixpoint/core'
import { Archive, PlannedProposal } from '@fixpoint/engine'
import { alertSources, githubDeliveries } from '@fixpoint/intake'
import {
  type GitHubDouble,
  hostedShop,
  InMemoryArtifacts,
  InMemoryDeliveries,
  InMemoryHostThreads,
  InMemoryInbox,
  InMemoryJournal,
  InMemoryLedger,
  InMemoryReports,
  InMemoryRunIndex,
  InMemorySourceMaps,
  InMemoryTokens,
  InMemoryWorkerRoster,
  type IssueRef,
  UnconfinedSandboxes,
} from '@fixpoint/testkit'
import { createWorker, type Worker, type WorkerHands, type WorkerQueue, WorkerSettings } from '@fixpoint/worker'
import { clock, newIds } from '../../apps/cli/src/compose.ts'
import { readEnv } from '../../apps/cli/src/env.ts'
import { deskOf } from '../../apps/cli/src/serve/desk-of.ts'
import { Hosting } from '../../apps/cli/src/serve/hosting.ts'
import { OperatorSettings } from '../../apps/cli/src/serve/operator-settings.ts'
import { ServiceRuns } from '../../apps/cli/src/serve/service-runs.ts'
import { CRASH, SHOP } from '../stories/small-repository.ts'

export const BODY = `It crashes since this morning.\n\n\`\`\`\n${CRASH}\`\`\`\n`
const SECRET = 'a secret that is long enough for a webhook'
/** Seconds of the host are milliseconds here, and nobody waits between writes. */
const PACE = { second: 1, betweenWrites: 0, betweenNotifications: 0, timeout: 3000 }
const never = new AbortController().signal
/** What goes on for longer than this goes round in circles. */
const MOST_TURNS = 200

export interface HostedWorkerOptions {
  readonly files?: Readonly<Record<string, string>>
  /** Where commands of the repository run; `here` is for fixtures whose words are ours. */
  readonly rooms?: 'here' | 'docker'
  /** Drafts where the patterns come to nothing. */
  readonly model?: LanguageModel
  readonly variables?: Readonly<Record<string, string>>
  /** What the operator says besides. */
  readonly operator?: { readonly defaults?: object; readonly github?: object }
}

/** A worker as the service composes it, on a GitHub of our own; what it keeps is in memory, and it works when it is told to. */
export class HostedWorker implements AsyncDisposable {
  readonly github: GitHubDouble
  readonly shop: Awaited<ReturnType<GitHubDouble['addRepository']>>
  readonly app: ReturnType<GitHubDouble['addApp']>
  readonly installation: ReturnType<GitHubDouble['install']>
  readonly journal = new InMemoryJournal()
  readonly deliveries = new InMemoryDeliveries()
  readonly reports = new InMemoryReports()
  readonly artifacts = new InMemoryArtifacts()
  readonly inbox = new InMemoryInbox()
  /** What was logged, as JSON lines. */
  readonly log: string[] = []
  /** False: runs are opened and nobody drives them. */
  drives = true
  /** Called with each fact, before the next step. */
  onFact: (event: RunEvent) => unknown = () => undefined
  readonly #threads = new InMemoryHostThreads()
  readonly #queue = new Wakings()
  readonly #unsaid = new Set<RunId>()
  readonly #home: string
  readonly #receiver: Server
  readonly #stop = new AbortController()
  #workers: readonly Worker[] = []

  private constructor(parts: Pick<HostedWorker, 'github' | 'shop' | 'app' | 'installation'>, home: string) {
    this.github = parts.github
    this.shop = parts.shop
    this.app = parts.app
    this.installation = parts.installation
    this.#home = home
    this.#receiver = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk) => chunks.push(chunk))
      request.on(
        'end',
        () => void this.#receive(request.headers as Record<string, string>, Buffer.concat(chunks)).then((status) => response.writeHead(status).end()),
      )
    })
  }

  /** `workers`: that share everything, as processes of one service do. */
  static async open({ files = SHOP, rooms = 'here', model, variables = {}, operator = {} }: HostedWorkerOptions = {}, workers = 1): Promise<HostedWorker> {
    const { github, shop, fixpoint: app, installation } = await hostedShop({ files, isPrivate: false })
    const home = await mkdtemp(join(tmpdir(), 'fixpoint-hosted-'))
    await writeFile(join(home, 'app.pem'), app.pem, { mode: 0o600 })
    const made = new HostedWorker({ github, shop, app, installation }, home)
    const env = readEnv({ FIXPOINT_HOME: home, HOOK_SECRET: SECRET, PATH: process.env.PATH, DOCKER_HOST: process.env.DOCKER_HOST, ...variables })
    const credentials = { id: app.id, privateKey: { file: 'app.pem' }, webhookSecret: { env: 'HOOK_SECRET' } }
    const settings = OperatorSettings.parse({
      ...operator,
      github: { apiUrl: github.apiUrl, app: credentials, recoverMinutes: 0.001, ...operator.github },
      // Nobody is asked there: the model takes its place.
      models: model === undefined ? {} : { providers: { house: { kind: 'openai', baseUrl: 'http://127.0.0.1:1/v1' } }, lanes: { strong: 'house/model' } },
    })
    const hands = await Promise.all(Array.from({ length: workers }, () => made.#hands(settings, env, { rooms, ...(model && { model }) })))
    made.#workers = hands.map((each) => createWorker(each, WorkerSettings.parse({})))
    await new Promise<void>((resolve) => made.#receiver.listen(0, '127.0.0.1', resolve))
    made.hears(true)
    return made
  }

  async #hands(
    settings: OperatorSettings,
    env: ReturnType<typeof readEnv>,
    { rooms, model }: Pick<HostedWorkerOptions, 'rooms' | 'model'>,
  ): Promise<WorkerHands> {
    const hosting = await Hosting.open(settings, env, this.#stop.signal, PACE)
    if (hosting === undefined) throw new Error('the settings name no GitHub')
    const { journal, deliveries, reports, artifacts, inbox } = this
    const ledger = new InMemoryLedger()
    const stores = { journal, artifacts, reports, threads: this.#threads }
    const note = (message: string) => void this.log.push(JSON.stringify({ message }))
    const say = (fields: object, message: string) => void this.log.push(JSON.stringify({ ...fields, message }))
    const runs = new ServiceRuns({ env, settings, stores, hosting, ledger, note })
    const sandboxes = new UnconfinedSandboxes()
    // Nobody waits for a world that is ours.
    const hurried = { ...clock, sleep: (ms: number, signal: AbortSignal) => clock.sleep(Math.min(ms, 20), signal) }
    return {
      ...{ journal, deliveries, reports, artifacts, inbox, runIndex: new InMemoryRunIndex(journal, inbox) },
      ...{ sourceMaps: new InMemorySourceMaps(), ledger, tokens: new InMemoryTokens(), sources: alertSources, queue: this.#queue },
      roster: new InMemoryWorkerRoster(),
      self: { host: 'here', pid: process.pid },
      async openHands(run) {
        const opened = await runs.handsFor(run)
        const tools = { ...opened.tools, clock: hurried, ...(rooms === 'here' && { sandboxes }), ...(model && { models: new Map([['strong', model]]) }) }
        return { tools, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() }
      },
      openRunFor: (report, target, run) => runs.open(report, target, run),
      reap: async () => undefined,
      stopped: async () => false,
      paused: async () => false,
      desk: deskOf(hosting, { threads: this.#threads }, settings),
      progress: (run) => (told) => this.#heard(run, told),
      memory: () => 0,
      ...{ clock, ids: newIds(), hash: (bytes) => createHash('sha256').update(bytes).digest('hex') },
      log: { info: say, warn: say, error: say },
    }
  }
  /** Whether anybody is there when GitHub delivers. */
  hears(does: boolean): void {
    const { port } = this.#receiver.address() as AddressInfo
    this.github.sendWebhooksOf(this.app, { url: `http://127.0.0.1:${does ? port : 1}/`, secret: SECRET })
  }

  /** Until nothing is left to do but what was put off: deliveries, runs, and what is said of them. */
  async works(): Promise<void> {
    for (let turns = 0; turns < MOST_TURNS; turns += 1) {
      await this.github.settled()
      const [concluded] = await Promise.all([Promise.all(this.#workers.map((worker) => worker.receiveDeliveries(never))), this.acknowledges()])
      const woken = this.#queue.take()
      if (this.drives) await Promise.all(this.#workers.flatMap((worker) => woken.map((run) => worker.driveRun(run, never))))
      const said = await this.#says()
      if (woken.length === 0 && said === 0 && concluded.every((count) => count === 0)) return
    }
    throw new Error(`it does not come to rest:\n${this.log.slice(-20).join('\n')}`)
  }

  /** The signs that people were heard, and nothing else. */
  async acknowledges(): Promise<void> {
    await this.github.settled()
    await Promise.all(this.#workers.map((worker) => worker.acknowledge(never)))
  }

  /** As after a minute: what was put off, and what GitHub could not deliver, is taken up again. */
  async later(): Promise<void> {
    for (const worker of this.#workers) await worker.sweep(never)
    await this.works()
  }

  async #says(): Promise<number> {
    let said = 0
    for (const run of this.#unsaid) {
      try {
        await this.#workers[0]?.speak(run)
      } catch (error) {
        if (!(error instanceof HostFailure)) throw error
        this.log.push(JSON.stringify({ message: 'unsaid', code: error.code, error: error.message }))
        if (error.code === 'host-unreachable' || error.code === 'host-rate-limited') continue
      }
      this.#unsaid.delete(run)
      said += 1
    }
    return said
  }

  #heard(run: RunId, told: Progress): void {
    if (told.kind !== 'fact') return
    this.#unsaid.add(run)
    this.onFact(told.entry.event)
  }

  async #receive(headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<number> {
    const verified = await githubDeliveries.verify({ headers, body, secret: SECRET, now: new Date() })
    if (!verified.verified) return 401
    await this.deliveries.accept({ source: 'github', key: 'github-app', deliveryId: headers['x-github-delivery'] ?? '', headers, body })
    return 202
  }

  /** A labelled issue, seen to its end. */
  async labelled(title = 'last() crashes', body = BODY): Promise<IssueRef> {
    const ann = this.github.as('ann')
    const issue = await ann.opensIssue(this.shop, { title, body })
    await ann.labels(issue, 'fixpoint')
    await this.works()
    return issue
  }

  /** What we wrote on an issue, oldest first. */
  ours(issue: IssueRef): string[] {
    return this.github
      .issue(issue)
      .comments.filter(({ author }) => author.login === 'fixpoint[bot]')
      .map(({ body }) => body)
  }

  get pulls() {
    return this.github.pulls(this.shop)
  }

  async runs(): Promise<readonly RunId[]> {
    return this.journal.list()
  }

  /** Why the newest run has nothing to propose. */
  async diagnosis(): Promise<Diagnosis | undefined> {
    const run = (await this.runs()).at(-1)
    const told = run === undefined ? undefined : (await this.journal.read(run)).findLast(({ event }) => event.kind === 'run-diagnosed')?.event
    return told?.kind === 'run-diagnosed' ? new Archive(this.artifacts).get(Diagnosis, told.diagnosis) : undefined
  }

  /** What the newest run plans to publish. */
  async planned(): Promise<PlannedProposal> {
    const run = (await this.runs()).at(-1)
    const told = run === undefined ? undefined : (await this.journal.read(run)).findLast(({ event }) => event.kind === 'proposal-planned')?.event
    if (told?.kind !== 'proposal-planned') throw new Error('nothing is planned')
    return new Archive(this.artifacts).get(PlannedProposal, told.proposal)
  }

  /** What became of every delivery, oldest first. */
  async conclusions(): Promise<string[]> {
    return (await this.deliveries.list({ limit: 1000 })).map(({ state, reason }) => `${state}: ${reason ?? ''}`).reverse()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('the test is over'))
    this.hears(false)
    this.#receiver.closeAllConnections()
    await new Promise((resolve) => this.#receiver.close(resolve))
    await this.github[Symbol.asyncDispose]()
    await rm(this.#home, { recursive: true, force: true })
  }
}

/** Who waits to be driven. */
class Wakings implements WorkerQueue {
  readonly #woken = new Set<RunId>()

  take(): readonly RunId[] {
    const all = [...this.#woken]
    this.#woken.clear()
    return all
  }

  async wake(run: RunId): Promise<void> {
    this.#woken.add(run)
  }

  async release(): Promise<boolean> {
    return false
  }

  async parked(): Promise<readonly never[]> {
    return []
  }

  async enqueue(): Promise<void> {
    await sleep(0)
  }

  async consume(): Promise<never> {
    throw new Error('it works when it is told to')
  }
}
