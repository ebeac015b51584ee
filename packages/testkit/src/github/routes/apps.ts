import { mintInstallationToken } from '../deeds/installations.ts'
import { Denial, notFound } from '../denial.ts'
import type { App, Installation, Level, Permissions, Repository } from '../records.ts'
import { appShape, installationShape } from '../shapes/app.ts'
import { repositoryShape } from '../shapes/repository.ts'
import type { Delivery } from '../webhooks.ts'
import { reaches, timestamp, type World } from '../world.ts'
import { type Call, created, found, ok, type Reply, type Route, route } from './route.ts'

export const appRoutes: readonly Route[] = [
  route('GET /app', 'app', (call) => ok({ ...appShape(call.world, appOfCall(call)), installations_count: installationsOf(call).length })),
  route('GET /app/installations', 'app', (call) => call.list(installationsOf(call), (installation) => installationShape(call.world, installation))),
  route('GET /app/installations/{installation_id}', 'app', (call) => ok(installationShape(call.world, ownInstallation(call)))),
  route('POST /app/installations/{installation_id}/access_tokens', 'app', mint),
  route('GET /repos/{owner}/{repo}/installation', 'app', (call) => {
    const app = appOfCall(call)
    const installation = found(call.world.installationsOn(call.repository).find((each) => each.app === app))
    return ok(installationShape(call.world, installation))
  }),
  route('GET /users/{username}/installation', 'app', installationOn('username')),
  route('GET /orgs/{org}/installation', 'app', installationOn('org')),
  route('GET /app/hook/config', 'app', (call) => ok(hookConfig(appOfCall(call)))),
  route('PATCH /app/hook/config', 'app', (call) => {
    const app = appOfCall(call)
    const { url, secret } = call.body<{ url?: string; secret?: string }>()
    app.webhook = { url: url ?? app.webhook?.url ?? '', secret: secret ?? app.webhook?.secret ?? '', active: true }
    return ok(hookConfig(app))
  }),
  route('GET /app/hook/deliveries', 'app', listDeliveries),
  route('GET /app/hook/deliveries/{delivery_id}', 'app', (call) => ok(deliveryShape(ownDelivery(call)))),
  route('POST /app/hook/deliveries/{delivery_id}/attempts', 'app', (call) => {
    call.webhooks.redeliver(ownDelivery(call))
    return { status: 202, body: {} }
  }),
  route('GET /installation/repositories', 'installation', (call) => {
    const { items, headers } = call.page(reachable(call))
    return { status: 200, headers, body: { total_count: reachable(call).length, repositories: items.map((each) => repositoryShape(call.world, each)) } }
  }),
  route('DELETE /installation/token', 'installation', (call) => {
    if (call.access.kind === 'installation') call.world.tokens.delete(call.access.token.value)
    return { status: 204 }
  }),
]

function appOfCall({ access }: Call): App {
  if (access.kind !== 'app') throw notFound()
  return access.app
}

function installationsOf(call: Call): Installation[] {
  const app = appOfCall(call)
  return call.world.installations.filter((installation) => installation.app === app && !installation.deleted)
}

function ownInstallation(call: Call): Installation {
  return found(installationsOf(call).find(({ id }) => id === call.number('installation_id')))
}

function installationOn(parameter: string): Route['handle'] {
  return (call) => {
    const login = call.parameter(parameter).toLowerCase()
    return ok(installationShape(call.world, found(installationsOf(call).find(({ account }) => account.login.toLowerCase() === login))))
  }
}

const LEVELS: readonly Level[] = ['read', 'write', 'admin']

