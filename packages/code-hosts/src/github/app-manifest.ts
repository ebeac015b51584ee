import { HostFailure } from '@fixpoint/core'
import { z } from 'zod'
import { GitHubApi } from './github-api.ts'
import { type Fetch, guardedFetch } from './guarded-fetch.ts'
import { NEEDED_EVENTS, NEEDED_PERMISSIONS } from './needed-permissions.ts'
import { PACE, queuesOf } from './pace.ts'
import { scrubbed } from './secrets.ts'
import { Stop } from './stop.ts'
import { webAddresses } from './web-addresses.ts'

export interface WantedApp {
  /** At most 34 characters, and nobody else's on the whole of GitHub. */
  readonly name: string
  /** Where people read about it: this service. */
  readonly url: string
  /** Where deliveries go: `https://fixpoint.example/hooks/github`. */
  readonly hookUrl: string
  /** Where GitHub sends the browser back to, with the code. */
  readonly redirectUrl: string
}

/** What GitHub makes of a manifest. Told once: whoever asks keeps it, and nobody prints it. */
export const MadeApp = z.object({
  id: z.number(),
  slug: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
  webhook_secret: z.string().nullish(),
  pem: z.string(),
  html_url: z.string(),
})
export type MadeApp = z.infer<typeof MadeApp>

/** The form's field `manifest`. */
export function manifestOf({ name, url, hookUrl, redirectUrl }: WantedApp) {
  return {
    name,
    url,
    description: 'Label an issue, get a pull request that proves its fix.',
    public: false,
    hook_attributes: { url: hookUrl, active: true },
    redirect_url: redirectUrl,
    // Where people come back to who sign in with it.
    callback_urls: [`${url}/login/github/callback`],
    default_permissions: { ...NEEDED_PERMISSIONS },
    default_events: [...NEEDED_EVENTS],
  }
}

/** Where the form goes. `state` comes back with the code, and is compared. */
export function registrationUrl(state: string, { baseUrl, organization }: { readonly baseUrl?: string; readonly organization?: string } = {}): string {
  const { web } = webAddresses(baseUrl)
  const whose = organization === undefined ? '' : `organizations/${encodeURIComponent(organization)}/`
  return `${web}/${whose}settings/apps/new?state=${encodeURIComponent(state)}`
}

/** The app that GitHub made, for the code that it sent the browser back with. Works once, within an hour. */
export async function convertManifest(
  code: string,
  { baseUrl, fetch = globalThis.fetch }: { readonly baseUrl?: string; readonly fetch?: Fetch } = {},
): Promise<MadeApp> {
  const { api: address } = webAddresses(baseUrl)
  const stop = new Stop(new AbortController().signal)
  const guarded = guardedFetch({ fetch, origin: new URL(address).origin, timeoutMs: PACE.timeout, stop })
  const scrub = (text: string) => scrubbed(text, [code])
  const api = new GitHubApi({ baseUrl: address, fetch: guarded, owner: 'anybody', pace: PACE, queues: queuesOf(PACE), stop, scrub })
  const made = await api.unless([404, 422], () => api.ask(MadeApp, (rest) => rest.apps.createFromManifest({ code })))
  if (made === undefined) throw new HostFailure('host-refused', 'GitHub does not take this code', 'A code works once, and within an hour: begin again.')
  return made
}
