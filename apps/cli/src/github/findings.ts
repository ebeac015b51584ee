import { type AppPermissions, GitHubApp, type MissingPermission, missingLabels, type Pace, permissionsOf, recentDeliveries } from '@fixpoint/code-hosts'
import { Failure, HostFailure } from '@fixpoint/core'
import { effectiveSettings } from '../effective-settings.ts'
import type { Env } from '../env.ts'
import { ExitCode } from '../exit-codes.ts'
import type { Finding } from '../present/findings.ts'
import { allowsRepository, type GitHubCredentials, type GitHubSettings, readGitHubCredentials } from '../serve/github-settings.ts'
import type { OperatorSettings } from '../serve/operator-settings.ts'
import { revealSecret } from '../serve/secrets.ts'

/** GitHub takes no token of an app that is from the future, or older than ten minutes. */
const MOST_SKEW_SECONDS = 60
const SHOWN = 3

/** Repositories whose labels are looked at: whoever asks waits. */
const REPOSITORIES = 300

/** What the operator says of GitHub. */
type OperatorGitHub = Pick<OperatorSettings, 'defaults'> & { readonly github: GitHubSettings }

/** Whether the service can work with GitHub as the settings say: each line, and what to do where it does not hold. */
export async function githubFindings(operator: OperatorGitHub, env: Env, pace: Partial<Pace> = {}): Promise<readonly Finding[]> {
  const { github } = operator
  let credentials: GitHubCredentials
  try {
    credentials = await readGitHubCredentials(github, env)
  } catch (error) {
    return [failed('github-keys', error)]
  }
  const keys = { name: 'github-keys', ok: true, detail: credentials.kind === 'app' ? `those of app ${credentials.id}` : 'a personal token' }
  const clock = new HostClock()
  const app = new GitHubApp({ credentials, baseUrl: github.apiUrl, pace, fetch: clock.fetch })
  const findings: Finding[] = [keys]
  try {
    const { login } = await app.whoAmI()
    findings.push({ name: 'github-host', ok: true, detail: `${app.addresses.api} knows us as ${login}` }, ...clock.findings())
    const granted = await permissionsOf(app)
    findings.push(...(await signInFindings(github, env)))
    if (granted === undefined) return [...findings, webhookSecretOf(credentials)]
    return [...findings, ...permissionFindings(granted), ...installationFindings(granted), await deliveryFinding(app), await labelFinding(app, operator)]
  } catch (error) {
    return [...findings, failed('github-host', error), ...clock.findings().filter(({ ok }) => !ok)]
  }
}

/** Whether people can sign in by GitHub. What its callback URL is set to, GitHub does not say. */
async function signInFindings({ signIn }: GitHubSettings, env: Env): Promise<readonly Finding[]> {
  if (signIn === undefined) return []
  const name = 'github-sign-in'
  try {
    await revealSecret('github.signIn.clientSecret', signIn.clientSecret, env)
  } catch (error) {
    return [{ ...failed(name, error) }]
  }
  const listed = [...signIn.view, ...signIn.decide, ...signIn.admin]
  if (listed.length === 0) return [{ name, ok: true, detail: 'nobody is listed under github.signIn, so nobody is offered it' }]
  const teams = listed.some((each) => each.includes('/')) ? '; for teams the app needs “Members: read”' : ''
  return [{ name, ok: true, detail: `${listed.length} listed; the app’s Callback URL has to be <address of the service>/login/github/callback${teams}` }]
}

