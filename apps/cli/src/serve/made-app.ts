import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { convertManifest } from '@fixpoint/code-hosts'
import { codeOf, Failure } from '@fixpoint/core'
import { parseDocument } from 'yaml'
import type { Env } from '../env.ts'
import { outwardFetch } from '../outward-fetch.ts'
import { authorities } from '../registries.ts'
import { GitHubSettings } from './github-settings.ts'
import { operatorFile } from './operator-settings.ts'

/** What GitHub tells once of an app that it made. */
export interface MadeAppSecrets {
  readonly id: number
  readonly pem: string
  readonly webhookSecret: string
  /** With which people sign in. */
  readonly client: { readonly id: string; readonly secret: string }
}

/** Where the app goes. `apiUrl`: of an Enterprise server. */
export interface AppHome {
  readonly env: Env
  readonly apiUrl?: string | undefined
}

const KEY_FILE = 'github-app.pem'
const WEBHOOK_FILE = 'github-app.webhook-secret'
const CLIENT_FILE = 'github-app.client-secret'

/**
 * The app that GitHub made of our manifest, kept. Whether it can be is looked at first: GitHub tells the secrets for one code once.
 * Throws `Failure('settings-invalid')`, and `HostFailure` when GitHub does not take the code.
 */
export async function fetchMadeApp(code: string, { env, apiUrl }: AppHome): Promise<{ readonly slug: string; readonly url: string }> {
  await assertNoApp(env)
  const fetch = outwardFetch(env, await authorities(env))
  const {
    id,
    slug,
    pem,
    webhook_secret,
    client_id,
    client_secret,
    html_url: url,
  } = await convertManifest(code, {
    ...(apiUrl !== undefined && { baseUrl: apiUrl }),
    ...(fetch && { fetch }),
  })
  if (!webhook_secret) throw new Failure('settings-invalid', 'GitHub made an app without a webhook secret', `Delete it at ${url} and begin again.`)
  await keepMadeApp({ id, pem, webhookSecret: webhook_secret, client: { id: client_id, secret: client_secret } }, operatorFile(env), env, apiUrl)
  return { slug, url }
}

/** Throws `Failure('settings-invalid')` when a new app could not be kept, because there is one. */
export async function assertNoApp(env: Env): Promise<void> {
  await settingsWithoutApp(operatorFile(env))
  for (const file of [KEY_FILE, WEBHOOK_FILE, CLIENT_FILE].map((name) => join(env.home, name))) {
    if ((await stat(file).catch(() => undefined)) !== undefined) throw keptAlready(file)
  }
}

/**
 * Writes the secrets of a new app below FIXPOINT_HOME, for its owner alone, and names them in the operator's settings, whose comments stay.
 * Those of an app that is there already are never written over: throws `Failure('settings-invalid')`.
 */
export async function keepMadeApp({ id, pem, webhookSecret, client }: MadeAppSecrets, settingsFile: string, env: Env, apiUrl?: string): Promise<void> {
  const document = await settingsWithoutApp(settingsFile)
  const app = { id, privateKey: { file: KEY_FILE }, webhookSecret: { file: WEBHOOK_FILE } }
  const signIn = { clientId: client.id, clientSecret: { file: CLIENT_FILE }, view: [], decide: [], admin: [] }
  const address = apiUrl === undefined ? {} : { apiUrl: GitHubSettings.shape.apiUrl.parse(apiUrl) }
  document.set('github', document.createNode({ ...address, app, signIn }))
  await mkdir(env.home, { recursive: true, mode: 0o700 })
  await keepSecret(join(env.home, KEY_FILE), pem)
  await keepSecret(join(env.home, WEBHOOK_FILE), webhookSecret)
  await keepSecret(join(env.home, CLIENT_FILE), client.secret)
  await mkdir(dirname(settingsFile), { recursive: true })
  const next = `${settingsFile}.${process.pid}`
  await writeFile(next, document.toString(), { mode: 0o600 })
  await rename(next, settingsFile)
}

async function settingsWithoutApp(settingsFile: string) {
  const document = parseDocument(await textOf(settingsFile))
  if (document.errors.length > 0)
    throw new Failure('settings-invalid', `${settingsFile} is no YAML`, 'Mend it: fixpoint config validate says where it is wrong.')
  if (document.has('github'))
    throw new Failure(
      'settings-invalid',
      `${settingsFile} has github already`,
      'Take that part out of the settings first; its app stays on GitHub until you delete it there.',
    )
  return document
}

async function keepSecret(file: string, secret: string): Promise<void> {
  try {
    const handle = await open(file, 'wx', 0o600)
    try {
      await handle.writeFile(`${secret.trim()}\n`)
      await handle.sync()
    } catch (error) {
      await rm(file, { force: true })
      throw error
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    throw keptAlready(file, error)
  }
}

function keptAlready(file: string, cause?: unknown): Failure {
  return new Failure('settings-invalid', `${file} is there already`, 'It is the secret of another app: move it away, or delete it.', { cause })
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return ''
    throw error
  })
}