function mint(call: Call): Reply {
  const { world } = call
  const installation = ownInstallation(call)
  if (installation.suspended !== null) throw new Denial(403, 'This installation has been suspended')
  const wanted = call.body<{ repositories?: string[]; repository_ids?: number[]; permissions?: Permissions }>()
  const permissions = { ...installation.permissions, ...wanted.permissions }
  const narrowed = wanted.permissions === undefined ? permissions : { metadata: 'read' as const, ...wanted.permissions }
  for (const [name, level] of Object.entries(narrowed)) {
    const granted = installation.permissions[name]
    if (granted === undefined || LEVELS.indexOf(granted) < LEVELS.indexOf(level)) {
      throw new Denial(422, 'The permissions requested are not granted to this installation.')
    }
  }
  const chosen = chosenRepositories(world, installation, wanted)
  const token = mintInstallationToken(world, installation, narrowed, chosen === null ? null : new Set(chosen.map(({ id }) => id)))
  return created({
    token: token.value,
    expires_at: timestamp(token.expiresAt),
    permissions: narrowed,
    repository_selection: chosen === null && installation.repositories === null ? 'all' : 'selected',
    ...(chosen === null ? {} : { repositories: chosen.map((each) => repositoryShape(world, each)) }),
  })
}

function chosenRepositories(world: World, installation: Installation, wanted: { repositories?: string[]; repository_ids?: number[] }): Repository[] | null {
  if (wanted.repositories === undefined && wanted.repository_ids === undefined) return null
  const own = world.repositories.filter((repository) => !repository.deleted && reaches(installation, repository))
  const asked = [...(wanted.repositories ?? []), ...(wanted.repository_ids ?? [])]
  return asked.map((each) => {
    const repository = own.find(({ id, name }) => id === each || (typeof each === 'string' && name.toLowerCase() === each.toLowerCase()))
    if (repository === undefined) {
      throw new Denial(422, 'There is at least one repository that does not exist or is not accessible to the parent installation.')
    }
    return repository
  })
}

function reachable({ world, access }: Call): Repository[] {
  if (access.kind !== 'installation') return []
  const { installation, repositories } = access.token
  return world.repositories.filter((each) => !each.deleted && reaches(installation, each) && (repositories === null || repositories.has(each.id)))
}

function hookConfig({ webhook }: App) {
  return { content_type: 'json', insecure_ssl: '0', url: webhook?.url ?? 'https://example.com', ...(webhook === null ? {} : { secret: '********' }) }
}

function ownDelivery(call: Call): Delivery {
  const app = appOfCall(call)
  return found(call.webhooks.deliveries.find((delivery) => delivery.app === app && delivery.id === call.number('delivery_id')))
}

/** Newest first, a page from where the cursor stands. */
function listDeliveries(call: Call): Reply {
  const app = appOfCall(call)
  const own = call.webhooks.deliveries.filter((delivery) => delivery.app === app && delivery.status !== 'pending').reverse()
  const wantsFailures = call.query.get('status')
  const listed = wantsFailures === null ? own : own.filter(({ statusCode }) => statusCode >= 200 && statusCode < 400 === (wantsFailures === 'success'))
  const cursor = call.query.get('cursor')
  const size = Math.min(100, Number(call.query.get('per_page') ?? 30))
  const start = cursor === null ? 0 : listed.findIndex(({ id }) => `v1_${id}` === cursor)
  if (start < 0) throw new Denial(422, 'Invalid cursor')
  const next = listed[start + size]
  const link = next === undefined ? {} : { link: `<${call.world.apiUrl}/app/hook/deliveries?per_page=${size}&cursor=v1_${next.id}>; rel="next"` }
  return { status: 200, headers: link, body: listed.slice(start, start + size).map(deliveryItemShape) }
}

function deliveryItemShape({ id, guid, deliveredAt, redelivery, durationSeconds, status, statusCode, event, action, installationId, repositoryId }: Delivery) {
  return {
    id,
    guid,
    delivered_at: deliveredAt,
    redelivery,
    duration: durationSeconds,
    status,
    status_code: statusCode,
    event,
    action,
    installation_id: installationId,
    repository_id: repositoryId,
    throttled_at: null,
  }
}

function deliveryShape(delivery: Delivery) {
  const { headers, payload, response } = delivery
  return { ...deliveryItemShape(delivery), url: delivery.app.webhook?.url ?? '', request: { headers, payload }, response }
}
