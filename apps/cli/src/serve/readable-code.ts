import { rm } from 'node:fs/promises'
import { type ObjectId, type SourceSnapshot, type TextSearch, timeLimit } from '@fixpoint/core'
import { RipgrepSearch } from '@fixpoint/source'
import type { Syntax } from '@fixpoint/syntax'
import { loadSyntax } from '../compose.ts'
import { temporaryFolder } from '../folders.ts'
import type { Premises } from './premises.ts'

/** A tree that people read, and what it is looked through with. */
export interface Code {
  readonly source: SourceSnapshot
  readonly search: TextSearch
  readonly syntax: Syntax
}

interface Opened {
  readonly code: Promise<Code & AsyncDisposable>
  /** Who reads in it now. */
  readers: number
  /** Nobody is let in any more. */
  closed: boolean
}

/** Long enough for somebody who looks for something; short enough to see what was pushed. */
const KEPT_MS = 2 * 60_000
/** Whole trees are in memory. */
const MOST_OPEN = 3
const OPENING_MS = 3 * 60_000

/** Code of the repositories for people who read it: a tree that was opened stays open for whoever asks next. */
export class ReadableCode implements AsyncDisposable {
  readonly #home: string
  readonly #open = new Map<string, Opened>()
  #syntax: Promise<Syntax> | undefined

  constructor(home: string) {
    this.#home = home
  }

  /** `commit`: the default branch as it is now, where none is named. Throws `Failure('repository-unreadable')`. */
  async read<T>(premises: Premises, commit: ObjectId | undefined, work: (code: Code) => Promise<T>): Promise<T> {
    const key = `${premises.name} ${commit ?? ''}`
    const opened = this.#open.get(key) ?? this.#keep(key, this.#openCode(premises, commit))
    opened.readers += 1
    try {
      return await work(await opened.code)
    } finally {
      opened.readers -= 1
      await this.#closeUnread(opened)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const key of [...this.#open.keys()]) await this.#close(key)
  }

  #keep(key: string, code: Opened['code']): Opened {
    const opened: Opened = { code, readers: 0, closed: false }
    this.#open.set(key, opened)
    code.then(
      () => setTimeout(() => void this.#close(key, opened), KEPT_MS).unref(),
      () => this.#open.get(key) === opened && this.#open.delete(key),
    )
    const [oldest] = this.#open.keys()
    if (this.#open.size > MOST_OPEN && oldest !== undefined) void this.#close(oldest)
    return opened
  }

  async #openCode(premises: Premises, commit: ObjectId | undefined): Promise<Code & AsyncDisposable> {
    const repository = await premises.open({ revisions: commit === undefined ? [] : [commit], signal: timeLimit(OPENING_MS) })
    const temporary = await temporaryFolder(this.#home)
    const search = new RipgrepSearch({ temporary })
    const close = async () => {
      await search[Symbol.asyncDispose]()
      await repository[Symbol.asyncDispose]()
      await rm(temporary, { recursive: true, force: true })
    }
    try {
      this.#syntax ??= loadSyntax()
      const source = await repository.snapshot(commit ?? (await repository.resolve(premises.revision)))
      return { source, search, syntax: await this.#syntax, [Symbol.asyncDispose]: close }
    } catch (error) {
      await close()
      throw error
    }
  }

  async #close(key: string, expected = this.#open.get(key)): Promise<void> {
    if (expected === undefined) return
    if (this.#open.get(key) === expected) this.#open.delete(key)
    expected.closed = true
    await this.#closeUnread(expected)
  }

  async #closeUnread(opened: Opened): Promise<void> {
    if (!opened.closed || opened.readers > 0) return
    await (await opened.code.catch(() => undefined))?.[Symbol.asyncDispose]()
  }
}
