import { fileURLToPath } from 'node:url'
import { codeOf, Failure } from '@fixpoint/core'
import { alertSources } from '@fixpoint/intake'
import { bindRefusal, createServer } from '@fixpoint/server'
import type { Worker } from '@fixpoint/worker'
import { clock } from '../compose.ts'
import { settingsSchema } from '../settings-schema.ts'
import { appRegistration } from './app-registration.ts'
import { dashboardHands } from './dashboard-hands.ts'
import { githubSignIn } from './github-sign-in.ts'
import type { Stores } from './open-stores.ts'
import { openedInOrder } from './opened-in-order.ts'
import { pullStates } from './pull-states.ts'
import { ReadableCode } from './readable-code.ts'
import { sendSampleAlert } from './sample-alert.ts'
import type { ServiceGround, ServiceOptions } from './service-ground.ts'
import { rememberedCertificates } from './sns-certificates.ts'

/** Beside this app, in the sources as in what is built of them. */
const DASHBOARD = fileURLToPath(new URL('../../../dashboard/dist', import.meta.url))

/** Who opens the link of the first start. */
const FIRST_LINK_MS = 15 * 60_000

export interface ListeningServer extends AsyncDisposable {
  readonly address: string
  /** Opens the dashboard once; undefined when somebody has a token already. */
  readonly firstLink: string | undefined
}

/** The server of this process, listening. What a person asks for is admitted here; who drives it is the queue's affair. */
export function listeningServer(ground: ServiceGround, worker: Pick<Worker, 'admit' | 'retry'>, options: ServiceOptions): Promise<ListeningServer> {
  const { settings, env, log } = options
  const { stores, queue, ledger, observed, hosting, hash } = ground
  return openedInOrder(async (use) => {
    const tokens = (await stores.tokens.apiTokens()).filter(
      (token) => token.revokedAt === undefined && (token.expiresAt === undefined || token.expiresAt > clock.now()),
    )
    const { host, port, ...serverSettings } = settings.server
    const refusal = bindRefusal(host, { behindTlsProxy: serverSettings.behindTlsProxy, tokens: tokens.length })
    if (refusal !== undefined) throw refusal
    const code = use(new ReadableCode(env.home))
    let ownAddress = ''
    const server = await createServer(
      {
        sources: alertSources,
        fetchCertificate: rememberedCertificates(),
        ...(hosting !== undefined && { githubWebhookSecret: () => hosting.webhookSecret }),
        githubSetup: appRegistration({ publicUrl: settings.server.publicUrl, hosting, env }),
        signIn: await githubSignIn(settings, env, hosting),
        dashboard: DASHBOARD,
        settingsSchema: JSON.parse(settingsSchema('repository')),
        ...{ deliveries: stores.deliveries, reports: stores.reports, inbox: stores.inbox, journal: stores.journal },
        ...{ runIndex: stores.runIndex, artifacts: stores.artifacts, tokens: stores.tokens, stop: stores.stop, roster: stores.roster },
        sourceMaps: stores.sourceMaps,
        ...{ outbox: stores.outbox, ledger, spending: settings.spending },
        observed: (since, until) => observed.between(since, until),
        jobs: () => queue.counts(),
        wake: {
          deliveries: async () => {
            if (hosting !== undefined) await queue.enqueue('acknowledgements', {})
            await queue.enqueue('deliveries', {})
          },
          report: async (id) => void (await worker.admit(id, { wanted: true })),
          run: (run) => queue.wake(run, { priority: 1 }),
          outbound: (message) => queue.enqueue('outbound', { message }),
        },
        retry: async (run) => {
          const admitted = await worker.retry(run)
          return 'run' in admitted ? admitted.run : undefined
        },
        parked: () => queue.parked(),
        ...{ insights: stores.insights, changes: stores.changes, pauses: stores.pauses },
        ...dashboardHands(options, ground, code),
        ...(options.sample === true && { sampleAlert: () => sendSampleAlert({ home: options.env.home, address: ownAddress, tokens: stores.tokens }) }),
        numbers: () => stores.fixes.numbers(),
        pullState: hosting && pullStates(hosting.hosts, clock),
        pullUrl: (repository, number) => (repository === undefined ? undefined : hosting?.pullUrl(repository, number)),
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
    ownAddress = address
    return { address, firstLink: tokens.length > 0 ? undefined : await firstLoginLink(stores, address) }
  })
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
