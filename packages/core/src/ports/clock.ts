export interface Clock {
  now(): Date
  /** Milliseconds that only ever grow: for durations. */
  monotonic(): number
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export interface Ids {
  /** 26 characters that sort by time (a ULID, lower case). */
  sortable(): string
  /** 32 hexadecimal characters that nobody can guess. */
  nonce(): string
}

/** SHA-256 as lower-case hexadecimal. */
export type Hash = (bytes: Uint8Array | string) => string
