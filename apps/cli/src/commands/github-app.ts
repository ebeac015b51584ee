import { manifestOf, registrationUrl } from '@fixpoint/code-hosts'
import type { Env } from '../env.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import { registrationCode } from '../github/registration-desk.ts'
import type { Screen } from '../present/terminal.ts'
import { addressesOf } from '../serve/app-registration.ts'
import { assertNoApp, fetchMadeApp } from '../serve/made-app.ts'
import { operatorFile, readOperatorSettings } from '../serve/operator-settings.ts'
import { interruptible } from './interruptible.ts'

interface WantedApp {
  readonly org?: string
  /** API of an Enterprise server. */
  readonly url?: string
  readonly name?: string
  /** Under which GitHub reaches the service. */
  readonly hook?: string
  readonly print?: boolean
}

/** What GitHub takes as a name of an app. */
const MOST_NAME = 34

/** Makes a GitHub app with the browser of whoever sits here, and keeps its secrets where the service looks for them. */
export async function createGitHubApp(options: WantedApp, env: Env, screen: Screen): Promise<ExitCode> {
  const { settings, file } = await readOperatorSettings(env)
  const service = addressesOf(publicAddress(options.hook ?? settings.server.publicUrl))
  if (options.org !== undefined && !/^[A-Za-z0-9][\w-]{0,38}$/.test(options.org)) throw new UsageError('--org is no organisation', 'Give its name alone.')
  const name = options.name ?? `Fixpoint ${options.org ?? new URL(service.url).hostname}`.slice(0, MOST_NAME)
  if (!/^[\w][\w .-]*$/.test(name) || name.length > MOST_NAME)
    throw new UsageError('this is no name of a GitHub app', `Give --name at most ${MOST_NAME} letters, digits, spaces and dashes.`)
  const action = (state: string) =>
    registrationUrl(state, { ...(options.url !== undefined && { baseUrl: options.url }), ...(options.org !== undefined && { organization: options.org }) })
  const manifest = (redirectUrl: string) => manifestOf({ name, url: service.url, hookUrl: service.hook, redirectUrl })
  if (options.print) {
    process.stdout.write(`${JSON.stringify({ action: action('STATE'), manifest: manifest('http://127.0.0.1/callback') }, undefined, 2)}\n`)
    return ExitCode.delivered
  }
  await assertNoApp(env)
  const listening = (address: string) => {
    screen.line(`Open this in your browser, on this machine, within ten minutes:\n\n  ${screen.colors.bold(address)}\n`)
    screen.line(screen.colors.dim(`The app will be called “${name}”; you can change that on GitHub. Ctrl-C ends this, and nothing was made.`))
  }
  const code = await interruptible(screen, (signal) => registrationCode({ action, manifest, listening, signal }), 'closing the page')
  const made = await fetchMadeApp(code, { env, apiUrl: options.url })
  screen.line(`${screen.colors.green('✔')} the app ${made.slug} is made; its secrets lie in ${env.home}, and ${operatorFile(env)} names them`)
  screen.line(`install    ${made.url}/installations/new: choose the repositories that it may work on`)
  screen.line(`webhooks   GitHub delivers to ${service.hook}`)
  if (settings.server.publicUrl === undefined) screen.line(`settings   say in ${file}: server: { publicUrl: "${service.url}" }`)
  screen.line('next       fixpoint serve (one that runs: start it again), then fixpoint github check')
  return ExitCode.delivered
}

function publicAddress(text: string | undefined): string {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined
  const isAddress = url?.protocol === 'https:' && url.username === '' && url.search === '' && url.hash === ''
  if (url !== undefined && isAddress) return url.href.replace(/\/hooks\/github\/?$/, '')
  throw new UsageError(
    text === undefined ? 'GitHub has to know under which address it reaches this service' : 'GitHub delivers to https addresses only',
    'Give --hook https://fixpoint.example.org, or set server.publicUrl in the settings.',
  )
}
