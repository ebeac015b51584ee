import swagger from '@fastify/swagger'
import fastify, { type FastifyInstance } from 'fastify'
import { jsonSchemaTransform, serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { Gate } from './access/authenticate.ts'
import { KnownHosts } from './access/hosts.ts'
import type { App } from './api/app.ts'
import { artifactRoutes } from './api/artifacts.ts'
import { changeRoutes } from './api/changes.ts'
import { codeRoutes } from './api/code.ts'
import { deliveryRoutes } from './api/deliveries.ts'
import { editRoutes } from './api/edits.ts'
import { firstRunRoutes } from './api/first-run.ts'
import { ingestKeyRoutes } from './api/ingest-keys.ts'
import { insightRoutes } from './api/insights.ts'
import { journalRoutes } from './api/journal.ts'
import { modelRoutes } from './api/models.ts'
import { numberRoutes } from './api/numbers.ts'
import { observedRoutes } from './api/observed.ts'
import { operationRoutes } from './api/operations.ts'
import { outboundRoutes } from './api/outbound.ts'
import { proposalRoutes } from './api/proposals.ts'
import { pullRoutes } from './api/pulls.ts'
import { questionRoutes } from './api/questions.ts'
import { reportRoutes } from './api/reports.ts'
import { repositoryRoutes } from './api/repositories.ts'
import { runChangeRoutes } from './api/run-changes.ts'
import { runDetailsRoutes } from './api/run-details.ts'
import { runRoutes } from './api/runs.ts'
import { sessionRoutes } from './api/sessions.ts'
import { signInRoutes } from './api/sign-in.ts'
import { sourceMapRoutes } from './api/source-maps.ts'
import { spendRoutes } from './api/spend.ts'
import { tokenRoutes } from './api/tokens.ts'
import { workerRoutes } from './api/workers.ts'
import { quickToClose } from './closing.ts'
import { compressAnswers } from './compressed.ts'
import { dashboardRoutes } from './dashboard.ts'
import { Followers } from './followers.ts'
import { guard, SECURITY_HEADERS } from './guard.ts'
import type { ServerHands } from './hands.ts'
import { hookRoutes } from './hooks/routes.ts'
import { Waker } from './hooks/waker.ts'
import { ServerMetrics } from './metrics.ts'
import { operatorRoutes } from './operations.ts'
import { Refusal, sendProblem } from './problem.ts'
import { answerProblems } from './problems.ts'
import { ServerSettings, type ServerSettingsInput } from './settings.ts'
import { setupRoutes } from './setup/routes.ts'
import { workMetrics } from './work-metrics.ts'

/** Bodies of the API; deliveries have a limit of their own. */
const API_BODY_BYTES = 256 * 1024
const PARAMETER_LENGTH = 300

/** The server, ready to listen. Everything it knows of the world is in its hands. */
export async function createServer(hands: ServerHands, given: ServerSettingsInput = {}): Promise<FastifyInstance> {
  const settings = ServerSettings.parse(given)
  const { connections } = settings
  const app: App = fastify({
    // Its own lines would hold addresses, and addresses hold keys: `guard` writes ours.
    logger: false,
    bodyLimit: API_BODY_BYTES,
    trustProxy: settings.trustedProxies.length > 0 ? [...settings.trustedProxies] : false,
    exposeHeadRoutes: false,
    requestTimeout: connections.requestTimeoutMs,
    keepAliveTimeout: connections.keepAliveMs,
    maxRequestsPerSocket: connections.requestsPerConnection,
    // Addresses that no route could ever match: no hook has seen them.
    frameworkErrors: (_error, _request, reply) => {
      sendProblem(reply.headers(SECURITY_HEADERS), new Refusal(400, 'The address cannot be read'))
    },
    routerOptions: { maxParamLength: PARAMETER_LENGTH },
    http: {
      headersTimeout: connections.headersTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, connections.requestTimeoutMs),
      maxHeaderSize: 16 * 1024,
    },
  }).withTypeProvider<ZodTypeProvider>()
  app.server.maxConnections = connections.maximum
  // A form of another site can send text, and no JSON.
  app.removeContentTypeParser('text/plain')
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)

  const hosts = new KnownHosts(settings.hosts)
  const gate = new Gate(hands, settings, hosts)
  const followers = new Followers(settings.followers, hands.log)
  const metrics = new ServerMetrics({ followers: () => followers.count, numbers: hands.numbers })
  workMetrics(metrics.registry, hands)
  const waker = new Waker(() => hands.wake.deliveries(), hands.log)
  const beginClosing = quickToClose(app.server, connections.requestTimeoutMs)
  app.addHook('preClose', async () => {
    followers.close()
    beginClosing()
  })
  app.addHook('onClose', async () => waker.idle())

  answerProblems(app, hands.log)
  guard(app, { hands, settings, hosts, gate, metrics })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Fixpoint', version: settings.version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
  })

  app.after(() => {
    // First: what it hooks into is what comes after it.
    changeRoutes(app, hands)
    compressAnswers(app)
    hookRoutes(app, hands, settings, metrics, waker)
    setupRoutes(app, hands)
    operatorRoutes(app, hands, settings, metrics, gate)
    sessionRoutes(app, hands, settings, gate)
    signInRoutes(app, hands, settings, gate)
    reportRoutes(app, hands)
    runRoutes(app, hands)
    journalRoutes(app, hands, followers)
    runChangeRoutes(app, hands, followers)
    runDetailsRoutes(app, hands)
    proposalRoutes(app, hands)
    questionRoutes(app, hands, settings, followers)
    editRoutes(app, hands)
    pullRoutes(app, hands)
    artifactRoutes(app, hands)
    deliveryRoutes(app, hands)
    outboundRoutes(app, hands)
    spendRoutes(app, hands)
    observedRoutes(app, hands)
    tokenRoutes(app, hands)
    ingestKeyRoutes(app, hands)
    operationRoutes(app, hands)
    workerRoutes(app, hands)
    numberRoutes(app, hands)
    insightRoutes(app, hands)
    repositoryRoutes(app, hands)
    codeRoutes(app, hands)
    modelRoutes(app, hands)
    firstRunRoutes(app, hands)
    sourceMapRoutes(app, hands)
    dashboardRoutes(app, hands.dashboard)
    app.get('/openapi.json', { config: { scope: 'open' }, schema: { hide: true } }, async () => app.swagger())
  })
  await app.ready()
  return app as unknown as FastifyInstance
}
