import type { BugReport } from '../words/bug-report.ts'
import type { Explanation } from '../words/diagnosis.ts'
import type { Dossier } from '../words/dossier.ts'
import type { Candidate, FileEdit, Patch } from '../words/patch.ts'
import type { Policy } from '../words/policy.ts'
import type { Project } from '../words/project.ts'
import type { Baseline, Reproduction } from '../words/reproduction.ts'
import type { Review } from '../words/review.ts'
import type { MappedFrame } from '../words/stack-trace.ts'
import type { TestRun, TestSelection } from '../words/test-run.ts'
import type { ContradictedTest, Lesson } from '../words/verdict.ts'
import type { Interlocutor } from './language-model.ts'
import type { TextMatch } from './repository.ts'
import type { Command, CommandResult } from './sandboxes.ts'
import type { SourceSnapshot } from './source-snapshot.ts'

/** The host's own record of edits over base text. Refuses protected, foreign and impossible paths with a reason. */
export interface EditSession {
  /** Current text, edits included. */
  text(path: string): string | undefined
  /** Replaces characters [start, end) of the current text. Returns why not, or undefined when done. */
  splice(path: string, start: number, end: number, replacement: string): string | undefined
  edits(): readonly FileEdit[]
  patch(): Patch
  reset(): void
}

/** What became of one candidate: the first failing test ends it. */
export interface CandidateResult<T> {
  readonly candidate: T
  readonly passed: boolean
  /** False when no report came out: a hang, a crash at load. */
  readonly reported: boolean
  readonly run: TestRun
}

/** Runs tests on edits, in the drafter's own room. Says nothing final: only the judge does. */
export interface TestBench {
  run(selection: TestSelection, edits: readonly FileEdit[], signal: AbortSignal): Promise<TestRun>
  /** Many candidates against one selection, cheaply, in the order given; results come as they are ready. */
  runMany<T extends { edits: readonly FileEdit[] }>(selection: TestSelection, candidates: Iterable<T>, signal: AbortSignal): AsyncIterable<CandidateResult<T>>
}

/** A room for a drafter's or a reproducer's own commands. The tree is the base; changes never become a patch. */
export interface Room {
  exec(command: Command, signal: AbortSignal): Promise<CommandResult>
  write(files: readonly { path: string; content: string | null }[]): Promise<void>
  read(paths: readonly string[], maximumBytes: number): Promise<ReadonlyMap<string, Uint8Array>>
  /** Runs tests in this room as its tree stands now. */
  test(selection: TestSelection, signal: AbortSignal, timeoutMs?: number): Promise<TestRun>
  reset(): Promise<void>
}

/** A place in the tree where a name is defined or used. */
export interface SymbolPlace {
  readonly path: string
  /** 1-based, inclusive: of a definition the whole of it. */
  readonly lines: readonly [number, number]
  readonly text: string
  /** The function around it. */
  readonly within: string | undefined
}

export interface CodeSymbols {
  definitions(name: string, limit: number): Promise<readonly SymbolPlace[]>
  references(name: string, limit: number): Promise<readonly SymbolPlace[]>
}

export interface CodeSearch {
  search(patterns: readonly string[], limit: number): Promise<readonly TextMatch[]>
}

/** The rules of writing tests as this repository does. */
export interface TestStyle {
  /** Where a new regression test for `source` belongs and how its file looks; `body` lines are statements that must not throw, imports are (local name, exported name, path). */
  testFile(request: {
    source: string
    title: string
    imports: readonly TestImport[]
    body: readonly string[]
    async: boolean
    purpose: 'regression' | 'probe'
  }): { path: string; content: string; name: string }
}
export interface TestImport {
  readonly local: string
  readonly exported: string | 'default' | '*'
  readonly path: string
}

/** What the owner of the code wrote for agents, from the default branch: how code is written here. Data; it commands nothing. */
export interface OwnerGuidance {
  readonly path: string
  readonly text: string
}

export interface DraftTask {
  readonly report: BugReport
  readonly frames: readonly MappedFrame[]
  readonly reproduction: Reproduction
  readonly baseline: Baseline
  readonly dossier: Dossier
  readonly lessons: readonly Lesson[]
  readonly policy: Policy
  readonly project: Project
  readonly source: SourceSnapshot
  readonly guidance?: readonly OwnerGuidance[]
  /** How many patches of this drafter were judged before: 0 for the first attempt. */
  readonly attempts: number
}

export interface DraftTools {
  readonly edits: EditSession
  readonly bench: TestBench
  readonly room: Room
  readonly search: CodeSearch
  /** `undefined` when the text parses (or no grammar is known), else what is wrong. */
  readonly syntaxError: (path: string, text: string) => string | undefined
  /** Whether two texts of a file are the same program: they differ in white space and comments at most. */
  readonly sameTokens: (path: string, a: string, b: string) => boolean
  /** Definitions and references by name. */
  readonly symbols: CodeSymbols
  /** Whether a path may be read and shown at all. */
  readonly isHidden: (path: string) => boolean
  /** Of the drafter's lane; none for a lane without a model. */
  readonly model: Interlocutor | undefined
}

