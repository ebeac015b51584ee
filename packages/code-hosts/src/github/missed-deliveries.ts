import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { GitHubApi } from './github-api.ts'

const DeliveryId = z.union([z.number(), z.bigint()])
const Delivery = z.object({ id: DeliveryId, guid: z.string(), delivered_at: z.string(), status_code: z.number() })
const Told = z.object({ request: z.object({ headers: z.record(z.string(), z.unknown()).nullish(), payload: z.record(z.string(), z.unknown()).nullish() }) })

/** GitHub keeps them for three days; of a busy app not all are looked through. */
const MOST_LISTED = 10_000
const PER_PAGE = 100
const TAKEN = (status: number) => status >= 200 && status < 300

export interface MissedDelivery {
  readonly id: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/**
 * What GitHub could not hand over since then, oldest first. GitHub gives the payload and not its bytes, so it is signed again by us, with the app's
 * webhook secret: the receiver treats it like any other delivery, and knows a second one by its id. Without a secret it comes unsigned.
 */
export async function* missedDeliveries(app: GitHubApi, secret: string | undefined, since: Date, signal: AbortSignal): AsyncGenerator<MissedDelivery> {
  for (const id of await missedIds(app, since, signal)) {
    signal.throwIfAborted()
    // The path wants a number; octokit's type is narrower than numbers get here.
    const told = await app.unless([404], () => app.ask(Told, (rest) => rest.apps.getWebhookDelivery({ delivery_id: id as number })))
    if (!told?.request.payload) continue
    yield signed(told.request.headers ?? {}, told.request.payload, secret)
  }
}

async function missedIds(app: GitHubApi, since: Date, signal: AbortSignal): Promise<readonly z.infer<typeof DeliveryId>[]> {
  const taken = new Set<string>()
  const missed = new Map<string, z.infer<typeof DeliveryId>>()
  let listed = 0
  let cursor: string | undefined
  do {
    signal.throwIfAborted()
    const at: { per_page: number; cursor?: string } = { per_page: PER_PAGE, ...(cursor !== undefined && { cursor }) }
    const page = await app.askWhere(z.array(Delivery), (rest) => rest.apps.listWebhookDeliveries(at))
    cursor = page.next?.searchParams.get('cursor') ?? undefined
    for (const { id, guid, delivered_at, status_code } of page.data) {
      listed += 1
      if (Date.parse(delivered_at) < since.getTime()) cursor = undefined
      else if (TAKEN(status_code)) taken.add(guid)
      else missed.set(guid, id)
    }
  } while (cursor !== undefined && listed < MOST_LISTED)
  return [...missed]
    .filter(([guid]) => !taken.has(guid))
    .map(([, id]) => id)
    .reverse()
}

function signed(headers: Record<string, unknown>, payload: Record<string, unknown>, secret: string | undefined): MissedDelivery {
  const body = new TextEncoder().encode(JSON.stringify(payload))
  const told = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const)
  const kept = Object.fromEntries(told.filter(([name]) => !name.startsWith('x-hub-signature')))
  if (secret !== undefined) kept['x-hub-signature-256'] = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  return { id: kept['x-github-delivery'] ?? '', headers: kept, body }
}
