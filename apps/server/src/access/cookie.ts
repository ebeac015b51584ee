/** The value of one cookie; undefined when it is missing or there twice (somebody else's page may have set one of them). */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  const found = (header ?? '').split(';').flatMap((part) => {
    const equals = part.indexOf('=')
    return equals !== -1 && part.slice(0, equals).trim() === name ? [part.slice(equals + 1).trim()] : []
  })
  return found.length === 1 ? found[0] : undefined
}

/** `__Host-` binds the cookie to this very host; browsers take it over TLS only. */
export function sessionCookieName(secure: boolean): string {
  return secure ? '__Host-fixpoint-session' : 'fixpoint-session'
}

export function sessionCookie(secret: string, seconds: number, secure: boolean): string {
  return `${sessionCookieName(secure)}=${secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure ? '; Secure' : ''}`
}
