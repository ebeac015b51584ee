/**
 * What ends everything that waits, heard by one listener for all who wait. Nothing is left of those that are done: of a signal that lives as long as
 * the process, Node 20 never forgets a signal that `AbortSignal.any` made of it.
 */
export class Stop {
  readonly #signal: AbortSignal
  readonly #ends = new Set<(reason: unknown) => void>()

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', () => this.#end(), { once: true })
  }

  get aborted(): boolean {
    return this.#signal.aborted
  }

  get reason(): unknown {
    return this.#signal.reason
  }

  /** Calls `end`, at once when it is over already, until it is disposed of. */
  calls(end: (reason: unknown) => void): Disposable {
    if (this.aborted) end(this.reason)
    this.#ends.add(end)
    return { [Symbol.dispose]: () => void this.#ends.delete(end) }
  }

  #end(): void {
    for (const end of this.#ends) end(this.reason)
  }
}
