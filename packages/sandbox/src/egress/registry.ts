import { Failure } from '@fixpoint/core'

/** A package registry of the operator. Addresses end with `/`; http only where the owner says so. */
export interface Registry {
  /** Its first path segment at the front: `npm`, `pip`, `pip2`. Lower-case letters and digits. */
  readonly name: string
  readonly kind: 'npm' | 'pip'
  /** Base address: of npm's packuments, or of pip's simple index. */
  readonly url: string
  /** npm: only packages of these scopes (`@acme`) come from here. The registry without scopes is the default. */
  readonly scopes?: readonly string[]
  /** Other base addresses that its files lie on. A token never goes there. */
  readonly files?: readonly string[]
  /** The whole `Authorization` header. Stays in the egress container. */
  readonly authorization?: string
  /** The owner says that this registry may live on a private address. */
  readonly allowPrivate?: boolean
}

export interface EgressSettings {
  readonly registries: readonly Registry[]
  /** Folders on this machine that pip takes wheels from: `find-links`, or a simple index. Absolute paths. */
  readonly wheelFolders?: readonly string[]
  /** PEM text of the owner's certificate authorities, trusted besides the public ones. */
  readonly certificateAuthorities?: string
  /** Bytes that one installation may take from registries. 2 GiB unless said. */
  readonly maximumBytes?: number
}

/** The download container's own loopback: nobody else's port. */
export const FRONT_PORT = 4873
export const FRONT_URL = `http://127.0.0.1:${FRONT_PORT}`

export const frontUrl = (registry: Registry): string => `${FRONT_URL}/${registry.name}/`

/** Throws `Failure('settings-invalid')` for what could be read in two ways. */
export function assertRegistries(registries: readonly Registry[]): void {
  const names = new Set<string>()
  for (const registry of registries) {
    if (!/^[a-z][a-z0-9]{0,30}$/.test(registry.name) || names.has(registry.name)) throw invalid(`the registry name ${JSON.stringify(registry.name)}`)
    names.add(registry.name)
    for (const text of [registry.url, ...(registry.files ?? [])]) {
      const url = URL.canParse(text) ? new URL(text) : undefined
      const plain = url !== undefined && url.href === text && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '' && url.hash === ''
      if (!plain || !text.endsWith('/')) throw invalid(`the registry address ${JSON.stringify(text)}`)
    }
    if ((registry.files ?? []).length > 10) throw invalid('more than ten file hosts of one registry')
  }
}

function invalid(what: string): Failure {
  return new Failure(
    'settings-invalid',
    `cannot use ${what}`,
    'Give an http(s) address that ends with a slash and holds no user, query or fragment; keep tokens in their own setting.',
  )
}
