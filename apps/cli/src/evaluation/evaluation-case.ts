import type { SourceSnapshot } from '@fixpoint/core'

/** A file of a test that the run never sees. */
export interface HeldOutFile {
  readonly path: string
  readonly content: string | Uint8Array
}

/** What tells a right proposal from a wrong one. */
export type Scoring =
  | {
      /** Held-out test files, run in a room on the proposal. */
      readonly kind: 'held-out'
      readonly files: readonly HeldOutFile[]
      /** Ids that must pass; without them all tests of the files. */
      readonly tests?: readonly string[]
    }
  /** A program that the case brings along, on the host: its owner's choice. Given a folder with the proposal in it. */
  | { readonly kind: 'program'; readonly passes: (folder: string, signal: AbortSignal) => Promise<boolean> }
  /** There is no right proposal. */
  | { readonly kind: 'none' }

/** One bug with a known answer. */
export interface EvaluationCase {
  readonly id: string
  readonly title: string
  /** Kind of defect; totals are told for each. */
  readonly kind: string
  /** The text that a run is given, and all it is told; without one the failing suite is the report. */
  readonly report: string | undefined
  /** How to install and test, where that is not to be found out. */
  readonly wishes: { readonly deps?: 'copy' | 'install'; readonly test?: string; readonly setup?: string }
  /** `abstain`: a good answer is to say that it cannot be fixed, or that a person must. */
  readonly expects: 'fix' | 'abstain'
  readonly scoring: Scoring
  /** Writes the tree that the run sees into an empty folder: one state, no history, no fix, no test of the fix. */
  readonly layOut: (folder: string, signal: AbortSignal) => Promise<LaidOut>
}

export interface LaidOut {
  /** `listed`: what git would take; `every-file`: also what `.gitignore` names, as in a commit that holds such files. */
  readonly committed: 'listed' | 'every-file'
}

/** Folders of installed dependencies: beside a tree, never part of it. */
export const INSTALLED = ['node_modules', '.venv']

/** A tree with other files laid over it. */
export function laidOver(source: SourceSnapshot, files: readonly HeldOutFile[]): SourceSnapshot {
  const over = new Map(files.map(({ path, content }) => [path, typeof content === 'string' ? new TextEncoder().encode(content) : content]))
  const entries = [...over].map(([path, { length }]) => ({ path, kind: 'file' as const, size: length, blob: '' }))
  const list = [...source.list().filter(({ path }) => !over.has(path)), ...entries].sort((a, b) => (a.path < b.path ? -1 : 1))
  return {
    commit: source.commit,
    tree: source.tree,
    list: () => list,
    read: (path) => over.get(path) ?? source.read(path),
    text: (path) => {
      const bytes = over.get(path)
      return bytes === undefined ? source.text(path) : new TextDecoder().decode(bytes)
    },
  }
}
