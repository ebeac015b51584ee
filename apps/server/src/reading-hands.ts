import type { Amount, Ceiling, RunId } from '@fixpoint/core'

/** Lines of a repository at a commit. */
export interface CodePlace {
  readonly path: string
  /** First and last, from 1. */
  readonly lines: readonly [number, number]
  readonly text: string
  /** Where people look at them; undefined when the repository is on no code host. */
  readonly url?: string | undefined
}

export const CODE_KINDS = ['text', 'definitions', 'references'] as const

/** How the tests of a repository are run, as its code says. */
export interface DetectedProject {
  readonly commit: string
  /** Why it cannot be told, and what to do. */
  readonly unsupported?: string
  readonly detected?: {
    readonly toolchain: string
    readonly runner: string
    readonly command: string
    readonly testFiles: number
    /** Commands that bring the dependencies, those that make what tests load, and those that only read. */
    readonly installs: readonly string[]
    readonly builds: readonly string[]
    readonly checks: readonly string[]
    readonly because: readonly string[]
  }
}

/** Code of the repositories, on their default branches. Undefined: no such repository. Throws `Failure`. */
export interface CodeDesk {
  search(
    repository: string,
    wanted: { readonly kind: (typeof CODE_KINDS)[number]; readonly text: string },
    limit: number,
    signal: AbortSignal,
  ): Promise<
    { readonly commit: string; readonly places: readonly (CodePlace & { readonly within?: string | undefined })[]; readonly more: boolean } | undefined
  >
  project(repository: string): Promise<DetectedProject | undefined>
}

/** What is told while a question is answered. */
export type AnswerNews =
  /** The model looks at something: `search_code` for `total(`. */
  | { readonly kind: 'looking'; readonly tool: string; readonly at: string }
  /** It thinks aloud: a piece of its words. */
  | { readonly kind: 'words'; readonly text: string }

/** Words of a model: no evidence. The places were checked to be there. */
export interface Answer {
  /** Undefined: it gave none. */
  readonly text?: string | undefined
  readonly places: readonly (CodePlace & { readonly why: string })[]
  readonly model: string
  readonly spent: Amount
}

/** Answers questions about runs with the configured model. */
export interface QuestionDesk {
  readonly model: string
  /** What one question may take. */
  readonly atMost: Ceiling
  /** Throws `Failure`. */
  ask(run: RunId, question: string, tell: (news: AnswerNews) => void, signal: AbortSignal): Promise<Answer>
}
