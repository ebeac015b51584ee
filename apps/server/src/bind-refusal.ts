import { Failure } from '@fixpoint/core'

/** Whether an address or name is this machine to itself only. `0.0.0.0` and `::` are everybody. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return bare === 'localhost' || bare === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(bare)
}

/** Why the server may not listen on `host`, or undefined when it may. `tokens`: API tokens that are valid now. */
export function bindRefusal(host: string, situation: { readonly behindTlsProxy: boolean; readonly tokens: number }): Failure | undefined {
  if (isLoopback(host)) return undefined
  if (!situation.behindTlsProxy)
    return new Failure(
      'settings-invalid',
      `refusing to listen on ${host}: tokens and reports would cross the network in clear`,
      'Put a proxy that speaks TLS in front and say so in the settings (server.behindTlsProxy: true), or listen on 127.0.0.1.',
    )
  if (situation.tokens === 0)
    return new Failure(
      'settings-invalid',
      `refusing to listen on ${host}: no API token exists yet`,
      'Issue a token first: fixpoint tokens create <name> --scope read,decide,admin',
    )
  return undefined
}
