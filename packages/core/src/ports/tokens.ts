/** `read`: look. `decide`: approve, reject, steer, cancel. `admin`: keys, tokens, settings. `upload`: source maps. None contains another. */
export type Scope = 'read' | 'decide' | 'admin' | 'upload'

/** By which one alert source delivers. Its secret is part of an address, so it may do nothing but deliver. */
export interface IngestKey {
  readonly id: string
  readonly name: string
  /** Name of the adapter: `sentry`, `grafana`, … A delivery of another source under this key is refused. */
  readonly source: string
  /** For alerts that name none: a name of the settings. */
  readonly repository: string | undefined
  readonly service: string | undefined
  /** Whether deliveries have to be signed. */
  readonly signed: boolean
  readonly createdAt: Date
  /** To the minute. */
  readonly lastUsedAt: Date | undefined
  readonly revokedAt: Date | undefined
}

/** The key that a secret opened, with what is needed to verify a delivery. Never to be logged. */
export interface PresentedIngestKey extends IngestKey {
  readonly signingSecret: string | undefined
}

export interface ApiToken {
  readonly id: string
  /** Who acts, in journals and logs. */
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly createdAt: Date
  readonly expiresAt: Date | undefined
  readonly lastUsedAt: Date | undefined
  readonly revokedAt: Date | undefined
}

/** A person in a browser. Ends with the API token that it was opened by, if it was. */
export interface Session {
  readonly id: string
  readonly name: string
  /** When it was opened. Of an account, what its host says now counts. */
  readonly scopes: readonly Scope[]
  readonly token: string | undefined
  /** On a code host, by which it was opened. */
  readonly account: string | undefined
  readonly createdAt: Date
  readonly expiresAt: Date
}

export interface NewSession {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expiresAt: Date
  /** Id of the API token that stands behind it. */
  readonly token?: string | undefined
  readonly account?: string | undefined
}

/**
 * Who may deliver, look and decide. Secrets carry 256 random bits and are told once, when they are issued; what is kept is their
 * SHA-256, and looking one up compares nothing but hashes. Expired and revoked ones open nothing.
 */
export interface Tokens {
  ingestKey(secret: string): Promise<PresentedIngestKey | undefined>
  apiToken(secret: string): Promise<ApiToken | undefined>
  session(secret: string): Promise<Session | undefined>

  issueIngestKey(key: {
    readonly name: string
    readonly source: string
    readonly signingSecret?: string | undefined
    readonly repository?: string | undefined
    readonly service?: string | undefined
  }): Promise<{ readonly key: IngestKey; readonly secret: string }>
  /** Some sources make up their signing secret only once they know the address. False when there is no such key. */
  setSigningSecret(key: string, signingSecret: string | undefined): Promise<boolean>
  issueApiToken(token: {
    readonly name: string
    readonly scopes: readonly Scope[]
    readonly expiresAt?: Date | undefined
  }): Promise<{ readonly token: ApiToken; readonly secret: string }>
  /** A secret that opens one session, once. `expiresAt` is the link's. */
  issueLoginLink(link: NewSession): Promise<{ readonly secret: string }>
  /** The session of a login link: undefined when the link was used, has expired, or never was. Of many at once, one gets it. */
  redeemLoginLink(secret: string, session: { readonly expiresAt: Date }): Promise<{ readonly session: Session; readonly secret: string } | undefined>
  openSession(session: NewSession): Promise<{ readonly session: Session; readonly secret: string }>

  /** By id: an ingest key, an API token (and its login links and sessions), or a session. False when it is unknown or was revoked before. */
  revoke(id: string): Promise<boolean>
  /** Newest first, the revoked ones too, without secrets. */
  ingestKeys(): Promise<readonly IngestKey[]>
  apiTokens(): Promise<readonly ApiToken[]>
}
