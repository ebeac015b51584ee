import type { ApiToken, IngestKey, Scope, Session } from '@fixpoint/core'

export const TOKEN_COLUMNS =
  'tokens.id, tokens.name, tokens.scopes, tokens.token, tokens.account, tokens.source, tokens.repository, tokens.service, tokens.signing_secret, tokens.created_at, tokens.expires_at, tokens.last_used_at, tokens.revoked_at'

export interface TokenRow {
  readonly id: string
  readonly name: string
  readonly scopes: Scope[]
  readonly token: string | null
  readonly account: string | null
  readonly source: string | null
  readonly repository: string | null
  readonly service: string | null
  readonly signing_secret: Buffer | null
  readonly created_at: Date
  readonly expires_at: Date | null
  readonly last_used_at: Date | null
  readonly revoked_at: Date | null
}

export function keyOf(row: TokenRow): IngestKey {
  const { id, source, repository, service } = row
  return {
    ...{ id, name: row.name, source: source ?? '', repository: repository ?? undefined, service: service ?? undefined, signed: row.signing_secret !== null },
    ...{ createdAt: row.created_at, lastUsedAt: row.last_used_at ?? undefined, revokedAt: row.revoked_at ?? undefined },
  }
}

export function tokenOf(row: TokenRow): ApiToken {
  const { id, scopes } = row
  return {
    ...{ id, name: row.name, scopes, createdAt: row.created_at, expiresAt: row.expires_at ?? undefined },
    ...{ lastUsedAt: row.last_used_at ?? undefined, revokedAt: row.revoked_at ?? undefined },
  }
}

export function sessionOf({ id, name, scopes, token, account, created_at, expires_at }: TokenRow): Session {
  if (expires_at === null) throw new Error('a session without an end')
  return { id, name, scopes, token: token ?? undefined, account: account ?? undefined, createdAt: created_at, expiresAt: expires_at }
}
