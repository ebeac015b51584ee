import { randomBytes } from 'node:crypto'
import { registerApp } from '../deeds/installations.ts'
import { notFound } from '../denial.ts'
import type { Permissions } from '../records.ts'
import { appShape } from '../shapes/app.ts'
import type { World } from '../world.ts'
import { created, type Reply, type Route, route } from './route.ts'

const HOUR_MS = 3_600_000

interface Manifest {
  readonly name: string
  readonly url: string
  readonly hook_attributes?: { readonly url: string; readonly active?: boolean }
  readonly redirect_url?: string
  readonly default_permissions?: Permissions
  readonly default_events?: readonly string[]
}

/** Somebody sent the form of the manifest flow and said yes on GitHub's page: back to the app's maker, with a code. */
export function acceptManifest(world: World, form: URLSearchParams, state: string | null, owner: string): Reply {
  const manifest = JSON.parse(form.get('manifest') ?? '{}') as Manifest
  const { name, hook_attributes: hook, redirect_url: back, default_permissions, default_events } = manifest
  if (typeof name !== 'string' || typeof manifest.url !== 'string' || back === undefined) {
    return { status: 422, raw: { type: 'text/html', content: 'Invalid GitHub App configuration: name, url and redirect_url are needed.' } }
  }
  const app = registerApp(world, {
    slug: name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    name,
    owner,
    permissions: default_permissions ?? {},
    events: default_events ?? [],
    ...(hook === undefined ? {} : { webhook: { url: hook.url, secret: randomBytes(20).toString('hex') } }),
  })
  const code = randomBytes(20).toString('hex')
  world.manifestCodes.set(code, { app, expiresAt: world.nowMs() + HOUR_MS })
  const location = new URL(back)
  location.searchParams.set('code', code)
  if (state !== null) location.searchParams.set('state', state)
  return { status: 302, headers: { location: location.href } }
}

export const manifestRoutes: readonly Route[] = [
  // Each code is good once.
  route('POST /app-manifests/{code}/conversions', 'anyone', (call) => {
    const { world } = call
    const code = call.parameter('code')
    const known = world.manifestCodes.get(code)
    if (known === undefined || known.expiresAt <= world.nowMs()) throw notFound()
    world.manifestCodes.delete(code)
    const { app } = known
    return created({ ...appShape(world, app), client_secret: app.clientSecret, webhook_secret: app.webhook?.secret ?? null, pem: app.pem })
  }),
]