/** Notes what time GitHub says it is. */
class HostClock {
  #skewSeconds: number | undefined

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await fetch(input, init)
    const told = Date.parse(response.headers.get('date') ?? '')
    if (!Number.isNaN(told)) this.#skewSeconds = Math.round((Date.now() - told) / 1000)
    return response
  }

  findings(): readonly Finding[] {
    if (this.#skewSeconds === undefined) return []
    const off = Math.abs(this.#skewSeconds)
    const ok = off <= MOST_SKEW_SECONDS
    const detail = ok ? 'as GitHub’s' : `${off} s ${this.#skewSeconds > 0 ? 'ahead of' : 'behind'} GitHub’s`
    return [{ name: 'github-clock', ok, detail, remedy: 'Have the clock of this machine set by NTP: timedatectl set-ntp true' }]
  }
}

function webhookSecretOf({ webhookSecret }: GitHubCredentials): Finding {
  const ok = webhookSecret !== undefined
  const detail = ok ? 'a webhook secret; what the token may, GitHub does not say' : 'no webhook secret: nothing that GitHub delivers is believed'
  return { name: 'github-webhook', ok, detail, remedy: 'Set github.webhookSecret to what the webhook of the repository signs with.', exit: ExitCode.settings }
}

function permissionFindings({ slug, missing, needless, missingEvents, url }: AppPermissions): readonly Finding[] {
  const where = `${url} → App settings → Permissions & events`
  const lacking = missing.map((each) => ({
    ...{ name: 'github-permissions', ok: false, detail: `${slug} asks for ${wordsOf(each)}` },
    remedy: `Set ${each.name.replaceAll('_', ' ')} to ${each.needed} (${where}), then accept it in each installation.`,
  }))
  const unheard = missingEvents.map((event) => ({
    ...{ name: 'github-events', ok: false, detail: `${slug} is not told of ${event}` },
    remedy: `Subscribe to ${event.replaceAll('_', ' ')} (${where}).`,
  }))
  const more = needless.length === 0 ? '' : `; granted and not needed: ${needless.join(', ')}`
  return [
    ...(lacking.length > 0 ? lacking : [{ name: 'github-permissions', ok: true, detail: `${slug} has what it needs${more}` }]),
    ...(unheard.length > 0 ? unheard : [{ name: 'github-events', ok: true, detail: 'all that are needed' }]),
  ]
}

function installationFindings({ installations, url }: AppPermissions): readonly Finding[] {
  const name = 'github-installed'
  if (installations.length === 0) return [{ name, ok: false, detail: 'nowhere', remedy: `Choose repositories: ${url}/installations/new` }]
  return installations.map(({ account, missing, suspended, url: settings }) => {
    if (suspended) return { name, ok: false, detail: `${account}: suspended`, remedy: `Unsuspend it: ${settings}` }
    if (missing.length === 0) return { name, ok: true, detail: account }
    return { name, ok: false, detail: `${account} grants ${missing.map(wordsOf).join('; ')}`, remedy: `Its owner accepts what is asked for: ${settings}` }
  })
}

function wordsOf({ name, needed, granted }: MissingPermission): string {
  return `${name}: ${granted ?? 'nothing'}, where ${needed} is needed`
}

async function deliveryFinding(app: GitHubApp): Promise<Finding> {
  const name = 'github-deliver'
  const recent = await recentDeliveries(app)
  if (recent === undefined) return { name, ok: true, detail: 'not known' }
  const { hookUrl, looked, failing } = recent
  const to = hookUrl === undefined ? '' : ` to ${hookUrl}`
  if (failing.length === 0) return { name, ok: true, detail: looked === 0 ? `none yet${to}` : `the last ${looked} were taken${to}` }
  const last = failing.slice(0, SHOWN).map(({ event, at, status }) => `${event} ${at} (${status || 'no answer'})`)
  return { name, ok: false, detail: `${failing.length} of the last ${looked} failed${to}: ${last.join(', ')}`, remedy: deliveryRemedy(failing[0]?.status ?? 0) }
}

function deliveryRemedy(status: number): string {
  if (status === 401 || status === 403) return 'The signature did not fit: the webhook secret of the app and the one in the settings differ.'
  if (status === 404) return 'Something else answers there, or the service runs without github: correct the webhook address of the app, and the proxy.'
  return 'GitHub did not reach the service: look whether it runs, and at the proxy, the certificate and the name. What was missed is fetched when it runs.'
}

/** Nothing is broken without them: a comment asks for a run as well. What a repository’s own file says instead is not asked of each. */
async function labelFinding(app: GitHubApp, { github, defaults }: OperatorGitHub): Promise<Finding> {
  const name = 'github-label'
  const { labels } = effectiveSettings([{ from: 'operator', said: defaults }]).settings
  if (labels.length === 0) return { name, ok: true, detail: 'no label asks for a run (defaults.labels); a comment does: /fixpoint run' }
  const { looked, more, without } = await missingLabels(app, { labels, isOurs: (each) => allowsRepository(github, each), atMost: REPOSITORIES })
  const shown = without.slice(0, SHOWN).map((each) => (labels.length === 1 ? each.repository : `${each.repository} (${each.labels.join(', ')})`))
  const named = `${shown.join(', ')}${without.length > SHOWN ? ` and ${without.length - SHOWN} more` : ''}`
  const where = without.length === 0 ? `in ${looked} repositories` : `in ${looked - without.length} of ${looked} repositories, not in ${named}`
  const unseen = more ? '; there are more repositories, which were not looked at' : ''
  const hint = 'The service makes it when it first hears of a repository; where it may not, make it by hand or say /fixpoint run'
  return { name, ok: true, detail: `${labels.join(', ')}: ${where}${unseen}${without.length === 0 ? '' : `. ${hint}`}` }
}

/** A refusal of the credentials is one to sign in again for. */
function failed(name: string, error: unknown): Finding {
  if (!(error instanceof Failure)) throw error
  const isRefused = error instanceof HostFailure && error.code === 'host-refused'
  const exit = error.code === 'settings-invalid' ? ExitCode.settings : isRefused ? ExitCode.signIn : ExitCode.environment
  return { name, ok: false, detail: error.message, remedy: error.hint, exit }
}
