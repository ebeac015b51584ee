import { HostFailure } from '@fixpoint/core'
import { z } from 'zod'

/** What octokit throws, as far as we look: it carries the headers and the body of the request, which nobody else is to see. */
const Refused = z.object({
  status: z.number(),
  message: z.string(),
  request: z.object({ method: z.string(), url: z.string() }).optional(),
  response: z.object({ headers: z.record(z.string(), z.unknown()), data: z.unknown() }).optional(),
})
type Refused = z.infer<typeof Refused>

const Told = z.object({ message: z.string(), errors: z.array(z.unknown()).optional() })

/** How long to stay away after a limit for which the host named no time: its own advice. */
const NO_TIME_TOLD_MS = 60_000
const COMES_BACK = 'Check the network and the status page of the code host; it is tried again by itself.'
const UNTRUSTED = 'Give the authority of your company in FIXPOINT_CA.'
const SECONDARY = /secondary rate limit|abuse detection|API rate limit exceeded/i

/** What a host answered with a status that is no success; those who know what it is about may know better what it means. */
export class HostRefusal extends HostFailure {
  readonly status: number
  /** The host's own words, to be looked at and not to be shown. */
  readonly said: string
  constructor(code: HostFailure['code'], message: string, hint: string, { status, said }: { readonly status: number; readonly said: string }) {
    super(code, message, hint)
    this.status = status
    this.said = said
  }
}

/** A failure in our words. `scrub` takes credentials out of what the host, or a proxy before it, says. */
export function hostFailure(error: unknown, scrub: (text: string) => string): HostFailure {
  if (error instanceof HostFailure) return error
  const { data: refused } = Refused.safeParse(error)
  if (refused === undefined || refused.response === undefined) return unreachable(scrub(`${placeOf(refused)}: ${messageOf(error)}`))
  const words = scrub(`${placeOf(refused)}: ${refused.status} ${wordsOf(refused)}`)
  const againInMs = againIn(refused)
  if (againInMs !== undefined) {
    return new HostFailure('host-rate-limited', words, `It may be asked again in ${Math.ceil(againInMs / 1000)} s; nothing has to be done.`, { againInMs })
  }
  return refusal(refused, words, scrub)
}

/** The host answered, and not in its own protocol: a proxy's page, a reply of another version. */
export function notItsProtocol(what: string): HostFailure {
  return unreachable(`the code host answers what is not its protocol: ${what}`)
}

/** `group`: an organisation, or a team of it. */
export function membersUntold(group: string): HostFailure {
  return new HostFailure(
    'host-refused',
    `the code host does not tell who belongs to ${group}`,
    'Grant the app “Members: read” under its organisation permissions, and have the organisation accept it; or name people by login.',
  )
}

function refusal(refused: Refused, words: string, scrub: (text: string) => string): HostFailure {
  const { code, what, hint } = meaningOf(refused)
  return new HostRefusal(code, what === undefined ? words : `${what} (${words})`, hint, { status: refused.status, said: scrub(wordsOf(refused)) })
}

interface Meaning {
  readonly code: HostFailure['code']
  /** In plain words; what the host said itself follows. */
  readonly what?: string
  readonly hint: string
}

function meaningOf(refused: Refused): Meaning {
  const { status } = refused
  const said = wordsOf(refused)
  if (status === 401)
    return {
      code: 'host-refused',
      what: 'the code host does not take our credential',
      hint: 'Check the app id and private key (or the personal token), and the clock: fixpoint doctor.',
    }
  if (status === 403 && /archived/i.test(said))
    return { code: 'host-refused', what: 'the repository is archived', hint: 'Nothing can be written to it as long as it is archived: unarchive it.' }
  if (status === 403 && /suspended/i.test(said))
    return { code: 'host-refused', what: 'the installation of the app is suspended', hint: 'Unsuspend it in the settings of the account.' }
  if (/protected (?:branch|ref)|repository rule|must be made through a pull request/i.test(said))
    return {
      code: 'host-refused',
      what: 'a rule for branches of the repository forbids it',
      hint: 'Allow the app to push branches below fixpoint/ in the rules for branches of the repository.',
    }
  if (status === 403) return { code: 'host-refused', what: 'the app, or the token, may not do this', hint: missingPermission(refused) }
  if (status === 404 || status === 410 || status === 451)
    return {
      code: 'host-gone',
      what: 'it is not there, or not ours to see',
      hint: 'Check that the repository is still there and that the app is installed on it.',
    }
  if (status === 422 || status === 400) return { code: 'host-refused', hint: 'The code host does not accept this; what it says is above.' }
  return { code: 'host-unreachable', hint: COMES_BACK }
}

function missingPermission({ response }: Refused): string {
  const accepted = response?.headers['x-accepted-github-permissions']
  const needed = typeof accepted === 'string' && accepted !== '' ? accepted.replaceAll('=', ':').replaceAll(';', ' or ') : undefined
  return needed === undefined
    ? 'Look whether the app is still installed there; fixpoint doctor compares what is granted with what is needed.'
    : `The permission ${needed} is missing: grant it to the app, and accept it in the installation.`
}

function againIn({ status, response, message }: Refused): number | undefined {
  if (status !== 403 && status !== 429) return undefined
  const headers = response?.headers ?? {}
  const after = Number(headers['retry-after'])
  if (headers['retry-after'] !== undefined && Number.isFinite(after)) return after * 1000
  // By the host's own clock, which is the one that counts.
  const now = Date.parse(String(headers.date)) || Date.now()
  if (headers['x-ratelimit-remaining'] === '0') return Math.max(0, Number(headers['x-ratelimit-reset']) * 1000 - now) + 1000
  return status === 429 || SECONDARY.test(message) ? NO_TIME_TOLD_MS : undefined
}

function unreachable(words: string): HostFailure {
  return new HostFailure('host-unreachable', words, /certificate/i.test(words) ? UNTRUSTED : COMES_BACK)
}

function wordsOf({ response, message }: Refused): string {
  const { data: told } = Told.safeParse(response?.data)
  if (told === undefined) return oneLine(message)
  const errors = (told.errors ?? []).map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))
  return oneLine([told.message, ...errors].join('; '))
}

function placeOf(refused: Refused | undefined): string {
  if (refused?.request === undefined) return 'the code host'
  const { host, pathname } = new URL(refused.request.url, 'https://code-host.invalid')
  return `${refused.request.method} ${host}${pathname}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? oneLine(error.name === 'TimeoutError' ? 'no answer in time' : error.message) : 'failed'
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').slice(0, 500)
}
