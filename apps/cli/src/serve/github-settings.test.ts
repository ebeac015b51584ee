import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { Env } from '../env.ts'
import { allowsRepository, GitHubSettings, readGitHubCredentials } from './github-settings.ts'
import { isRepository, OperatorSettings, readOperatorSettings } from './operator-settings.ts'

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const APP = { id: 17, privateKey: { file: 'github-app.pem' }, webhookSecret: { env: 'HOOKS' } }

const envOf = (home: string, variables: Readonly<Record<string, string>> = {}): Env => ({
  home,
  certificateAuthorities: undefined,
  dockerHost: undefined,
  color: false,
  named: (name) => variables[name],
})
const homeWith = async (files: Readonly<Record<string, string>>) => {
  const home = await mkdtemp(join(tmpdir(), 'fixpoint-github-settings-'))
  onTestFinished(() => rm(home, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(home, name), text)
  return home
}

it('an app is enough: everything else has its default', () => {
  expect(GitHubSettings.parse({ app: APP })).toMatchObject({
    apiUrl: 'https://api.github.com',
    autonomy: 'draft-pr',
    unattended: ['verified', 'implicit', 'choice'],
    clone: { megabytes: 2000, minutes: 10 },
    verifiedCommits: true,
    recoverMinutes: 5,
  })
})

it.each([
  ['neither', {}, /github-app create/],
  ['both', { app: APP, token: { env: 'T' } }, /already/],
  ['a second webhook secret', { app: APP, webhookSecret: { env: 'T' } }, /app\.webhookSecret/],
  ['a token in the file itself', { token: 'ghp_0123456789' }, /token/],
  ['an address that is read on its way', { app: APP, apiUrl: 'http://ghe.acme.example/api/v3' }, /https/],
  ['the web address of an Enterprise server', { app: APP, apiUrl: 'https://ghe.acme.example' }, /api\/v3/],
  ['a pattern of more than owner and name', { app: APP, repositories: ['acme/shop/sub'] }, /owner\/name/],
])('%s is refused', (_, github, problem) => {
  const parsed = GitHubSettings.safeParse(github)
  expect(parsed.success).toBe(false)
  expect(JSON.stringify(parsed.error?.issues)).toMatch(problem)
})

it.each([
  ['https://ghe.acme.example/api/v3/', 'https://ghe.acme.example/api/v3'],
  ['https://api.acme.ghe.com', 'https://api.acme.ghe.com'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
])('%s is an address of an API', (apiUrl, expected) => {
  expect(GitHubSettings.parse({ app: APP, apiUrl }).apiUrl).toBe(expected)
})

it('the secrets of an app come from a file and from the environment', async () => {
  const env = envOf(await homeWith({ 'github-app.pem': privateKey }), { HOOKS: 'sesame' })
  expect(await readGitHubCredentials(GitHubSettings.parse({ app: APP }), env)).toEqual({
    kind: 'app',
    id: '17',
    privateKey: privateKey.trim(),
    webhookSecret: 'sesame',
  })
})

it('a key whose lines are written out is the same key', async () => {
  const env = envOf('/nowhere', { KEY: privateKey.replaceAll('\n', '\\n'), HOOKS: 'sesame' })
  const settings = GitHubSettings.parse({ app: { ...APP, privateKey: { env: 'KEY' } } })
  expect(await readGitHubCredentials(settings, env)).toMatchObject({ privateKey: expect.stringContaining('\n') })
})

it('what is no key is refused by the name of the setting, and is not repeated', async () => {
  const env = envOf(await homeWith({ 'github-app.pem': 'hunter2' }), { HOOKS: 'sesame' })
  const failed = await readGitHubCredentials(GitHubSettings.parse({ app: APP }), env).catch((error: unknown) => error)
  expect(failed).toMatchObject({ code: 'settings-invalid', message: expect.stringContaining('github.app.privateKey') })
  expect(JSON.stringify(failed)).not.toContain('hunter2')
})

it('a token needs no webhook secret', async () => {
  const env = envOf('/nowhere', { TOKEN: 'ghp_x' })
  expect(await readGitHubCredentials(GitHubSettings.parse({ token: { env: 'TOKEN' } }), env)).toEqual({
    kind: 'personal-token',
    token: 'ghp_x',
    webhookSecret: undefined,
  })
})

it.each([
  [['acme/*'], 'Acme/shop', true],
  [['acme/shop'], 'acme/shop2', false],
  [['acme/s*p'], 'acme/shop', true],
  [['acme/a.b'], 'acme/axb', false],
  [['*/docs'], 'other/docs', true],
  [undefined, 'any/thing', true],
])('%j allows %s: %s', (repositories, name, allowed) => {
  expect(allowsRepository({ repositories }, name)).toBe(allowed)
})

it('a service may lie in a repository on GitHub, once GitHub is set up and allows it', async () => {
  const services = { checkout: { repo: 'acme/shop' } }
  expect(isRepository(OperatorSettings.parse({ services }), 'acme/shop')).toBe(false)
  expect(isRepository(OperatorSettings.parse({ services, github: { app: APP, repositories: ['acme/*'] } }), 'acme/shop')).toBe(true)
  expect(isRepository(OperatorSettings.parse({ services, github: { app: APP, repositories: ['other/*'] } }), 'acme/shop')).toBe(false)
  const text = 'services:\n  checkout: { repo: acme/shop }\n'
  await expect(readOperatorSettings(envOf(await homeWith({ 'fixpoint.config.yml': text })))).rejects.toThrow(/services\.checkout\.repo/)
  const set = `${text}github:\n  token: { env: TOKEN }\n`
  expect(await readOperatorSettings(envOf(await homeWith({ 'fixpoint.config.yml': set })))).toMatchObject({ found: true })
})
