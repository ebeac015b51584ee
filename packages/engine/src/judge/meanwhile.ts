import type { JudgeTools } from './subject.ts'

/** Work that is begun at once where a run may have several rooms, and when it is asked for where it may not. Nobody waits for it any more: it is cut off. */
export class Meanwhile<T> implements AsyncDisposable {
  readonly #work: () => Promise<T>
  readonly #over = new AbortController()
  #begun: Promise<T> | undefined

  constructor(work: (signal: AbortSignal) => Promise<T>, { signal, parallelRooms }: Pick<JudgeTools, 'signal' | 'parallelRooms'>) {
    this.#work = () => work(AbortSignal.any([signal, this.#over.signal]))
    if (parallelRooms > 1) {
      this.#begun = this.#work()
      // Who asks for the result hears of it.
      this.#begun.catch(() => undefined)
    }
  }

  result(): Promise<T> {
    this.#begun ??= this.#work()
    return this.#begun
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort(new Error('nobody waits for it any more'))
    await this.#begun?.catch(() => undefined)
  }
}
