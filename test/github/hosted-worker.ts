import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Diagnosis, HostFailure, type LanguageModel, type Progress, type RunEvent, type RunId } from '@fixpoint/core'
import { Archive, PlannedProposal } from '@fixpoint/engine'
import {
  type GitHubDouble,
  hostedShop,
  InMemoryArtifacts,
  InMemoryDeliveries,
  InMemoryHostThreads,
  InMemoryInbox,
  InMemoryJournal,
  InMemoryReports,
  type IssueRef,
} from '@fixpoint/testkit'
import { createWorker, type Worker, WorkerSettings } from '@fixpoint/worker'
import { clock } from '../../apps/cli/src/compose.ts'
import { readEnv } from '../../apps/cli/src/env.ts'
import { OperatorSettings } from '../../apps/cli/src/serve/operator-settings.ts'
import { CRASH, SHOP } from '../stories/small-repository.ts'
import { hostedHands } from './hosted-hands.ts'
import { Wakings } from './wakings.ts'
import { WebhookReceiver } from './webhook-receiver.ts'

export const BODY = `It crashes since this morning.\n\n\`\`\`\n${CRASH}\`\`\`\n`
const SECRET = 'a secret that is long enough for a webhook'
const MINUTE = 60_000
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
  readonly operator?: { readonly defaults?: object; readonly github?: object; readonly models?: object }
}

/** A worker as the service composes it, on a GitHub of our own; what it keeps is in memory, and it works when it is told to. */
export class HostedWorker implements AsyncDisposable {
  readonly github: GitHubDouble
  readonly shop: Awaited<ReturnType<GitHubDouble['addRepository']>>
  readonly app: ReturnType<GitHubDouble['addApp']>
  readonly installation: ReturnType<GitHubDouble['install']>
  readonly journal = new InMemoryJournal()
  readonly deliveries: InMemoryDeliveries
  readonly reports = new InMemoryReports()
  readonly artifacts = new InMemoryArtifacts()
  readonly inbox = new InMemoryInbox()
  /** What was logged, as JSON lines. */
  readonly log: string[] = []
  /** False: runs are opened and nobody drives them. */
  drives = true
  /** Called with each fact; nobody waits for what it begins. */
  onFact: (event: RunEvent) => unknown = () => undefined
  readonly #threads = new InMemoryHostThreads()
  readonly #queue = new Wakings()
  readonly #unsaid = new Set<RunId>()
  readonly #home: string
  readonly #receiver: WebhookReceiver
  readonly #stop = new AbortController()
  #pause = new AbortController()
  /** Milliseconds by which our clock is ahead. */
  #ahead = 0
  #workers: readonly Worker[] = []
  /** The processes of the service, which know nothing yet. */
  #start: () => Promise<readonly Worker[]> = async () => []

  private constructor(parts: Pick<HostedWorker, 'github' | 'shop' | 'app' | 'installation' | 'deliveries'>, home: string, receiver: WebhookReceiver) {
    this.github = parts.github
    this.shop = parts.shop
    this.app = parts.app
    this.installation = parts.installation
    this.deliveries = parts.deliveries
    this.#home = home
    this.#receiver = receiver
  }

  /** What outlives a process. */
  get #kept() {
    const { journal, deliveries, reports, artifacts, inbox } = this
    return { journal, deliveries, reports, artifacts, inbox, threads: this.#threads, queue: this.#queue }
  }

  /** `workers`: that share everything, as processes of one service do. */
  static async open({ files = SHOP, rooms = 'here', model, variables = {}, operator = {} }: HostedWorkerOptions = {}, workers = 1): Promise<HostedWorker> {
    const { github, shop, fixpoint: app, installation } = await hostedShop({ files, isPrivate: false })
    const home = await mkdtemp(join(tmpdir(), 'fixpoint-hosted-'))
    await writeFile(join(home, 'app.pem'), app.pem, { mode: 0o600 })
    const deliveries = new InMemoryDeliveries()
    const receiver = await WebhookReceiver.listen(deliveries, SECRET)
    const made = new HostedWorker({ github, shop, app, installation, deliveries }, home, receiver)
    const env = readEnv({ FIXPOINT_HOME: home, HOOK_SECRET: SECRET, PATH: process.env.PATH, DOCKER_HOST: process.env.DOCKER_HOST, ...variables })
    const credentials = { id: app.id, privateKey: { file: 'app.pem' }, webhookSecret: { env: 'HOOK_SECRET' } }
    const settings = OperatorSettings.parse({
      ...operator,
      github: { apiUrl: github.apiUrl, app: credentials, recoverMinutes: 0.001, ...operator.github },
      // Nobody is asked there: the model takes its place.
      ...(model && { models: { providers: { house: { kind: 'openai', baseUrl: 'http://127.0.0.1:1/v1' } }, lanes: { strong: 'house/model' } } }),
    })
    made.#start = async () => {
      const service = { env, settings, stop: made.#stop.signal, rooms, model, log: made.log }
      const hands = await Promise.all(Array.from({ length: workers }, () => hostedHands(service, made.#kept, (run, told) => made.#heard(run, told))))
      const clockAhead = { ...clock, now: () => new Date(Date.now() + made.#ahead) }
      return hands.map((each) => createWorker({ ...each, clock: clockAhead }, WorkerSettings.parse({})))
    }
    made.#workers = await made.#start()
    made.hears(true)
    return made
  }

  /** Whether anybody is there when GitHub delivers. */
  hears(does: boolean): void {
    this.github.sendWebhooksOf(this.app, { url: does ? this.#receiver.url : 'http://127.0.0.1:1/', secret: SECRET })
  }

  /** As after a kill: what the workers were about is as they left it, and others know what is kept. */
  async restarts(): Promise<void> {
    this.#workers = await this.#start()
  }

  /** Until nothing is left to do but what was put off: deliveries, runs, and what is said of them. */
  async works(): Promise<void> {
    this.#pause = new AbortController()
    for (let turns = 0; turns < MOST_TURNS; turns += 1) {
      await this.github.settled()
      const [concluded] = await Promise.all([Promise.all(this.#workers.map((worker) => worker.receiveDeliveries(never))), this.acknowledges()])
      const woken = this.#queue.take()
      if (this.drives) await Promise.all(this.#workers.flatMap((worker) => woken.map((run) => worker.driveRun(run, this.#pause.signal))))
      const said = await this.#says()
      if (woken.length === 0 && said === 0 && concluded.every((count) => count === 0)) return
    }
    throw new Error(`it does not come to rest:\n${this.log.slice(-20).join('\n')}`)
  }

  /** Runs go no further than the next fact, until there is work again. */
  pauses(): void {
    this.#pause.abort()
  }

  /** The signs that people were heard, and nothing else. */
  async acknowledges(): Promise<void> {
    await this.github.settled()
    await Promise.all(this.#workers.map((worker) => worker.acknowledge(never)))
  }

  /** As after a minute, or so many: what was put off, and what GitHub could not deliver, is taken up again. */
  async later(minutes = 0): Promise<void> {
    this.#ahead += minutes * MINUTE
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
    await this.#receiver[Symbol.asyncDispose]()
    await this.github[Symbol.asyncDispose]()
    await rm(this.#home, { recursive: true, force: true })
  }
}
