import type { EditSession, FileEdit, Patch, SourceSnapshot } from '@fixpoint/core'
import { patchFrom } from './diff.ts'
import type { PathPolicy } from './path-policy.ts'

/** Keeps edits over the base text in memory. What a room does to its own tree never comes in here. */
export class RecordedEdits implements EditSession {
  readonly #source: SourceSnapshot
  readonly #policy: PathPolicy
  readonly #texts = new Map<string, string | null>()

  constructor(source: SourceSnapshot, policy: PathPolicy) {
    this.#source = source
    this.#policy = policy
  }

  text(path: string): string | undefined {
    const edited = this.#texts.get(path)
    return edited === undefined ? this.#source.text(path) : (edited ?? undefined)
  }

  splice(path: string, start: number, end: number, replacement: string): string | undefined {
    const refusal = this.#policy.refusal(path)
    if (refusal) return refusal.why
    const text = this.text(path)
    if (text === undefined) return `${path} is not a text file of the base`
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end > text.length)
      return `characters ${start} to ${end} are not inside ${path} (${text.length} characters)`
    this.#texts.set(path, text.slice(0, start) + replacement + text.slice(end))
    return undefined
  }

  edits(): readonly FileEdit[] {
    return [...this.#texts].map(([path, content]) => ({ path, content }))
  }

  patch(): Patch {
    return patchFrom(this.#source, this.edits())
  }

  reset(): void {
    this.#texts.clear()
  }
}