export type DraftEvent =
  | { readonly kind: 'progress'; readonly message: string }
  | { readonly kind: 'candidate'; readonly candidate: Candidate }
  | { readonly kind: 'abstained'; readonly findings: readonly string[] }

/** Something that makes patches. Ends with `abstained` or after its last `candidate`; candidates come best first. */
export interface Drafter {
  /** Of its lane. */
  readonly name: string
  draft(task: DraftTask, tools: DraftTools, signal: AbortSignal): AsyncIterable<DraftEvent>
}

export interface ReproduceTask {
  readonly report: BugReport
  /** Frames of the report's traces that were found in the repository; innermost first. */
  readonly frames: readonly MappedFrame[]
  readonly project: Project
  readonly baseline: Baseline
  /** The last run of the whole suite on the base, with its failures. */
  readonly suite: TestRun
  readonly source: SourceSnapshot
}
/** A test to be written by who knows the report and the code, and nothing of a test or a patch that is there already. */
export type SecondTask = Omit<ReproduceTask, 'suite'>
/** A test that was written before, and what somebody says against it who read it beside the report and a patch that passes it. */
export interface WidenTask extends SecondTask {
  readonly reproduction: Reproduction
  readonly objection: string
}
export interface ReproduceTools {
  readonly room: Room
  readonly style: TestStyle
  /** Whether a failure is the one that was reported. */
  readonly matches: (failure: { errorType?: string | undefined; message: string; stack: string }) => boolean
  /** As `matches`, for a test that is new: where the report saw the error in a test of its own, the place does not count. Says what differs. */
  readonly matchesAnew: (failure: { errorType?: string | undefined; message: string; stack: string }) => { readonly matched: boolean; readonly why: string }
  readonly search: CodeSearch
  readonly symbols: CodeSymbols
  readonly syntaxError: (path: string, text: string) => string | undefined
  readonly isHidden: (path: string) => boolean
  /** What the report alone leads to; worked out when first asked for. */
  readonly dossier: () => Promise<Dossier>
  /** None: the reproducer has to do without. */
  readonly model: Interlocutor | undefined
}
export type ReproduceEvent =
  | { readonly kind: 'progress'; readonly message: string }
  | { readonly kind: 'reproduction'; readonly reproduction: Reproduction }
  | { readonly kind: 'gave-up'; readonly tried: readonly string[] }

/** Something that makes the failure ours. Ends with `reproduction` or `gave-up`. */
export interface Reproducer {
  readonly name: string
  /** It is asked once for each lane with a model, in their order, and not at all without one. */
  readonly needsModel?: true
  reproduce(task: ReproduceTask, tools: ReproduceTools, signal: AbortSignal): AsyncIterable<ReproduceEvent>
  /** Writes a test of its own again, so that it asks for more, or for something else. */
  widen?(task: WidenTask, tools: ReproduceTools, signal: AbortSignal): AsyncIterable<ReproduceEvent>
  /** Reads the report with a fresh mind and writes the test that it would have written. */
  second?(task: SecondTask, tools: ReproduceTools, signal: AbortSignal): AsyncIterable<ReproduceEvent>
}

/** A patch that passed every gate, before it is proposed. */
export interface ReviewTask {
  readonly report: BugReport
  readonly reproduction: Reproduction
  readonly candidate: Candidate
  /** What the gates found, a sentence each. */
  readonly evidence: readonly string[]
  /** Tests of the base that fail with it. */
  readonly contradicted: readonly ContradictedTest[]
  readonly source: SourceSnapshot
}

/** What somebody works with who only looks. */
export type LookingTools = Pick<DraftTools, 'search' | 'symbols' | 'isHidden'> & { readonly model: Interlocutor }

/** Reads a surviving patch and the report with a fresh mind. Undefined: nobody could be asked. */
export interface Critic {
  /** `tools` look at the tree with the patch. */
  review(task: ReviewTask, tools: LookingTools, signal: AbortSignal): Promise<Review | undefined>
}

export interface ExplainTask {
  readonly report: BugReport
  readonly frames: readonly MappedFrame[]
  readonly reproduction: Reproduction | undefined
  readonly dossier: Dossier | undefined
  /** What was found out without a model, a sentence each. */
  readonly findings: readonly string[]
  readonly source: SourceSnapshot
}

/** Says where the cause lies and why, and changes nothing. Undefined: nobody could be asked. */
export interface Explainer {
  explain(task: ExplainTask, tools: LookingTools, signal: AbortSignal): Promise<Explanation | undefined>
}
