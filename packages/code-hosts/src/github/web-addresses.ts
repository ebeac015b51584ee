import { Failure, type RepositoryName } from '@fixpoint/core'

const GITHUB_API = 'https://api.github.com'

/** Where a GitHub is: its API, its pages and its git, from the one address that people are asked for. */
export interface WebAddresses {
  readonly api: string
  readonly web: string
}

/** `https://api.github.com`, `https://ghe.example/api/v3`, `https://api.acme.ghe.com`; unencrypted only on this machine. */
export function webAddresses(baseUrl = GITHUB_API): WebAddresses {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  const isHere = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && isHere)) || url.username !== '' || url.search !== '') {
    throw new Failure('settings-invalid', 'the address of GitHub is not one', 'Give https://api.github.com, or of GitHub Enterprise https://<host>/api/v3.')
  }
  return { api: url.href.replace(/\/+$/, ''), web: `${url.protocol}//${url.host.replace(/^api\./, '')}` }
}

export function gitUrl({ web }: WebAddresses, name: RepositoryName): string {
  return `${web}/${name}.git`
}
