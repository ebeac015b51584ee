import { createHash } from 'node:crypto'
import { GitHubDouble } from '@fixpoint/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { GitHubApp } from './github-app.ts'
import { GitHubSignIn } from './sign-in.ts'

const redirectUrl = 'http://localhost:4317/login/github/callback'
const verifier = 'v'.repeat(43)
const challenge = createHash('sha256').update(verifier).digest('base64url')

async function aHost(permissions: Readonly<Record<string, 'read'>> = { members: 'read' }, enterprise = false) {
  const double = await GitHubDouble.start({ enterprise })
  onTestFinished(() => double[Symbol.asyncDispose]())
  const app = double.addApp({ slug: 'fixpoint', owner: 'acme', permissions })
  const installed = new GitHubApp({ credentials: { kind: 'app', id: String(app.id), privateKey: app.pem }, baseUrl: double.apiUrl })
  const membersToken = (organisation: string) => installed.membersToken(organisation)
  const signIn = new GitHubSignIn({ clientId: app.clientId, clientSecret: app.clientSecret, baseUrl: double.apiUrl, membersToken })
  double.visitor = 'Ann'
  const begin = async () => {
    const response = await fetch(signIn.page({ redirectUrl, state: 'abc', challenge }), { redirect: 'manual' })
    return new URL(response.headers.get('location') ?? '').searchParams
  }
  return { double, app, signIn, begin, membersToken }
}

it.each([false, true])('a browser comes back with a code, which tells once who sits there (Enterprise: %s)', async (enterprise) => {
  const { signIn, begin, double } = await aHost({ members: 'read' }, enterprise)
  const back = await begin()
  expect(back.get('state')).toBe('abc')
  const answer = { code: back.get('code') ?? '', verifier, redirectUrl }
  expect((await signIn.person(answer))?.login).toBe('Ann')
  expect(await signIn.person(answer)).toBeUndefined()
  expect(double.requests.some(({ path }) => path.startsWith(enterprise ? '/api/v3/user' : '/user'))).toBe(true)
})

it('a code is worth nothing without the verifier, to another address, or with another secret', async () => {
  const { signIn, begin, app, double, membersToken } = await aHost()
  const code = async () => (await begin()).get('code') ?? ''
  expect(await signIn.person({ code: await code(), verifier: 'w'.repeat(43), redirectUrl })).toBeUndefined()
  expect(await signIn.person({ code: await code(), verifier, redirectUrl: 'http://elsewhere.example/' })).toBeUndefined()
  const thief = new GitHubSignIn({ clientId: app.clientId, clientSecret: 'guessed', baseUrl: double.apiUrl, membersToken })
  expect(await thief.person({ code: await code(), verifier, redirectUrl })).toBeUndefined()
})

it('organisations and teams are asked for; what the app may not ask is said', async () => {
  const { signIn, begin, double } = await aHost()
  double.setMembers('acme', 'ann')
  double.setMembers('acme/platform', 'bob')
  const person = await signIn.person({ code: (await begin()).get('code') ?? '', verifier, redirectUrl })
  expect(await Promise.all(['acme/*', 'acme/platform', 'other/*', 'acme/nobody'].map((group) => person?.belongsTo(group)))).toEqual([true, false, false, false])
  const unasked = await aHost({})
  const other = await unasked.signIn.person({ code: (await unasked.begin()).get('code') ?? '', verifier, redirectUrl })
  await expect(other?.belongsTo('acme/platform')).rejects.toMatchObject({ code: 'host-refused', hint: expect.stringContaining('Members: read') })
})

it('somebody who signed in before is asked about by the app itself, once it is installed there and may', async () => {
  const { signIn, double, app } = await aHost()
  const belongs = (group: string) => signIn.member('Ann').belongsTo(group)
  await expect(belongs('acme/*')).rejects.toMatchObject({ code: 'host-gone', message: expect.stringContaining('not installed on acme') })
  double.install(app, 'acme')
  double.setMembers('acme', 'ann')
  double.setMembers('acme/platform', 'ann')
  expect(await Promise.all([belongs('acme/*'), belongs('acme/platform'), belongs('acme/other')])).toEqual([true, true, false])
  double.setMembers('acme/platform', 'bob')
  expect(await belongs('acme/platform')).toBe(false)
  expect(double.requests.filter(({ path }) => path.endsWith('/access_tokens'))).toHaveLength(1)
  const unasked = await aHost({})
  unasked.double.install(unasked.app, 'acme')
  await expect(unasked.signIn.member('ann').belongsTo('acme/platform')).rejects.toMatchObject({ hint: expect.stringContaining('Members: read') })
})

it('who cannot be reached is said', async () => {
  const signIn = new GitHubSignIn({ clientId: 'c', clientSecret: 's', baseUrl: 'http://127.0.0.1:1', membersToken: async () => 't' })
  await expect(signIn.person({ code: 'c', verifier, redirectUrl })).rejects.toMatchObject({ code: 'host-unreachable' })
  await expect(signIn.member('ann').belongsTo('acme/*')).rejects.toMatchObject({ code: 'host-unreachable' })
})
