import { createHmac, randomUUID } from 'node:crypto'
import { type IncomingMessage, request } from 'node:http'
import type { App, Installation } from './records.ts'
import { userShape } from './shapes/account.ts'
import { repositoryShape } from './shapes/repository.ts'
import { type Announcement, nodeId, timestamp, type World } from './world.ts'

/** GitHub waits ten seconds for an answer, and never tries again by itself. */
const PATIENCE_MS = 10_000
const TICK_MS = 100
/** What GitHub tells every app, asked or not. */
const UNASKED = new Set(['installation', 'installation_repositories', 'github_app_authorization'])

export interface Delivery {
  readonly id: number
  readonly guid: string
  readonly app: App
  readonly event: string
  readonly action: string | null
  readonly installationId: number | null
  readonly repositoryId: number | null
  readonly redelivery: boolean
  readonly deliveredAt: string
  readonly headers: Readonly<Record<string, string>>
  readonly payload: Readonly<Record<string, unknown>>
  durationSeconds: number
  /** "OK", or why not. */
  status: string
  statusCode: number
  response: { readonly headers: Readonly<Record<string, string>>; readonly payload: string }
}

export class Webhooks {
  readonly deliveries: Delivery[] = []
  readonly #world: World
  readonly #objection: (event: string, action: string | undefined, payload: unknown) => void
  readonly #underway = new Set<Promise<void>>()

  /** `check` is asked about each payload before it goes out. */
  constructor(world: World, check: (event: string, action: string | undefined, payload: unknown) => void) {
    this.#world = world
    this.#objection = check
    world.listeners.push((announcement) => this.#tell(announcement))
  }

  redeliver(delivery: Delivery): void {
    this.#send(delivery.app, { ...delivery, id: this.#world.nextId(), redelivery: true })
  }

  /** Until every delivery that is on its way was answered or given up. */
  async settled(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway)
  }

  #tell(announcement: Announcement): void {
    const { event, repository, installation } = announcement
    const told = installation !== undefined ? [installation] : repository === undefined ? [] : this.#world.installationsOn(repository)
    for (const each of told) {
      if (each.suspended !== null && event !== 'installation') continue
      if (UNASKED.has(event) || (each.app.events.includes(event) && concerns(announcement, each))) this.#deliver(announcement, each)
    }
  }

  #deliver({ event, action, repository, sender, payload }: Announcement, installation: Installation): void {
    const world = this.#world
    const whole = {
      ...(action === undefined ? {} : { action }),
      ...payload,
      ...(repository === undefined ? {} : { repository: { ...repositoryShape(world, repository), ...(payload.repository as object | undefined) } }),
      sender: userShape(world, sender),
      installation: payload.installation ?? { id: installation.id, node_id: nodeId('IN', installation.id) },
    }
    this.#objection(event, action, whole)
    this.#send(installation.app, {
      id: world.nextId(),
      guid: randomUUID(),
      app: installation.app,
      event,
      action: action ?? null,
      installationId: installation.id,
      repositoryId: repository?.id ?? null,
      redelivery: false,
      // As it was when it happened: what it is built from goes on changing.
      payload: JSON.parse(JSON.stringify(whole)) as Delivery['payload'],
    })
  }

  #send(app: App, about: Omit<Delivery, 'deliveredAt' | 'headers' | 'durationSeconds' | 'status' | 'statusCode' | 'response'>): void {
    if (app.webhook?.active !== true) return
    const { url, secret } = app.webhook
    const body = JSON.stringify(about.payload)
    const headers = {
      accept: '*/*',
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/double',
      'x-github-delivery': about.guid,
      'x-github-event': about.event,
      'x-github-hook-id': String(app.id),
      'x-github-hook-installation-target-id': String(app.id),
      'x-github-hook-installation-target-type': 'integration',
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    }
    const delivery: Delivery = {
      ...about,
      deliveredAt: timestamp(this.#world.nowMs()),
      headers,
      durationSeconds: 0,
      status: 'pending',
      statusCode: 0,
      response: { headers: {}, payload: '' },
    }
    this.deliveries.push(delivery)
    const sending = post(url, headers, body, delivery).finally(() => this.#underway.delete(sending))
    this.#underway.add(sending)
  }
}

/** An app hears of the checks it may act on, and of buttons only on its own. */
function concerns({ event, action, payload }: Announcement, { app }: Installation): boolean {
  if (event !== 'check_run' || (action !== 'requested_action' && action !== 'rerequested')) return true
  return (payload.check_run as { readonly app?: { readonly id: number } } | undefined)?.app?.id === app.id
}

async function post(url: string, headers: Readonly<Record<string, string>>, body: string, delivery: Delivery): Promise<void> {
  const started = performance.now()
  const late = new AbortController()
  // Ticks and not the clock: where receiver and double share a process that is busy, nobody is late.
  let waited = 0
  const ticking = setInterval(() => {
    waited += TICK_MS
    if (waited >= PATIENCE_MS) late.abort()
  }, TICK_MS)
  try {
    const { statusCode = 0, headers: told, text } = await ask(url, headers, body, late.signal)
    delivery.statusCode = statusCode
    delivery.status = statusCode >= 200 && statusCode < 300 ? 'OK' : `Invalid HTTP Response: ${statusCode}`
    delivery.response = { headers: Object.fromEntries(Object.entries(told).map(([name, value]) => [name, String(value)])), payload: text.slice(0, 10_000) }
  } catch {
    delivery.statusCode = late.signal.aborted ? 504 : 502
    delivery.status = late.signal.aborted ? 'timed out' : 'failed to connect to host'
  } finally {
    clearInterval(ticking)
  }
  delivery.durationSeconds = Math.round(performance.now() - started) / 1000
}

/** Over a connection of its own: one that was kept open may have been closed meanwhile, and a delivery is not tried twice. */
function ask(url: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal) {
  return new Promise<IncomingMessage & { readonly text: string }>((resolve, reject) => {
    const asked = request(url, { method: 'POST', agent: false, headers: { ...headers, 'content-length': Buffer.byteLength(body) }, signal }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve(Object.assign(response, { text: Buffer.concat(parts).toString() })))
      response.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
