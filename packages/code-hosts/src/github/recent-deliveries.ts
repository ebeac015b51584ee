import { z } from 'zod'
import type { GitHubApp } from './github-app.ts'

const Delivery = z.object({ guid: z.string(), delivered_at: z.string(), event: z.string(), status: z.string(), status_code: z.number() })
const Hook = z.object({ url: z.string().nullish() })

export interface RecentDeliveries {
  /** Where GitHub delivers to. */
  readonly hookUrl: string | undefined
  readonly looked: number
  /** Those that were not taken in the end, newest first. `status`: what our side answered; 0 or 5xx also when nobody did. */
  readonly failing: readonly { readonly event: string; readonly at: string; readonly status: number; readonly said: string }[]
}

/** The last hundred that an app sent. Undefined for a personal token, which has none of its own. */
export async function recentDeliveries({ itself, credentials }: GitHubApp): Promise<RecentDeliveries | undefined> {
  if (credentials.kind !== 'app') return undefined
  const { url } = await itself.ask(Hook, (rest) => rest.apps.getWebhookConfigForApp())
  const listed = await itself.ask(z.array(Delivery), (rest) => rest.apps.listWebhookDeliveries({ per_page: 100 }))
  const isTaken = ({ status_code }: z.infer<typeof Delivery>) => status_code >= 200 && status_code < 300
  const taken = new Set(listed.filter(isTaken).map(({ guid }) => guid))
  const failing = listed.filter((each, at) => !taken.has(each.guid) && listed.findIndex(({ guid }) => guid === each.guid) === at)
  return {
    hookUrl: url ?? undefined,
    looked: listed.length,
    failing: failing.map(({ event, delivered_at: at, status_code: status, status: said }) => ({ event, at, status, said })),
  }
}
