import { createHash } from 'node:crypto'
import { Failure, type ProgressListener, type RunId } from '@fixpoint/core'
import { alertSources } from '@fixpoint/intake'
import { openQueue } from '@fixpoint/queue'
import { bindRefusal, createServer } from '@fixpoint/server'
import { createWorker, type Worker, WorkerSettings } from '@fixpoint/worker'
import { clock, newIds, sandboxesFor } from '../compose.ts'
import type { Env } from '../env.ts'
import { codeOf } from '../folders.ts'
import { openStores, type Stores } from './open-stores.ts'
import type { OperatorSettings } from './operator-settings.ts'
import type { ServiceLog } from './service-log.ts'
import { ServiceRuns } from './service-runs.ts'

const DAY_MS = 24 * 3_600_000
/** Who opens the link of the first start. */
const FIRST_LINK_MS = 15 * 60_000
const CERTIFICATE_BYTES = 64 * 1024

export interface ServiceOptions {
  readonly env: Env
  readonly settings: OperatorSettings
  readonly log: ServiceLog
  readonly say: (message: string) => void
  readonly progress: (run: RunId) => ProgressListener
}

/** Server and worker in one process, on one database. Disposing stops taking work, lets runs come to a stop, and closes everything. */
export interface Service extends AsyncDisposable {
  readonly address: string
  /** Opens the dashboard once; undefined when somebody has a token already. */
  readonly firstLink: string | undefined
  /** Resolves when the worker has gone home by itself. */
  readonly ended: Worker['ended']
}

export async function startService(options: ServiceOptions): Promise<Service> {
  // Closed in the opposite order, whatever fails on the way.
  const opened: AsyncDisposable[] = []
  const close = async () => {
    for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]()
  }
  try {
    return { ...(await open(options, opened)), [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

async function open({ env, settings, log, say, progress }: ServiceOptions, opened: AsyncDisposable[]): Promise<Omit<Service, typeof Symbol.asyncDispose>> {
  const use = <T extends AsyncDisposable>(one: T): T => {
    opened.push(one)
    return one
  }
  const stores = use(await openStores(env, say))
  const queue = use(await openQueue({ url: env.redisUrl ?? stores.url, log: (level, message, detail = {}) => log[level](detail, message) }))
  const runs = new ServiceRuns({ env, settings, stores, note: (message) => log.info({}, message) })
  const sandboxes = sandboxesFor(env)
  const ids = newIds()
  const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
  const worker = createWorker(
    {
      ...{ journal: stores.journal, runIndex: stores.runIndex, inbox: stores.inbox, deliveries: stores.deliveries },
      ...{ reports: stores.reports, artifacts: stores.artifacts, tokens: stores.tokens, sources: alertSources, queue },
      openHands: (run) => runs.handsFor(run),
      openRunFor: (report, target, run) => runs.open(report, target, run),
      reap: async () => void (await sandboxes.reap()),
      stopped: async () => (await stores.stop.get()).stopped,
      retain: (signal) => retain(stores, settings.retentionDays, signal),
      progress,
      memory: () => process.memoryUsage.rss(),
      ...{ clock, ids, hash, log },
    },
    WorkerSettings.parse({ services: settings.services, gates: settings.gates, ...settings.worker }),
  )
  const tokens = (await stores.tokens.apiTokens()).filter(
    (token) => token.revokedAt === undefined && (token.expiresAt === undefined || token.expiresAt > clock.now()),
  )
  const { host, port, ...serverSettings } = settings.server
  const refusal = bindRefusal(host, { behindTlsProxy: serverSettings.behindTlsProxy, tokens: tokens.length })
  if (refusal !== undefined) throw refusal
  const server = await createServer(
    {
      sources: alertSources,
      fetchCertificate: rememberedCertificates(),
      ...{ deliveries: stores.deliveries, reports: stores.reports, inbox: stores.inbox, journal: stores.journal },
      ...{ runIndex: stores.runIndex, artifacts: stores.artifacts, tokens: stores.tokens, stop: stores.stop },
      wake: {
        deliveries: () => queue.enqueue('deliveries', {}),
        report: async (id) => void (await worker.admit(id, { wanted: true })),
        run: (run) => queue.wake(run, { priority: 1 }),
      },
      retry: async (run) => retry(run, stores, worker),
      checks: [
        { name: 'database', check: async () => void (await stores.database.query('SELECT 1')) },
        { name: 'queue', check: async () => void (await queue.ping()) },
      ],
      effectiveSettings: () => ({ ...settings }),
      ...{ clock, hash, log },
    },
    serverSettings,
  )
  use({ [Symbol.asyncDispose]: () => server.close() })
  const address = await listen(server, host, port)
  use(worker)
  await worker.start()
  const firstLink = tokens.length > 0 ? undefined : await firstLoginLink(stores, address)
  return { address, firstLink, ended: worker.ended }
}

async function listen(server: { listen(options: { host: string; port: number }): Promise<string> }, host: string, port: number): Promise<string> {
  try {
    return await server.listen({ host, port })
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EADDRINUSE')
      throw new Failure('settings-invalid', `port ${port} is taken on ${host}`, 'Name another with --port, or let one be chosen with --port 0.')
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
      throw new Failure('settings-invalid', `cannot listen on ${host}:${port} (${code})`, 'Correct server.host and server.port.')
    throw error
  }
}

async function firstLoginLink(stores: Stores, address: string): Promise<string> {
  const { secret } = await stores.tokens.issueLoginLink({
    name: 'operator',
    scopes: ['read', 'decide', 'admin'],
    expiresAt: new Date(clock.now().getTime() + FIRST_LINK_MS),
  })
  return `${address}/login?link=${secret}`
}

/** Another run on the report of one that is settled. */
async function retry(run: RunId, stores: Stores, worker: Worker): Promise<RunId | undefined> {
  const summary = await stores.runIndex.get(run)
  if (summary === undefined) return undefined
  const report = (await stores.reports.list({ limit: 500 })).find((each) => each.runs.includes(run))
  if (report === undefined) return undefined
  const admitted = await worker.admit(report.id, { wanted: true })
  return 'run' in admitted ? admitted.run : undefined
}

async function retain(stores: Stores, days: number, signal: AbortSignal): Promise<void> {
  const before = new Date(clock.now().getTime() - days * DAY_MS)
  for (const kept of [stores.deliveries, stores.inbox, stores.tokens]) if (!signal.aborted) await kept.expire(before)
}

/** Certificates of AWS SNS: fetched once each, from the host that the source has pinned, without redirects. */
function rememberedCertificates(): (url: string) => Promise<string> {
  const known = new Map<string, Promise<string>>()
  const fetched = async (url: string) => {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5000) })
    if (!response.ok) throw new Error(`the certificate could not be fetched (${response.status})`)
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (bytes.byteLength > CERTIFICATE_BYTES) throw new Error('the certificate is too large')
    return new TextDecoder().decode(bytes)
  }
  return (url) => {
    let certificate = known.get(url)
    if (certificate === undefined) {
      if (known.size >= 20) known.clear()
      certificate = fetched(url)
      certificate.catch(() => known.delete(url))
      known.set(url, certificate)
    }
    return certificate
  }
}
