import type { Command, CommandResult, FileEdit, Project } from '@fixpoint/core'
import type { TestPlan } from '@fixpoint/test-runners'
import { z } from 'zod'

/** What is kept of each stream of one candidate, and of its report. A larger report is asked for again, alone. */
const KEPT_BYTES = 16_384
const REPORT_BYTES = 2 ** 20
/** A line is the report, both streams, and what JSON makes of their quotes and control characters. */
const LINE_BYTES = 3 * (REPORT_BYTES + 2 * KEPT_BYTES)
/** After so long no further candidate of the batch is begun: what is known is worth more than what is next. */
const SPEND_MS = 4000
const DRIVER_GRACE_MS = 10_000

const DRIVERS: Record<Project['toolchain'], readonly [string, ...string[]]> = {
  node: ['node', '/fixpoint/tools/try-candidates.cjs'],
  // Isolated: nothing of the tree is imported in place of the standard library.
  python: ['python3', '-I', '/fixpoint/tools/try_candidates.py'],
}

/** One candidate of a batch: its own plan, so that its nonce and its report are its own. */
export interface BatchedCandidate {
  readonly nonce: string
  readonly plan: TestPlan
  readonly edits: readonly FileEdit[]
}

/** What the driver said of one candidate: as a command's result and its report, or that it must be tried alone. */
export type BatchAnswer = { readonly result: CommandResult; readonly files: ReadonlyMap<string, Uint8Array> } | 'alone'

/** `answers` belong to the first candidates of the batch, in order. `broken`: the driver did not live or speak as it should. */
export interface BatchOutcome {
  readonly answers: readonly BatchAnswer[]
  readonly broken: boolean
}

const Line = z.strictObject({
  nonce: z.string(),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  timedOut: z.boolean(),
  flooded: z.boolean(),
  problem: z.string().optional(),
  durationMs: z.number().nonnegative(),
  stdout: z.string(),
  stderr: z.string(),
  truncated: z.boolean(),
  report: z.string().nullable(),
  tooLarge: z.boolean(),
})
type Line = z.infer<typeof Line>

/** The driver's command for candidates of one selection; `timeoutMs` bounds each of them. */
export function batchCommand(project: Project, candidates: readonly BatchedCandidate[], timeoutMs: number): Command {
  const batch = {
    argv: inOneProcess(project, candidates[0]?.plan.argv ?? []),
    timeoutMs,
    spendMs: SPEND_MS,
    keptBytes: KEPT_BYTES,
    reportBytes: REPORT_BYTES,
    candidates: candidates.map(({ nonce, plan, edits }) => ({ nonce, env: plan.env, report: plan.reads[0], files: edits })),
  }
  return {
    argv: DRIVERS[project.toolchain],
    stdin: JSON.stringify(batch),
    // A batch ends after its first hang, and begins nothing once its time is spent.
    timeoutMs: SPEND_MS + timeoutMs + DRIVER_GRACE_MS,
    outputLimit: 2 * candidates.length * LINE_BYTES,
  }
}

/**
 * node:test starts a second process for each file, which doubles the price of a candidate. A single file is run by itself, with the
 * same reporter and the same ids; a file that does not load then gives no report, which is as good as failing.
 */
function inOneProcess(project: Project, argv: readonly string[]): readonly string[] {
  if (project.runner !== 'node:test') return argv
  const files = argv.filter((word, index) => index > 0 && project.testFiles.includes(word.replace(/^\.\//, '')))
  return files.length === 1 && files[0] === argv.at(-1) ? argv.filter((word) => word !== '--test') : argv
}

/**
 * Reads what the driver said. Its lines must come in the order of the candidates, each once and with its own nonce: a
 * candidate may have tampered with the driver, and then no line from there on is believed.
 */
export function readBatch(candidates: readonly BatchedCandidate[], result: CommandResult): BatchOutcome {
  const lines = result.stdout.split('\n').filter((line) => line !== '')
  const answers: BatchAnswer[] = []
  for (const text of lines) {
    const candidate = candidates[answers.length]
    const line = readLine(text)
    if (line === undefined || candidate === undefined || line.nonce !== candidate.nonce) return { answers, broken: true }
    answers.push(answerOf(candidate, line))
  }
  const healthy = result.exitCode === 0 && !result.truncated && answers.length > 0
  return { answers, broken: !healthy }
}

function readLine(text: string): Line | undefined {
  try {
    return Line.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

function answerOf(candidate: BatchedCandidate, line: Line): BatchAnswer {
  if (line.tooLarge) return 'alone'
  const { exitCode, stdout, stderr, durationMs, timedOut, truncated } = line
  const [name] = candidate.plan.reads
  return {
    result: { exitCode, stdout, stderr, durationMs, timedOut, truncated, oomKilled: false, killed: !timedOut && (line.flooded || line.signal !== null) },
    files: name !== undefined && line.report !== null ? new Map([[name, new TextEncoder().encode(line.report)]]) : new Map(),
  }
}
