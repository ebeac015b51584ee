import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ApiToken, IngestKey, NewSession, PresentedIngestKey, Retention, Session, Tokens } from '@fixpoint/core'
import type { Queries } from './database.ts'
import { inBatches } from './in-batches.ts'
import type { Seal } from './sealed.ts'
import { SortableIds } from './sortable-ids.ts'
import { storable, storableName } from './storable-text.ts'
import { keyOf, sessionOf, TOKEN_COLUMNS, type TokenRow, tokenOf } from './token-row.ts'
import { hashOf, newSecret } from './token-secret.ts'

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
      `SELECT ${TOKEN_COLUMNS} FROM fixpoint.tokens AS tokens
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
       VALUES ($1, 'ingest', $2, $3, $4, $5, $6, $7) RETURNING ${TOKEN_COLUMNS}`,
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
      `INSERT INTO fixpoint.tokens AS tokens (id, kind, name, secret_sha256, scopes, expires_at) VALUES ($1, 'api', $2, $3, $4, $5) RETURNING ${TOKEN_COLUMNS}`,
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
      `WITH used AS (DELETE FROM fixpoint.tokens AS tokens WHERE secret_sha256 = $1 AND kind = 'link' RETURNING name, scopes, token, account, expires_at, ${STANDS} AS stands)
       INSERT INTO fixpoint.tokens AS tokens (id, kind, name, secret_sha256, scopes, token, account, expires_at)
       SELECT $2, 'session', name, $3, scopes, token, account, $4 FROM used WHERE expires_at > now() AND stands
       RETURNING ${TOKEN_COLUMNS}`,
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

  async #grant(
    kind: 'link' | 'session',
    letter: 'l' | 's',
    { name, scopes, token, account, expiresAt }: NewSession,
  ): Promise<{ row: TokenRow; secret: string }> {
    const { secret, hash } = newSecret(letter)
    const { rows } = await this.#database.query<TokenRow>(
      `INSERT INTO fixpoint.tokens AS tokens (id, kind, name, secret_sha256, scopes, token, account, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${TOKEN_COLUMNS}`,
      [
        this.#ids.next(kind === 'link' ? 'lnk' : 'ses'),
        kind,
        storable(name),
        hash,
        [...new Set(scopes)],
        token === undefined ? null : storable(token),
        account === undefined ? null : storable(account),
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
      `SELECT ${TOKEN_COLUMNS}, coalesce(last_used_at < now() - interval '1 minute', true) AS stale FROM fixpoint.tokens AS tokens
       WHERE secret_sha256 = $1 AND kind = $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
      [hash, kind],
    )
    const [row] = rows
    if (row?.stale === true) await this.#database.query('UPDATE fixpoint.tokens SET last_used_at = now() WHERE id = $1', [row.id])
    return row
  }

  async #all(kind: Kind): Promise<readonly TokenRow[]> {
    const { rows } = await this.#database.query<TokenRow>(`SELECT ${TOKEN_COLUMNS} FROM fixpoint.tokens WHERE kind = $1 ORDER BY id DESC`, [kind])
    return rows
  }

  /** As JSON, in which every character survives. */
  #sealed(id: string, signingSecret: string | undefined): Buffer | null {
    return signingSecret === undefined ? null : this.#seal.seal(Buffer.from(JSON.stringify(signingSecret)), purposeOf(id))
  }
}

type Kind = 'ingest' | 'api'

/** A link or a session has no API token behind it, or one that holds. */
const STANDS = `(tokens.token IS NULL OR EXISTS (SELECT FROM fixpoint.tokens AS behind
  WHERE behind.id = tokens.token AND behind.kind = 'api' AND behind.revoked_at IS NULL AND (behind.expires_at IS NULL OR behind.expires_at > now())))`

function name(text: string | undefined): string | null {
  return text === undefined ? null : storableName(text)
}

function purposeOf(id: string): string {
  return `signing secret of ${id}`
}

function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (row === undefined) throw new Error('a row that was inserted did not come back')
  return row
}
