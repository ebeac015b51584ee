import { lstat, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type BugReport,
  Certificate,
  Diagnosis,
  Failure,
  type FileEdit,
  type JournalEntry,
  type ProgressListener,
  type Run,
  type RunId,
  type SourceSnapshot,
} from '@fixpoint/core'
import { Archive, drive, openRun, PlannedProposal, type Workspace } from '@fixpoint/engine'
import { reportFrom } from '@fixpoint/intake'
import { UnrecordedRequest } from '@fixpoint/models'
import { type Composed, compose } from '../compose.ts'
import type { Env } from '../env.ts'
import { UsageError } from '../exit-codes.ts'
import { temporaryFolder } from '../folders.ts'
import { readRepositorySettings } from '../settings-files.ts'
import { workspaceFor } from '../workspace.ts'
import type { EvaluationCase } from './evaluation-case.ts'
import type { CaseResult } from './evaluation-result.ts'
import { heldOutPass, runHeldOut } from './held-out-tests.ts'
import { commitAll } from './one-commit.ts'
import { figuresOf, NO_FIGURES } from './run-figures.ts'
import type { RunWay } from './run-way.ts'

export interface CaseRunOptions {
  readonly env: Env
  /** Which lanes, which models, which budget. */
  readonly way: RunWay
  readonly progress: ProgressListener
}

/** Gives one case to Fixpoint, drives the run to rest, and scores what was proposed. Throws only when it was cancelled. */
export async function runCase(each: EvaluationCase, options: CaseRunOptions, signal: AbortSignal): Promise<CaseResult> {
  const { id, title, kind, expects } = each
  const blank = { id, title, kind, expects, strength: null, lane: null, reason: null, scoredBy: null, run: null, figures: NO_FIGURES }
  const place = await temporaryFolder(options.env.home)
  try {
    return { ...blank, ...(await answered(each, place, options, signal)) }
  } catch (error) {
    signal.throwIfAborted()
    return { ...blank, answer: 'failed', reason: faultOf(error), words: (error instanceof Error ? error.message : String(error)).slice(0, 1000) }
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

function faultOf(error: unknown): string {
  if (error instanceof UnrecordedRequest) return 'not-recorded'
  return error instanceof Failure ? error.code : error instanceof UsageError ? 'usage' : 'fault'
}

type Answered = Pick<CaseResult, 'answer' | 'words'> & Partial<CaseResult>

async function answered(each: EvaluationCase, place: string, options: CaseRunOptions, signal: AbortSignal): Promise<Answered> {
  const folder = join(place, 'repo')
  await mkdir(folder)
  await commitAll(folder, await each.layOut(folder, signal))
  await using hands = await compose(folder, options.env, { gitDirectory: join(place, 'git') })
  const { repository, artifacts, clock, ids } = hands.tools
  const source = await repository.snapshot(await repository.resolve())
  const workspace = await workspaceOf(each, folder, source, hands)
  const archive = new Archive(artifacts)
  const policy = options.way.policy(readRepositorySettings(source))
  const runId = await openRun({ report: await reportOf(each), workspace, base: source.commit, policy }, { journal: hands.journal, archive, clock, ids })
  await using models = await options.way.open(each.id, hands, runId, await hands.journal.read(runId))
  const run = await drive({ runId, journal: hands.journal, tools: models.tools, signal, progress: options.progress })
  signal.throwIfAborted()
  const entries = await hands.journal.read(runId)
  const facts = { run: runId, figures: figuresOf(entries) }
  const proposal = await proposalOf(entries, archive)
  if (proposal === undefined) return { ...facts, ...(await withoutProposal(run, runId, archive)) }
  const scored = await score(each, { hands, folder, source, workspace, edits: proposal.edits, signal })
  const { origin } = Certificate.parse(JSON.parse(proposal.certificate)).patch
  return {
    ...facts,
    answer: scored.passes ? 'resolved' : 'wrong',
    strength: proposal.strength,
    lane: origin.drafter,
    scoredBy: scored.by,
    words: `${proposal.title}: ${origin.summary}`,
  }
}

async function reportOf({ report }: EvaluationCase): Promise<BugReport> {
  const read = report === undefined ? await reportFrom('The test suite fails.', 'suite') : await reportFrom(report, 'file')
  if ('refused' in read) throw new UsageError(`the report of the case is ${read.refused}`, read.hint)
  return read
}

/** As `fixpoint fix` finds it out; copied dependencies are copied even where no manifest of the tree names them. */
async function workspaceOf({ wishes }: EvaluationCase, folder: string, source: SourceSnapshot, hands: Composed): Promise<Workspace> {
  const settings = readRepositorySettings(source)
  const own = { ...wishes, test: wishes.test ?? settings.test, setup: wishes.setup ?? settings.setup }
  const workspace = await workspaceFor(folder, source, own, hands, { note: () => undefined, warn: () => undefined })
  if (wishes.deps !== 'copy' || workspace.recipe.way !== 'none' || workspace.project.toolchain !== 'node') return workspace
  return { ...workspace, recipe: { ...workspace.recipe, way: 'copy', directories: ['node_modules'] }, dependencyFolder: folder }
}

async function proposalOf(entries: readonly JournalEntry[], archive: Archive): Promise<PlannedProposal | undefined> {
  const planned = entries.map(({ event }) => event).findLast((event) => event.kind === 'proposal-planned')
  return planned === undefined ? undefined : archive.get(PlannedProposal, planned.proposal)
}

/** Reasons that are no answer: something that was needed was not there. */
const NO_ANSWER: ReadonlySet<Diagnosis['reason']> = new Set(['environment', 'model-unavailable'])

async function withoutProposal(run: Run, runId: RunId, archive: Archive): Promise<Answered> {
  if (run.phase !== 'settled' || run.diagnosis === undefined) throw new Error(`${runId} came to rest without a proposal and without a diagnosis`)
  const { reason, summary, missingFact } = await archive.get(Diagnosis, run.diagnosis)
  return { answer: NO_ANSWER.has(reason) ? 'failed' : 'abstained', reason, words: `${summary} ${missingFact}`.replace(/\s+/g, ' ').slice(0, 500) }
}

interface Proposed {
  readonly hands: Composed
  readonly folder: string
  readonly source: SourceSnapshot
  readonly workspace: Workspace
  readonly edits: readonly FileEdit[]
  readonly signal: AbortSignal
}

async function score(
  { scoring }: EvaluationCase,
  { hands, folder, source, workspace, edits, signal }: Proposed,
): Promise<{ passes: boolean; by: CaseResult['scoredBy'] }> {
  switch (scoring.kind) {
    case 'none':
      return { passes: false, by: null }
    case 'program':
      await writeEdits(folder, edits)
      return { passes: await scoring.passes(folder, signal), by: 'program' }
    case 'held-out':
      return {
        passes: heldOutPass(await runHeldOut({ tools: hands.tools, source, workspace, edits, files: scoring.files, signal }), scoring.tests),
        by: 'room',
      }
    default:
      return scoring satisfies never
  }
}

/** A link of the tree could lead out of the folder: nothing is written through one. */
async function writeEdits(folder: string, edits: readonly FileEdit[]): Promise<void> {
  for (const { path, content } of edits) {
    for (let above = dirname(path); above !== '.'; above = dirname(above))
      if (
        await lstat(join(folder, above)).then(
          (facts) => facts.isSymbolicLink(),
          () => false,
        )
      )
        throw new Error(`${path} leads through a link`)
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await rm(join(folder, path), { force: true })
    if (content !== null) await writeFile(join(folder, path), content)
  }
}
