import { createHash, randomBytes } from 'node:crypto'
import type { ApiToken, IngestKey, NewSession, PresentedIngestKey, Retention, Session, Tokens } from '@fixpoint/core'

type Writable<T> = { -readonly [Field in keyof T]: T[Field] }

/** Keys, tokens and sessions for as long as the process lives. Signing secrets are kept as they came. */
export class InMemoryTokens implements Tokens, Retention {
  readonly #keys = new Map<string, Writable<PresentedIngestKey>>()
  readonly #tokens = new Map<string, Writable<ApiToken>>()
  readonly #links = new Map<string, NewSession>()
  readonly #sessions = new Map<string, Session>()
  readonly #now: () => Date
  #last = 0

  constructor(now: () => Date = () => new Date()) {
    this.#now = now
  }

  async ingestKey(secret: string): Promise<PresentedIngestKey | undefined> {
    const key = this.#keys.get(hash(secret))
    if (key === undefined || key.revokedAt !== undefined) return undefined
    key.lastUsedAt = this.#now()
    return { ...key }
  }

  async apiToken(secret: string): Promise<ApiToken | undefined> {
    const token = this.#tokens.get(hash(secret))
    if (token === undefined || !this.#holds(token)) return undefined
    token.lastUsedAt = this.#now()
    return { ...token }
  }

  async session(secret: string): Promise<Session | undefined> {
    const session = this.#sessions.get(hash(secret))
    return session !== undefined && session.expiresAt > this.#now() && this.#standsBehind(session.token) ? { ...session } : undefined
  }

  async issueIngestKey(key: Parameters<Tokens['issueIngestKey']>[0]): Promise<{ key: IngestKey; secret: string }> {
    const { name, source, repository, service, signingSecret } = key
    const kept: PresentedIngestKey = {
      ...{ id: this.#id('key'), name, source, repository, service, signingSecret, signed: signingSecret !== undefined },
      ...{ createdAt: this.#now(), lastUsedAt: undefined, revokedAt: undefined },
    }
    return { key: withoutSecret(kept), secret: keep(this.#keys, 'fpk', kept) }
  }

  async setSigningSecret(id: string, signingSecret: string | undefined): Promise<boolean> {
    const key = [...this.#keys.values()].find((one) => one.id === id)
    if (key === undefined) return false
    key.signingSecret = signingSecret
    key.signed = signingSecret !== undefined
    return true
  }

  async issueApiToken({ name, scopes, expiresAt }: Parameters<Tokens['issueApiToken']>[0]): Promise<{ token: ApiToken; secret: string }> {
    const token = { id: this.#id('tok'), name, scopes: [...new Set(scopes)], expiresAt, createdAt: this.#now(), lastUsedAt: undefined, revokedAt: undefined }
    return { token: { ...token }, secret: keep(this.#tokens, 'fpt', token) }
  }

  async issueLoginLink(link: NewSession): Promise<{ secret: string }> {
    return { secret: keep(this.#links, 'fpl', { ...link }) }
  }

  async redeemLoginLink(secret: string, { expiresAt }: { readonly expiresAt: Date }): Promise<{ session: Session; secret: string } | undefined> {
    const link = this.#links.get(hash(secret))
    this.#links.delete(hash(secret))
    if (link === undefined || link.expiresAt <= this.#now() || !this.#standsBehind(link.token)) return undefined
    return this.openSession({ ...link, expiresAt })
  }

  async openSession({ name, scopes, token, account, expiresAt }: NewSession): Promise<{ session: Session; secret: string }> {
    const session = { id: this.#id('ses'), name, scopes: [...new Set(scopes)], token, account, expiresAt, createdAt: this.#now() }
    return { session: { ...session }, secret: keep(this.#sessions, 'fps', session) }
  }

  async revoke(id: string): Promise<boolean> {
    for (const [hashed, session] of this.#sessions) if (session.id === id) return this.#sessions.delete(hashed)
    const kept = [...this.#keys.values(), ...this.#tokens.values()].find((one) => one.id === id)
    if (kept === undefined || kept.revokedAt !== undefined) return false
    kept.revokedAt = this.#now()
    return true
  }

  async ingestKeys(): Promise<readonly IngestKey[]> {
    return [...this.#keys.values()].reverse().map(withoutSecret)
  }

  async apiTokens(): Promise<readonly ApiToken[]> {
    return [...this.#tokens.values()].reverse().map((token) => ({ ...token }))
  }

  /** Login links and sessions that ended before. */
  async expire(before: Date): Promise<number> {
    const expired = [this.#links, this.#sessions].flatMap((map) =>
      [...map].filter(([, { expiresAt }]) => expiresAt < before && expiresAt <= this.#now()).map(([hashed]) => map.delete(hashed)),
    )
    return expired.length
  }

  #holds(token: ApiToken): boolean {
    return token.revokedAt === undefined && (token.expiresAt === undefined || token.expiresAt > this.#now())
  }

  #standsBehind(id: string | undefined): boolean {
    return id === undefined || [...this.#tokens.values()].some((token) => token.id === id && this.#holds(token))
  }

  #id(kind: string): string {
    this.#last += 1
    return `${kind}_${String(this.#last).padStart(26, '0')}`
  }
}

function keep<T>(map: Map<string, T>, kind: string, value: T): string {
  const secret = `${kind}_${randomBytes(32).toString('base64url')}`
  map.set(hash(secret), value)
  return secret
}

function withoutSecret({ signingSecret: _, ...key }: PresentedIngestKey): IngestKey {
  return key
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
