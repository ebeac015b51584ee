const SECRET_NAME = /secret|token|passw|credential|cookie|private|api.?key|signing|dsn|_url$|Url$/i
/** `postgres://user:password@host/…` */
const CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi

/** Settings as they may be shown: what its name calls a secret is only said to be set, and addresses lose their user and password. */
export function withoutSecrets(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, SECRET_NAME.test(name) ? masked(value) : shown(value)]))
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(CREDENTIALS, '$1…@')
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value === 'object' && value !== null) return withoutSecrets(value as Record<string, unknown>)
  return value
}

/** Numbers and switches are no secrets: `tokens: 5000` is a budget. */
function masked(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean' || value === undefined || value === null) return value
  return '(set)'
}
