import { createHash, randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ApiToken, IngestKey, NewSession, PresentedIngestKey, Retention, Scope, Session, Tokens } from '@fixpoint/core'
import type { Queries } from './database.ts'
import { inBatches } from './in-batches.ts'
import type { Seal } from './sealed.ts'
import { SortableIds } from './sortable-ids.ts'
import { storable, storableName } from './storable-text.ts'

/** `fp`, what it opens, and 256 random bits: so that a scanner of secrets knows one when it sees it. */
const SECRET = /^fp[ktls]_[A-Za-z0-9_-]{43}$/

/** Keys, tokens, login links and sessions: of their secrets, the SHA-256. */
export class PostgresTokens implements Tokens, Retention {
  readonly #database: Queries
  readonly #seal: Seal
  readonly #ids = new SortableIds()
  /** Lookups that were not sent yet, by hash: a burst under one key asks once. What was sent is not joined: a key may have been revoked since. */
  readonly #looking = new Map<string, Promise<TokenRow | undefined>>()

  constructor(database: Queries, seal: Seal) {
    this.#database = database
    this.#seal = seal
  }

  async ingestKey(secret: string): Promise<PresentedIngestKey | undefined> {
    const row = await this.#look('ingest', 'k', secret)
    if (row === undefined) return undefined
    const { signing_secret: sealed } = row
    return { ...keyOf(row), signingSecret: sealed === null ? undefined : JSON.parse(this.#seal.open(sealed, purposeOf(row.id)).toString()) }
  }

  async apiToken(secret: string): Promise<ApiToken | undefined> {
    const row = await this.#look('api', 't', secret)
    return row === undefined ? undefined : tokenOf(row)
  }

  async session(secret: string): Promise<Session | undefined> {
    const hash = hashOf('s', secret)
    if (hash === undefined) return undefined
    const { rows } = await this.#database.query<TokenRow>(
      `SELECT ${COLUMNS} FROM fixpoint.tokens AS tokens
       WHERE secret_sha256 = $1 AND kind = 'session' AND revoked_at IS NULL AND expires_at > now() AND ${STANDS}`,
      [hash],
    )
    return rows[0] === undefined ? undefined : sessionOf(rows[0])
  }

  async issueIngestKey(key: Parameters<Tokens['issueIngestKey']>[0]): Promise<{ key: IngestKey; secret: string }> {
    const id = this.#ids.next('key')
    const { secret, hash } = newSecret('k')
    const { rows } = await this.#database.query<TokenRow>(
      `INSERT INTO fixpoint.tokens AS tokens (id, kind, name, secret_sha256, source, repository, service, signing_secret)
       VALUES ($1, 'ingest', $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
      [id, storable(key.name), hash, storableName(key.source), name(key.repository), name(key.service), this.#sealed(id, key.signingSecret)],
    )
    return { key: keyOf(only(rows)), secret }
  }

  async setSigningSecret(key: string, signingSecret: string | undefined): Promise<boolean> {
    const id = storable(key)
    const { rowCount } = await this.#database.query(`UPDATE fixpoint.tokens SET signing_secret = $2 WHERE id = $1 AND kind = 'ingest'`, [
      id,
      this.#sealed(id, signingSecret),
    ])
    return rowCount === 1
  }

  async issueApiToken(token: Parameters<Tokens['issueApiToken']>[0]): Promise<{ token: ApiToken; secret: string }> {
    const { secret, hash } = newSecret('t')
    const { rows } = await this.#database.query<TokenRow>(
      `INSERT INTO fixpoint.tokens AS tokens (id, kind, name, secret_sha256, scopes, expires_at) VALUES ($1, 'api', $2, $3, $4, $5) RETURNING ${COLUMNS}`,
      [this.#ids.next('tok'), storable(token.name), hash, [...new Set(token.scopes)], token.expiresAt ?? null],
    )
    return { token: tokenOf(only(rows)), secret }
  }

  async issueLoginLink(link: NewSession): Promise<{ secret: string }> {
    const { secret } = await this.#grant('link', 'l', link)
    return { secret }
  }

  async redeemLoginLink(link: string, { expiresAt }: { readonly expiresAt: Date }): Promise<{ session: Session; secret: string } | undefined> {
    const linkHash = hashOf('l', link)
    if (linkHash === undefined) return undefined
    const { secret, hash } = newSecret('s')
    const { rows } = await this.#database.query<TokenRow>(
      // Of many at once, one deletes it.
      `WITH used AS (DELETE FROM fixpoint.tokens AS tokens WHERE secret_sha256 = $1 AND kind = 'link' RETURNING name, scopes, token, expires_at, ${STANDS} AS stands)
       INSERT INTO fixpoint.tokens AS tokens (id, kind, name, secret_sha256, scopes, token, expires_at)
       SELECT $2, 'session', name, $3, scopes, token, $4 FROM used WHERE expires_at > now() AND stands
       RETURNING ${COLUMNS}`,
      [linkHash, this.#ids.next('ses'), hash, expiresAt],
    )
    return rows[0] === undefined ? undefined : { session: sessionOf(rows[0]), secret }
  }

  async openSession(session: NewSession): Promise<{ session: Session; secret: string }> {
    const { row, secret } = await this.#grant('session', 's', session)
    return { session: sessionOf(row), secret }
  }

  async revoke(id: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `UPDATE fixpoint.tokens SET revoked_at = now() WHERE id = $1 AND kind IN ('ingest', 'api', 'session') AND revoked_at IS NULL`,
      [storable(id)],
    )
    return rowCount === 1
  }

  async ingestKeys(): Promise<readonly IngestKey[]> {
    return (await this.#all('ingest')).map(keyOf)
  }

  async apiTokens(): Promise<readonly ApiToken[]> {
    return (await this.#all('api')).map(tokenOf)
  }

  /** Login links and sessions that ended before. */
  async expire(before: Date): Promise<number> {
    return inBatches(async (limit) => {
      const { rowCount } = await this.#database.query(
        `DELETE FROM fixpoint.tokens WHERE id = ANY (ARRAY (
           SELECT id FROM fixpoint.tokens WHERE expires_at < least($1::timestamptz, now()) AND kind IN ('link', 'session')
           ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
        [before, limit],
      )
      return rowCount ?? 0
    })
  }

