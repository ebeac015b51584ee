import { GitHubSignIn, type SignedIn } from '@fixpoint/code-hosts'
import type { Scope } from '@fixpoint/core'
import type { SignIn } from '@fixpoint/server'
import type { Env } from '../env.ts'
import { outwardFetch } from '../outward-fetch.ts'
import { authorities } from '../registries.ts'
import type { GitHubSettings, SignInSettings } from './github-settings.ts'
import type { Hosting } from './hosting.ts'
import type { OperatorSettings } from './operator-settings.ts'
import { revealSecret } from './secrets.ts'

/** What each list of the settings stands for; who is on several has the most. */
const RIGHTS = [
  ['admin', ['read', 'decide', 'admin']],
  ['decide', ['read', 'decide']],
  ['view', ['read']],
] as const satisfies readonly (readonly [keyof SignInSettings, readonly Scope[]])[]

/** The way in by GitHub; undefined when the settings name none, or nobody who may take it. Throws `Failure('settings-invalid')` when its secret cannot be read. */
export async function githubSignIn(
  { github, server }: Pick<OperatorSettings, 'github' | 'server'>,
  env: Env,
  hosting: Pick<Hosting, 'membersToken'> | undefined,
): Promise<SignIn | undefined> {
  if (github?.signIn === undefined || hosting === undefined) return undefined
  const { signIn: lists } = github
  if (RIGHTS.every(([list]) => lists[list].length === 0)) return undefined
  const signIn = new GitHubSignIn({
    clientId: lists.clientId,
    clientSecret: await revealSecret('github.signIn.clientSecret', lists.clientSecret, env),
    baseUrl: github.apiUrl,
    fetch: outwardFetch(env, await authorities(env)),
    membersToken: (organisation) => hosting.membersToken(organisation),
  })
  const nameAfter = `@${signIn.host.replace(/:\d+$/, '')}`
  const redirectUrl = (origin: string) => callbackOf(server.publicUrl ?? origin)
  return {
    host: signIn.host,
    page: ({ origin, ...asked }) => signIn.page({ ...asked, redirectUrl: redirectUrl(origin) }),
    async person({ origin, ...answer }) {
      const person = await signIn.person({ ...answer, redirectUrl: redirectUrl(origin) })
      return person && { name: `${person.login}${nameAfter}`, scopes: await rightsOf(person, lists) }
    },
    // Of another host than the one that is asked now, nobody.
    rights: async (name) => (name.endsWith(nameAfter) ? rightsOf(signIn.member(name.slice(0, -nameAfter.length)), lists) : []),
  }
}

/** What GitHub has to know of us as “Callback URL”. */
export function callbackOf(address: string): string {
  return `${address.replace(/\/+$/, '')}/login/github/callback`
}

/** Teams are asked for only where a login alone does not say it. */
async function rightsOf(person: SignedIn, lists: NonNullable<GitHubSettings['signIn']>): Promise<readonly Scope[]> {
  for (const [list, scopes] of RIGHTS) {
    if (lists[list].some((each) => each.toLowerCase() === person.login.toLowerCase())) return scopes
    for (const group of lists[list].filter((each) => each.includes('/'))) if (await person.belongsTo(group)) return scopes
  }
  return []
}
