import { Failure, type Scope } from '@fixpoint/core'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens, SteppingClock } from '@fixpoint/testkit'
import { expect, onTestFinished, test } from 'vitest'
import type { SignIn } from './hands.ts'
import { aDesk } from './testing.ts'

const MINUTE = 60_000
const ANN = 'ann@github.com'
const DOWN = new Failure('host-unreachable', 'github.com cannot be reached', 'Try later.')

/** Ann came by her account, may decide, and asks who she is. `rights`: what the host says of her then. */
async function signedIn(rights: SignIn['rights'] | undefined) {
  const clock = new SteppingClock('2026-03-02T00:00:00.000Z', 0)
  const tokens = new InMemoryTokens(() => clock.now())
  const fakes = { deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts: new InMemoryArtifacts() }
  const signIn = rights && { host: 'github.com', page: () => '', person: async () => undefined, rights }
  const { app } = await aDesk({ ...fakes, tokens }, {}, { clock, signIn })
  onTestFinished(() => app.close())
  const session = { name: ANN, scopes: ['read', 'decide'], expiresAt: new Date(clock.now().getTime() + 720 * MINUTE) } as const
  const { secret } = await tokens.openSession({ ...session, account: ANN })
  const { secret: byLink } = await tokens.openSession(session)
  const ask = (cookie = secret) => app.inject({ url: '/api/session', headers: { host: 'localhost', cookie: `fixpoint-session=${cookie}` } })
  return { clock, ask, byLink, scopes: async () => (await ask()).json().scopes as readonly Scope[] | undefined }
}

test('what somebody may is what the host says now: it is asked again after a quarter of an hour, once for all who wait', async () => {
  const answers: Scope[][] = [['read', 'decide', 'admin'], ['read'], []]
  let asked = 0
  const ann = await signedIn(async (name) => {
    expect(name).toBe(ANN)
    return answers[asked++] ?? []
  })
  expect(await Promise.all([ann.scopes(), ann.scopes(), ann.scopes()])).toEqual(Array(3).fill(['read', 'decide', 'admin']))
  ann.clock.advance(14 * MINUTE)
  expect([await ann.scopes(), asked]).toEqual([['read', 'decide', 'admin'], 1])
  ann.clock.advance(MINUTE)
  expect([await ann.scopes(), asked]).toEqual([['read'], 2])
  ann.clock.advance(15 * MINUTE)
  const refused = await ann.ask()
  expect([refused.statusCode, refused.json()]).toEqual([
    401,
    {
      ...{ title: 'Your session has ended', status: 401, detail: 'ann@github.com may not look here any more' },
      hint: 'Ask whoever runs this service to list you, or a team of yours, under github.signIn in the settings.',
    },
  ])
  // Whoever looks again is told the same, and is not taken for somebody who guesses.
  for (let time = 0; time < 100; time += 1) expect((await ann.ask()).json().detail).toBe(refused.json().detail)
  expect(asked).toBe(3)
  expect((await ann.ask(ann.byLink)).json().scopes).toEqual(['read', 'decide'])
})

test('a host that does not answer keeps nobody out for an hour, is spared for a minute, and then somebody has to sign in again', async () => {
  let [asked, down] = [0, false]
  const ann = await signedIn(async () => {
    asked += 1
    if (down) throw DOWN
    return ['read']
  })
  expect(await ann.scopes()).toEqual(['read'])
  down = true
  ann.clock.advance(59 * MINUTE)
  expect([await ann.scopes(), await ann.scopes(), asked]).toEqual([['read'], ['read'], 2])
  ann.clock.advance(MINUTE)
  const refused = await ann.ask()
  expect([refused.statusCode, refused.json().detail, refused.json().hint, asked]).toEqual([
    401,
    'For an hour nobody could say whether ann@github.com may still look here: github.com cannot be reached',
    'Try later.',
    3,
  ])
  down = false
  ann.clock.advance(MINUTE)
  expect(await ann.scopes()).toEqual(['read'])
})

test('a process that has only begun counts the hour from the sign-in', async () => {
  const ann = await signedIn(() => Promise.reject(DOWN))
  ann.clock.advance(59 * MINUTE)
  expect(await ann.scopes()).toEqual(['read', 'decide'])
  ann.clock.advance(MINUTE)
  expect((await ann.ask()).statusCode).toBe(401)
})

test('where that way in was taken out of the settings, whoever came by it is out', async () => {
  const ann = await signedIn(undefined)
  expect((await ann.ask()).json().detail).toBe('ann@github.com may not look here any more')
})
