import { createHash, randomBytes } from 'node:crypto'
import { mintPersonalToken } from '../deeds/installations.ts'
import { Denial, notFound } from '../denial.ts'
import type { World } from '../world.ts'
import { type Call, ok, type Reply, type Route, route } from './route.ts'

const CODE_MS = 10 * 60_000

/** Whoever sits in front of the browser says yes; nobody does when nobody is there. Back to the app, with a code. */
export function authorizePage(world: World, query: URLSearchParams): Reply {
  const app = world.apps.find(({ clientId }) => clientId === query.get('client_id'))
  const back = query.get('redirect_uri')
  if (app === undefined || back === null) return { status: 404, raw: { type: 'text/html', content: 'Not Found' } }
  const location = new URL(back)
  const challenge = query.get('code_challenge_method') === 'S256' ? query.get('code_challenge') : null
  const answer =
    world.visitor === undefined
      ? { error: 'access_denied', error_description: 'The user has denied your application access.' }
      : { code: randomBytes(10).toString('hex') }
  if (answer.code !== undefined && world.visitor !== undefined)
    world.signInCodes.set(answer.code, { app, account: world.visitor, redirectUrl: back, challenge, expiresAt: world.nowMs() + CODE_MS })
  for (const [name, value] of Object.entries({ ...answer, state: query.get('state') })) if (value !== null) location.searchParams.set(name, value)
  return { status: 302, headers: { location: location.href } }
}

/** A code for a token, once. What is wrong is said with 200, as GitHub does. */
export function exchange(world: World, body: string): Reply {
  const asked = JSON.parse(body) as Readonly<Record<string, string | undefined>>
  const known = world.signInCodes.get(asked.code ?? '')
  world.signInCodes.delete(asked.code ?? '')
  const wrong = (error: string): Reply => ({ status: 200, body: { error, error_description: 'It is not right.', error_uri: 'https://docs.github.com/apps' } })
  if (known === undefined || known.app.clientId !== asked.client_id || known.app.clientSecret !== asked.client_secret)
    return wrong('incorrect_client_credentials')
  if (known.expiresAt <= world.nowMs()) return wrong('bad_verification_code')
  if (known.redirectUrl !== asked.redirect_uri) return wrong('redirect_uri_mismatch')
  const proven =
    known.challenge === null ||
    known.challenge ===
      createHash('sha256')
        .update(asked.code_verifier ?? '')
        .digest('base64url')
  if (!proven) return wrong('bad_verification_code')
  const token = mintPersonalToken(world, known.account, { permissions: known.app.permissions })
  return ok({ access_token: token.value, token_type: 'bearer', scope: '' })
}

export const membershipRoutes: readonly Route[] = [
  route('GET /orgs/{org}/members/{username}', 'signed-in', (call) => ({ status: belongs(call, call.parameter('org')) ? 204 : 404 })),
  route('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', 'signed-in', (call) => {
    const group = `${call.parameter('org')}/${call.parameter('team_slug')}`
    if (!belongs(call, group)) throw notFound()
    return ok({ url: `${call.world.apiUrl}/teams/1/memberships/${call.parameter('username')}`, role: 'member', state: 'active' })
  }),
]

function belongs(call: Call, group: string): boolean {
  const { world, access } = call
  const organisation = group.split('/')[0]?.toLowerCase()
  const may =
    (access.kind === 'personal' && access.token.permissions?.members !== undefined) ||
    (access.kind === 'installation' && access.token.permissions.members !== undefined && access.token.installation.account.login.toLowerCase() === organisation)
  if (!may) throw new Denial(403, 'Resource not accessible by integration')
  return world.groups.get(group.toLowerCase())?.has(call.parameter('username').toLowerCase()) === true
}
