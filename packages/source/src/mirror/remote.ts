import { IllegalEvent, RepositoryName } from '@fixpoint/core'

/** What git over HTTPS is given: never in an address, an argument or a file. */
export interface GitCredential {
  readonly username: string
  readonly password: string
}

/** A repository on a code host. */
export interface Remote {
  /** `https://host/owner/name.git`; `http` only on this machine. */
  readonly url: string
  /** The address that its copy on our disk is called by, where it has another one now. */
  readonly keptAs?: string
  /** For fetching; asked again each time. */
  readonly credential: () => Promise<GitCredential | undefined>
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** `host/owner/name.git` as a place on the disk; hosts do not tell upper from lower case in names. Refuses every other kind of address. */
export function placeOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const name = /^\/(.+)\.git$/.exec(url?.pathname ?? '')?.[1]
  const plain = url !== undefined && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname))
  if (!plain || !safe || url.href !== address || name === undefined || !RepositoryName.safeParse(name).success) {
    throw new IllegalEvent('a repository is fetched from https://<host>/<owner>/<name>.git')
  }
  return `${url.host.replaceAll(/[^a-z0-9.-]/g, '_')}/${name.toLowerCase()}.git`
}

/** Which protocols git may speak: one. */
export function protocolOf(address: string): 'https' | 'http' {
  return new URL(address).protocol === 'http:' ? 'http' : 'https'
}

/** The header that says who we are, for this address alone. */
export function authorization(address: string, credential: GitCredential | undefined): readonly (readonly [string, string])[] {
  if (credential === undefined) return []
  const token = Buffer.from(`${credential.username}:${credential.password}`).toString('base64')
  return [[`http.${new URL(address).origin}/.extraHeader`, `Authorization: Basic ${token}`]]
}

/** Without whatever could open the door, should somebody have repeated it. */
export function withoutCredential(text: string, credential: GitCredential | undefined): string {
  if (credential === undefined) return text
  const { username, password } = credential
  return [password, encodeURIComponent(password), Buffer.from(`${username}:${password}`).toString('base64')].reduce(
    (clean, secret) => (secret === '' ? clean : clean.replaceAll(secret, '…')),
    text,
  )
}
