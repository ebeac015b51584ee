import type { IncomingHttpHeaders } from 'node:http'

/** Credentials, and what only the way here is about: neither is needed to read a delivery again. */
const DROPPED =
  /^(authorization|proxy-.*|cookie|set-cookie|connection|keep-alive|te|trailer|transfer-encoding|upgrade|host|forwarded|x-forwarded-.*|x-real-ip|.*(signature|token|secret|api-?key|password).*)$/
const MAXIMUM_HEADERS = 50
const MAXIMUM_LENGTH = 500

/** One text per name, as sources read them. */
export function flatHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value
  return flat
}

/** What is stored beside a body. */
export function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !DROPPED.test(name) && name !== '__proto__')
      .slice(0, MAXIMUM_HEADERS)
      .map(([name, value]) => [name, value.slice(0, MAXIMUM_LENGTH)]),
  )
}
