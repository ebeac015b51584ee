import { type Failure, HostFailure } from '@fixpoint/core'
import { ownEnvironment, SEARCH_PATH } from '../own-git.ts'
import { diskFull, hostFailure } from './host-answers.ts'
import { authorization, type GitCredential, protocolOf, withoutCredential } from './remote.ts'
import { type GitEnd, type GitRun, runGit } from './running-git.ts'

export interface NetworkOptions {
  /** The search path on which `git` is found. */
  readonly path?: string
  /** A file of the authorities that are trusted; git's own without it. */
  readonly authorities?: string
  /** Taken from nowhere else. */
  readonly proxy?: { readonly https?: string; readonly http?: string; readonly no?: string }
  readonly seconds: number
  /** For so long nothing may come before a connection counts as dead. */
  readonly idleSeconds: number
}

export interface Talk extends Pick<GitRun, 'args' | 'directory' | 'signal'>, Partial<Pick<GitRun, 'watch' | 'heard' | 'mostLines'>> {
  readonly url: string
  readonly credential: GitCredential | undefined
}

/**
 * A git that talks to a host, in a git directory of ours. It may speak HTTPS and nothing else, follows nobody elsewhere, and starts no helper. The
 * credential is in the environment of this one process (and of its own helper for HTTPS), and in what it says to the host.
 */
export async function talk(options: NetworkOptions, { url, credential, ...run }: Talk): Promise<GitEnd> {
  const settings: (readonly [string, string])[] = [
    ['http.followRedirects', 'false'],
    // Hosts move on; without it the history that both have would be sent again.
    ['push.negotiate', 'true'],
    ['http.sslVerify', 'true'],
    ['http.lowSpeedLimit', '1'],
    ['http.lowSpeedTime', String(options.idleSeconds)],
    ...(options.authorities === undefined ? [] : [['http.sslCAInfo', options.authorities] as const]),
    ...authorization(url, credential),
  ]
  const { https, http, no } = options.proxy ?? {}
  const environment = {
    ...ownEnvironment(run.directory, options.path ?? SEARCH_PATH),
    GIT_ALLOW_PROTOCOL: protocolOf(url),
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [[`GIT_CONFIG_KEY_${index}`, key] as const, [`GIT_CONFIG_VALUE_${index}`, value] as const]),
    ),
    ...(https === undefined ? {} : { https_proxy: https }),
    ...(http === undefined ? {} : { http_proxy: http }),
    ...(no === undefined ? {} : { no_proxy: no }),
  }
  const end = await runGit({ ...run, environment, seconds: options.seconds })
  return { ...end, output: withoutCredential(end.output, credential), words: withoutCredential(end.words, credential) }
}

/** What stopped a git that talked, as a failure of the world; undefined when the host had no part in it. */
export function failureOf(end: GitEnd, where: string, directory: string): Failure | undefined {
  if (end.cut === 'time') return new HostFailure('host-unreachable', `${where} took too long`, 'It is tried again; a repository this large may need more time.')
  return diskFull(end.words, directory) ?? hostFailure(end.words, where)
}
