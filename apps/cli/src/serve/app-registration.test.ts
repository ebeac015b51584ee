import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GitHubDouble } from '@fixpoint/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { readEnv } from '../env.ts'
import { appRegistration } from './app-registration.ts'

const PUBLIC = 'https://fixpoint.example.org'

async function newEnv() {
  const home = await mkdtemp(join(tmpdir(), 'fixpoint-registration-'))
  onTestFinished(() => rm(home, { recursive: true }))
  return readEnv({ FIXPOINT_HOME: home })
}

it('an administrator registers the app on GitHub, and its keys are in the settings of the next start', async () => {
  await using github = await GitHubDouble.start()
  const env = await newEnv()
  const setup = appRegistration({ publicUrl: `${PUBLIC}/`, env, apiUrl: github.apiUrl })
  expect([setup.hindrance, setup.app()]).toEqual([undefined, undefined])
  expect(setup.permissions).toContainEqual({ name: 'pull requests', access: 'write', why: expect.stringContaining('draft') })
  const { action, manifest } = setup.registration({ state: 'a state', name: 'Fixpoint Acme', organization: 'acme' })
  expect(action).toBe(`${github.origin}/organizations/acme/settings/apps/new?state=a%20state`)
  expect(manifest).toMatchObject({ hook_attributes: { url: `${PUBLIC}/hooks/github` }, redirect_url: `${PUBLIC}/setup/github/callback` })

  const answer = await fetch(action, { method: 'POST', body: new URLSearchParams({ manifest: JSON.stringify(manifest) }), redirect: 'manual' })
  const back = new URL(answer.headers.get('location') ?? '')
  expect([back.origin, back.searchParams.get('state')]).toEqual([PUBLIC, 'a state'])
  const code = back.searchParams.get('code') ?? ''
  const app = { slug: 'fixpoint-acme', url: `${github.origin}/apps/fixpoint-acme` }
  expect(await setup.create(code)).toEqual(app)
  expect(setup.app()).toEqual({ ...app, inUse: false })
  expect(await readFile(join(env.home, 'fixpoint.config.yml'), 'utf8')).toContain('file: github-app.pem')

  const before = github.requests.length
  await expect(appRegistration({ publicUrl: PUBLIC, env, apiUrl: github.apiUrl }).create('another')).rejects.toThrow(/has github already/)
  expect(github.requests).toHaveLength(before)
})

it.each<[string, (github: GitHubDouble, code: string) => unknown, string?]>([
  ['that was used', (github, code) => fetch(`${github.apiUrl}/app-manifests/${code}/conversions`, { method: 'POST' })],
  ['that is older than an hour', (github) => github.advance(61 * 60_000)],
  ['that GitHub never gave', () => undefined, 'never-given'],
])('a code %s is refused with what to do, and nothing is kept', async (_, happens, other) => {
  await using github = await GitHubDouble.start()
  const env = await newEnv()
  const setup = appRegistration({ publicUrl: PUBLIC, env, apiUrl: github.apiUrl })
  const { action, manifest } = setup.registration({ state: 's', name: 'Fixpoint Acme', organization: undefined })
  const answer = await fetch(action, { method: 'POST', body: new URLSearchParams({ manifest: JSON.stringify(manifest) }), redirect: 'manual' })
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
  await happens(github, code)
  await expect(setup.create(other ?? code)).rejects.toMatchObject({ code: 'host-refused', hint: expect.stringContaining('begin again') })
  expect(await readdir(env.home)).toEqual([])
})

it.each([
  ['no address of the service', { publicUrl: undefined }, /server\.publicUrl/],
  ['an address without TLS', { publicUrl: 'http://fixpoint.example.org' }, /https/],
  ['a personal token', { publicUrl: PUBLIC, hosting: { appPage: undefined, hosts: { self: { slug: 'ann' } } } as never }, /personal token/],
])('%s stands in the way, and is said', async (_, given, words) => {
  expect(appRegistration({ ...given, env: await newEnv() }).hindrance).toMatch(words)
})
