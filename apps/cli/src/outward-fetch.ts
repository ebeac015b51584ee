import { rootCertificates } from 'node:tls'
import type { GitHubOptions } from '@fixpoint/code-hosts'
import { EnvHttpProxyAgent, fetch } from 'undici'
import type { Env } from './env.ts'

type Fetch = NonNullable<GitHubOptions['fetch']>

/**
 * Requests to a code host as a company's network lets them out: through its proxy, and trusting its certificate authority besides the public ones.
 * Undefined where neither is said: then Node's own `fetch` does. Node 20 knows no proxy, and takes authorities at its start alone.
 */
export function outwardFetch({ proxy }: Pick<Env, 'proxy'>, certificateAuthorities: string | undefined): Fetch | undefined {
  if (proxy === undefined && certificateAuthorities === undefined) return undefined
  const tls = certificateAuthorities === undefined ? {} : { ca: [...rootCertificates, certificateAuthorities] }
  const dispatcher = new EnvHttpProxyAgent({
    // Whatever is not said here it would look for in the environment itself.
    ...{ httpsProxy: proxy?.https ?? '', httpProxy: proxy?.http ?? '', noProxy: proxy?.no ?? '' },
    ...{ connect: tls, requestTls: tls, proxyTls: tls },
  })
  return (url, init) => fetch(url, { ...init, dispatcher } as Parameters<typeof fetch>[1]) as unknown as Promise<Response>
}
