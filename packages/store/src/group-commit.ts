export interface GroupLimits {
  /** Items and bytes of one group. */
  readonly items: number
  readonly bytes: number
  /** Groups that are written at the same time. */
  readonly writers: number
}

interface Waiting<Item, Result> {
  readonly item: Item
  readonly bytes: number
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * What arrives while a group is being written goes into the next one: one commit for many. `write` keeps a group whole or not at all,
 * and answers in its order. When one item spoils its group, the others are written without it.
 */
export class GroupCommit<Item, Result> {
  readonly #write: (items: readonly Item[]) => Promise<readonly Result[]>
  readonly #isSpoilt: (error: unknown) => boolean
  readonly #limits: GroupLimits
  #waiting: Waiting<Item, Result>[] = []
  #writing = 0
  #scheduled = false

  constructor(write: (items: readonly Item[]) => Promise<readonly Result[]>, isSpoilt: (error: unknown) => boolean, limits: GroupLimits) {
    this.#write = write
    this.#isSpoilt = isSpoilt
    this.#limits = limits
  }

  add(item: Item, bytes: number): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, bytes, resolve, reject })
      if (this.#scheduled) return
      this.#scheduled = true
      // Lets what arrives in the same turn come along.
      setImmediate(() => {
        this.#scheduled = false
        this.#start()
      })
    })
  }

  #start(): void {
    while (this.#writing < this.#limits.writers && this.#waiting.length > 0) {
      this.#writing += 1
      void this.#settle(this.#nextGroup()).finally(() => {
        this.#writing -= 1
        this.#start()
      })
    }
  }

  #nextGroup(): readonly Waiting<Item, Result>[] {
    let bytes = 0
    const end = this.#waiting.findIndex((one, index) => {
      bytes += one.bytes
      return index > 0 && (index >= this.#limits.items || bytes > this.#limits.bytes)
    })
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end)
  }

  async #settle(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#write(group.map((one) => one.item))
      for (const [index, one] of group.entries()) one.resolve(results[index] as Result)
    } catch (error) {
      if (group.length === 1 || !this.#isSpoilt(error)) {
        for (const one of group) one.reject(error)
        return
      }
      const half = Math.ceil(group.length / 2)
      await this.#settle(group.slice(0, half))
      await this.#settle(group.slice(half))
    }
  }
}
