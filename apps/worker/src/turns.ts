import { Failure } from '@fixpoint/core'

/** Work on one after another, in which a bug that one of them meets does not hold up those behind it: it is thrown at the end. */
export class Turns {
  readonly #bugs: unknown[] = []

  /** A failure of the world is nobody's own, and thrown at once. */
  async take(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (error instanceof Failure) throw error
      this.#bugs.push(error)
    }
  }

  end(): void {
    if (this.#bugs.length > 0) throw this.#bugs[0]
  }
}
