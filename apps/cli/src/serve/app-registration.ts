import { manifestOf, registrationUrl } from '@fixpoint/code-hosts'
import type { GithubSetup } from '@fixpoint/server'
import type { Hosting } from './hosting.ts'
import { type AppHome, fetchMadeApp } from './made-app.ts'

const WHY: Readonly<Record<keyof ReturnType<typeof manifestOf>['default_permissions'], string>> = {
  contents: 'branches below fixpoint/, and nothing else',
  pull_requests: 'the draft, its text, answers to reviews',
  issues: 'the one comment, reactions, labels',
  checks: 'the one check run; to hear when checks of a pull request of ours are red',
  actions: 'logs of red checks',
  metadata: 'GitHub always asks for it',
}

export interface Registering extends AppHome {
  /** Under which GitHub reaches this service. */
  readonly publicUrl: string | undefined
  /** What the service works with already. */
  readonly hosting?: Pick<Hosting, 'appPage' | 'hosts'> | undefined
}

/** How an administrator makes a GitHub app for this service in a browser. It is used from the next start on. */
export function appRegistration({ publicUrl, hosting, ...home }: Registering): GithubSetup {
  const service = addressesOf(publicUrl ?? 'https://unknown.invalid')
  const manifest = (name: string) => manifestOf({ name, url: service.url, hookUrl: service.hook, redirectUrl: `${service.url}/setup/github/callback` })
  let made: { readonly slug: string; readonly url: string } | undefined
  return {
    hindrance: hindranceOf({ publicUrl, hosting }),
    app() {
      if (made !== undefined) return { ...made, inUse: false }
      return hosting?.appPage === undefined ? undefined : { slug: hosting.hosts.self.slug, url: hosting.appPage, inUse: true }
    },
    registration: ({ state, name, organization }) => ({
      action: registrationUrl(state, { ...(home.apiUrl !== undefined && { baseUrl: home.apiUrl }), ...(organization !== undefined && { organization }) }),
      manifest: manifest(name),
    }),
    permissions: Object.entries(manifest('').default_permissions).map(([name, access]) => ({
      ...{ name: name.replaceAll('_', ' '), access },
      why: WHY[name as keyof typeof WHY],
    })),
    async create(code) {
      made = await fetchMadeApp(code, home)
      return made
    },
  }
}

/** Of a service under the address by which GitHub reaches it. */
export function addressesOf(publicUrl: string): { readonly url: string; readonly hook: string } {
  const url = publicUrl.replace(/\/+$/, '')
  return { url, hook: `${url}/hooks/github` }
}

function hindranceOf({ publicUrl, hosting }: Pick<Registering, 'publicUrl' | 'hosting'>): string | undefined {
  if (hosting !== undefined && hosting.appPage === undefined)
    return 'The settings name a personal token for GitHub. Take github out of them and start the service again, then make an app here.'
  if (publicUrl === undefined || !publicUrl.startsWith('https://'))
    return 'GitHub has to reach this service: say under which https address, as server.publicUrl in the settings, and start the service again.'
  return undefined
}
