import { Failure, HostFailure, inert } from '@fixpoint/core'

interface Meaning {
  readonly says: RegExp
  readonly code: HostFailure['code']
  readonly message: (where: string) => string
  readonly hint: string
}

/** What git says when it is the host that said no or nothing. The first that fits. */
const MEANINGS: readonly Meaning[] = [
  {
    says: /returned error: 429|rate limit/i,
    code: 'host-rate-limited',
    message: (where) => `${where} wants fewer requests`,
    hint: 'Wait; it is tried again.',
  },
  {
    says: /repository .* not found|returned error: (?:404|410)/i,
    code: 'host-gone',
    message: (where) => `there is no ${where}, or it is not ours to see`,
    hint: 'Check the name, and that the app is installed there.',
  },
  {
    says: /from redirection|returned error: 30\d/,
    code: 'host-gone',
    message: (where) => `${where} has moved`,
    hint: 'Use the name that it has now.',
  },
  {
    says: /authentication failed|could not read (?:username|password)|returned error: (?:401|403)|permission to .* denied/i,
    code: 'host-refused',
    message: (where) => `${where} refused the credential`,
    hint: 'Check the permissions of the app or token: fixpoint doctor.',
  },
  {
    says: /certificate|SSL|TLS/,
    code: 'host-unreachable',
    message: (where) => `the certificate of ${where} is not trusted`,
    hint: 'Give the authority of your company in FIXPOINT_CA.',
  },
  {
    says: /unable to access|could not resolve|failed to connect|couldn't connect|RPC failed|early EOF|hung up|unexpected disconnect|too slow|timed out|expected flush|protocol error|bad line length|not valid: is this a git repository|returned error: \d/i,
    code: 'host-unreachable',
    message: (where) => `${where} does not answer as it should`,
    hint: 'Check the connection; it is tried again.',
  },
]

/** What the words of a git that failed mean, where it is the host's doing; undefined when it is ours, or the cache is damaged. */
export function hostFailure(words: string, where: string): HostFailure | undefined {
  const meaning = MEANINGS.find(({ says }) => says.test(words))
  return meaning && new HostFailure(meaning.code, `${meaning.message(where)}${quoted(words)}`, meaning.hint)
}

export function diskFull(words: string, folder: string): Failure | undefined {
  return /No space left on device|Disk quota exceeded/.test(words)
    ? new Failure('disk-full', `no space left for ${folder}`, 'Free some space and run the same command again.')
    : undefined
}

/** The host's own words and git's last one, made harmless. */
export function quoted(words: string): string {
  const lines = words.split(/[\r\n]+/).map((line) => line.trim())
  const theirs = lines.filter((line) => line.startsWith('remote: ') && !/^remote: (?:Enumerating|Counting|Compressing|Total|Resolving)/.test(line))
  const last = lines.filter((line) => /^(?:fatal|error): /.test(line)).slice(0, 1)
  const text = [...theirs.map((line) => line.slice('remote: '.length)), ...last].filter((line) => line !== '').join(' ')
  return text === '' ? '' : `: ${inert(text, 400)}`
}
