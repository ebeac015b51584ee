/** Something that a person changed through the API. */
export interface Change {
  readonly id: string
  readonly at: Date
  /** Name of the token or session. */
  readonly by: string
  /** What the route does, in its own words. */
  readonly what: string
  /** Ids and names that the address named. */
  readonly subject: string
}

/** Who changed what, and when; kept for good. */
export interface Changes {
  add(change: Pick<Change, 'by' | 'what' | 'subject'>): Promise<void>
  /** Newest first; `before` is an id of an earlier page. */
  list(page: { readonly limit: number; readonly before?: string }): Promise<readonly Change[]>
}
