/** What the address of the first run says: the newest delivery before a sample alert was sent. */
export interface FirstRunSearch {
  readonly after?: string
}

/** There was no delivery before. */
export const NOTHING_BEFORE = 'nothing'

export function firstRunSearch(given: Record<string, unknown>): FirstRunSearch {
  return typeof given.after === 'string' && /^[\w-]{1,100}$/.test(given.after) ? { after: given.after } : {}
}
