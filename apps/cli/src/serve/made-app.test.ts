import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { Env } from '../env.ts'
import { readGitHubCredentials } from './github-settings.ts'
import { keepMadeApp } from './made-app.ts'
import { readOperatorSettings } from './operator-settings.ts'

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const MADE = { id: 7, pem: privateKey, webhookSecret: 'open sesame', client: { id: 'Iv1', secret: 'sesame too' } }

async function newHome(): Promise<{ env: Env; file: string }> {
  const home = await mkdtemp(join(tmpdir(), 'fixpoint-made-app-'))
  onTestFinished(() => rm(home, { recursive: true }))
  return { env: { home, certificateAuthorities: undefined, dockerHost: undefined, color: false }, file: join(home, 'fixpoint.config.yml') }
}

it('a new app is what the settings name from then on, and its secrets are for their owner alone', async () => {
  const { env, file } = await newHome()
  await writeFile(file, '# ours\nautonomy: observe # for now\n')
  await keepMadeApp(MADE, file, env, 'https://ghe.acme.example/api/v3')
  const text = await readFile(file, 'utf8')
  expect(text).toMatch(/^# ours\nautonomy: observe # for now\ngithub:\n/)
  expect(text).not.toMatch(/sesame|PRIVATE/)
  const { github } = (await readOperatorSettings(env)).settings
  if (github === undefined) throw new Error('the settings have no github')
  expect(github.apiUrl).toBe('https://ghe.acme.example/api/v3')
  expect(await readGitHubCredentials(github, env)).toMatchObject({ kind: 'app', webhookSecret: 'open sesame' })
  for (const name of ['github-app.pem', 'github-app.webhook-secret', 'github-app.client-secret'])
    expect((await stat(join(env.home, name))).mode & 0o777).toBe(0o600)
})

it('it works without any settings, and a second app writes over nothing', async () => {
  const { env, file } = await newHome()
  await keepMadeApp(MADE, file, env)
  const before = await readFile(file, 'utf8')
  await expect(keepMadeApp({ ...MADE, id: 8, webhookSecret: 'other' }, file, env)).rejects.toMatchObject({ code: 'settings-invalid' })
  await rm(file)
  await expect(keepMadeApp({ ...MADE, id: 8, webhookSecret: 'other' }, file, env)).rejects.toThrow(/github-app\.pem is there already/)
  expect(before).toContain('id: 7')
  expect(await readFile(join(env.home, 'github-app.webhook-secret'), 'utf8')).toBe('open sesame\n')
})