  async #grant(kind: 'link' | 'session', letter: 'l' | 's', { name, scopes, token, expiresAt }: NewSession): Promise<{ row: TokenRow; secret: string }> {
    const { secret, hash } = newSecret(letter)
    const { rows } = await this.#database.query<TokenRow>(
      `INSERT INTO fixpoint.tokens AS tokens (id, kind, name, secret_sha256, scopes, token, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
      [
        this.#ids.next(kind === 'link' ? 'lnk' : 'ses'),
        kind,
        storable(name),
        hash,
        [...new Set(scopes)],
        token === undefined ? null : storable(token),
        expiresAt,
      ],
    )
    return { row: only(rows), secret }
  }

  async #look(kind: Kind, letter: string, secret: string): Promise<TokenRow | undefined> {
    const hash = hashOf(letter, secret)
    if (hash === undefined) return undefined
    const name = hash.toString('hex')
    const looking = this.#looking.get(name) ?? this.#findLater(kind, hash, name)
    this.#looking.set(name, looking)
    return looking
  }

  async #findLater(kind: Kind, hash: Buffer, name: string): Promise<TokenRow | undefined> {
    await nextTurn()
    this.#looking.delete(name)
    return this.#find(kind, hash)
  }

  async #find(kind: Kind, hash: Buffer): Promise<TokenRow | undefined> {
    const { rows } = await this.#database.query<TokenRow & { stale: boolean }>(
      `SELECT ${COLUMNS}, coalesce(last_used_at < now() - interval '1 minute', true) AS stale FROM fixpoint.tokens AS tokens
       WHERE secret_sha256 = $1 AND kind = $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
      [hash, kind],
    )
    const [row] = rows
    if (row?.stale === true) await this.#database.query('UPDATE fixpoint.tokens SET last_used_at = now() WHERE id = $1', [row.id])
    return row
  }

  async #all(kind: Kind): Promise<readonly TokenRow[]> {
    const { rows } = await this.#database.query<TokenRow>(`SELECT ${COLUMNS} FROM fixpoint.tokens WHERE kind = $1 ORDER BY id DESC`, [kind])
    return rows
  }

  /** As JSON, in which every character survives. */
  #sealed(id: string, signingSecret: string | undefined): Buffer | null {
    return signingSecret === undefined ? null : this.#seal.seal(Buffer.from(JSON.stringify(signingSecret)), purposeOf(id))
  }
}

type Kind = 'ingest' | 'api'

const COLUMNS =
  'tokens.id, tokens.name, tokens.scopes, tokens.token, tokens.source, tokens.repository, tokens.service, tokens.signing_secret, tokens.created_at, tokens.expires_at, tokens.last_used_at, tokens.revoked_at'

/** A link or a session has no API token behind it, or one that holds. */
const STANDS = `(tokens.token IS NULL OR EXISTS (SELECT FROM fixpoint.tokens AS behind
  WHERE behind.id = tokens.token AND behind.kind = 'api' AND behind.revoked_at IS NULL AND (behind.expires_at IS NULL OR behind.expires_at > now())))`

interface TokenRow {
  readonly id: string
  readonly name: string
  readonly scopes: Scope[]
  readonly token: string | null
  readonly source: string | null
  readonly repository: string | null
  readonly service: string | null
  readonly signing_secret: Buffer | null
  readonly created_at: Date
  readonly expires_at: Date | null
  readonly last_used_at: Date | null
  readonly revoked_at: Date | null
}

function keyOf(row: TokenRow): IngestKey {
  const { id, source, repository, service } = row
  return {
    ...{ id, name: row.name, source: source ?? '', repository: repository ?? undefined, service: service ?? undefined, signed: row.signing_secret !== null },
    ...{ createdAt: row.created_at, lastUsedAt: row.last_used_at ?? undefined, revokedAt: row.revoked_at ?? undefined },
  }
}

function tokenOf(row: TokenRow): ApiToken {
  const { id, scopes } = row
  return {
    ...{ id, name: row.name, scopes, createdAt: row.created_at, expiresAt: row.expires_at ?? undefined },
    ...{ lastUsedAt: row.last_used_at ?? undefined, revokedAt: row.revoked_at ?? undefined },
  }
}

function sessionOf({ id, name, scopes, token, created_at, expires_at }: TokenRow): Session {
  if (expires_at === null) throw new Error('a session without an end')
  return { id, name, scopes, token: token ?? undefined, createdAt: created_at, expiresAt: expires_at }
}

function name(text: string | undefined): string | null {
  return text === undefined ? null : storableName(text)
}

function newSecret(letter: string): { secret: string; hash: Buffer } {
  const secret = `fp${letter}_${randomBytes(32).toString('base64url')}`
  return { secret, hash: sha256(secret) }
}

/** Undefined for what cannot be a secret of this kind, however long it is. */
function hashOf(letter: string, secret: string): Buffer | undefined {
  return secret.startsWith(`fp${letter}_`) && SECRET.test(secret) ? sha256(secret) : undefined
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function purposeOf(id: string): string {
  return `signing secret of ${id}`
}

function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (row === undefined) throw new Error('a row that was inserted did not come back')
  return row
}
