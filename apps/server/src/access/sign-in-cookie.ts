import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { cookieValue } from './cookie.ts'

/** Longer than anybody needs to sign in elsewhere. */
const SECONDS = 600
const WORD = /^([\w-]{32})\.([\w-]{43})$/

const nameOf = (secure: boolean) => (secure ? '__Host-fixpoint-sign-in' : 'fixpoint-sign-in')

/** What ties a sign-in to the browser that began it: kept in that browser alone, so that any process of the service can finish it. */
export interface BegunSignIn {
  readonly state: string
  readonly verifier: string
  /** Of the verifier, for the host. */
  readonly challenge: string
  readonly cookie: string
}

/** `Lax`: it has to come along when the host sends the browser back. */
export function beginSignIn(secure: boolean): BegunSignIn {
  const [state, verifier] = [randomBytes(24).toString('base64url'), randomBytes(32).toString('base64url')]
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  return { state, verifier, challenge, cookie: cookieOf(`${state}.${verifier}`, SECONDS, secure) }
}

/** The verifier of a sign-in that this browser began; undefined when the state is not its own. */
export function begunSignIn(cookies: string | undefined, state: string, secure: boolean): string | undefined {
  const [, own, verifier] = WORD.exec(cookieValue(cookies, nameOf(secure)) ?? '') ?? []
  if (own === undefined || own.length !== state.length) return undefined
  return timingSafeEqual(Buffer.from(own), Buffer.from(state)) ? verifier : undefined
}

export function endedSignIn(secure: boolean): string {
  return cookieOf('', 0, secure)
}

function cookieOf(value: string, seconds: number, secure: boolean): string {
  return `${nameOf(secure)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure ? '; Secure' : ''}`
}
