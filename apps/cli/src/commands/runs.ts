import { join } from 'node:path'
import { BugReport, Diagnosis, fold, IllegalEvent, inert, type Journal, type RunId } from '@fixpoint/core'
import { Archive, FailureDetail, Judgement, PlannedProposal, Workspace } from '@fixpoint/engine'
import { UnreadableJournal } from '@fixpoint/store'
import { compose, composeStore } from '../compose.ts'
import { assertWritable } from '../deliver.ts'
import type { Env } from '../env.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import { knownRun } from '../known-run.ts'
import type { Screen } from '../present/terminal.ts'
import { driveToRest, reapFirst } from './fix.ts'
import { rest } from './rest.ts'

export async function listRuns(options: { json?: boolean }, env: Env, screen: Screen): Promise<ExitCode> {
  const { journal, artifacts } = composeStore(env)
  const archive = new Archive(artifacts)
  const rows = await Promise.all((await journal.list()).map((runId) => rowOf(runId, journal, archive)))
  if (options.json) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`)
  else for (const row of rows) process.stdout.write(`${row.runId}  ${row.openedAt.slice(0, 19)}  ${row.state.padEnd(12)} ${row.title}\n`)
  if (rows.length === 0)
    screen.line('No runs of the command line yet: fixpoint fix --repo <dir> --report <file>. Those of the service: fixpoint review list, GET /api/runs')
  return ExitCode.delivered
}

/** A run as one line. One whose journal cannot be read is listed too, so that a person learns of it. */
async function rowOf(runId: RunId, journal: Journal, archive: Archive): Promise<{ runId: string; openedAt: string; state: string; title: string }> {
  try {
    const entries = await journal.read(runId)
    const run = fold(entries)
    const first = entries[0]?.event
    const report = first?.kind === 'run-opened' ? await archive.get(BugReport, first.report).catch(() => undefined) : undefined
    const title = report ? (inert(report.title, 80).split('\n')[0] ?? '') : '(the report has expired)'
    return { runId, openedAt: entries[0]?.at ?? '', state: run.phase === 'settled' ? run.outcome : run.phase, title }
  } catch (error) {
    if (!(error instanceof UnreadableJournal || error instanceof IllegalEvent)) throw error
    return { runId, openedAt: '', state: 'unreadable', title: error.message }
  }
}

export async function showRun(id: string, options: { json?: boolean }, env: Env, screen: Screen): Promise<ExitCode> {
  const { journal, artifacts, runFolder } = composeStore(env)
  const { runId, entries } = await knownRun(id, journal)
  const archive = new Archive(artifacts)
  const run = fold(entries)
  if (run.phase !== 'settled') {
    process.stdout.write(
      options.json ? `${JSON.stringify({ runId, state: run.phase })}\n` : `${runId} is ${run.phase}. Go on with: fixpoint runs resume ${runId}\n`,
    )
    return ExitCode.delivered
  }
  const { result } = await rest(run, { runId, journal, archive, folders: [join(runFolder(runId), 'out')], screen })
  if (options.json) {
    const diagnosis = run.diagnosis ? await archive.get(Diagnosis, run.diagnosis) : null
    const proposal = run.proposal ? await archive.get(PlannedProposal, run.proposal) : null
    process.stdout.write(`${JSON.stringify({ ...result, details: diagnosis ?? proposal })}\n`)
  }
  return ExitCode.delivered
}

/** The facts of a run in order, with what stands behind their digests. */
export async function logRun(id: string, options: { json?: boolean }, env: Env): Promise<ExitCode> {
  const { journal, artifacts } = composeStore(env)
  const { entries } = await knownRun(id, journal)
  const archive = new Archive(artifacts)
  for (const entry of entries) {
    if (options.json) {
      process.stdout.write(`${JSON.stringify(entry)}\n`)
      continue
    }
    process.stdout.write(`${entry.at}  ${entry.event.kind}\n`)
    const { event } = entry
    if (event.kind === 'patch-judged') {
      const judgement = await archive.get(Judgement, event.judgement)
      process.stdout.write(`    ${inert(judgement.candidate.origin.summary)}: ${event.verdict}\n`)
      for (const gate of judgement.verdict.gates) process.stdout.write(`      ${gate.status.padEnd(14)} ${gate.gate}: ${inert(gate.summary, 200)}\n`)
    } else if (event.kind === 'step-failed' || event.kind === 'run-stopped') {
      const detail = await archive.get(FailureDetail, event.detail)
      process.stdout.write(`    ${detail.step}: ${inert(detail.message, 500)}\n`)
    }
  }
  return ExitCode.delivered
}

/** Goes on with a run that was cut off. */
export async function resumeRun(id: string, options: { json?: boolean; out?: string }, env: Env, screen: Screen): Promise<ExitCode> {
  const store = composeStore(env)
  const { runId, entries } = await knownRun(id, store.journal)
  const first = entries[0]?.event
  if (first?.kind !== 'run-opened') throw new UsageError(`${runId} was never opened`, 'fixpoint runs list')
  const workspace = await new Archive(store.artifacts).get(Workspace, first.workspace)
  if (options.out !== undefined) await assertWritable(options.out)
  await using hands = await compose(workspace.repository, env)
  await reapFirst(hands, screen)
  return await driveToRest(hands, { env, out: options.out, json: options.json, screen }, async () => runId)
}

/** Folds the journal again and says what the run is after each fact: no world is touched, so it says the same in a year. */
export async function replayRun(id: string, options: { json?: boolean }, env: Env): Promise<ExitCode> {
  const { journal } = composeStore(env)
  const { entries } = await knownRun(id, journal)
  for (const [index, entry] of entries.entries()) {
    const run = fold(entries.slice(0, index + 1))
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ seq: entry.seq, event: entry.event.kind, run })}\n`
        : `${String(entry.seq).padStart(3)}  ${entry.event.kind.padEnd(20)} → ${run.phase}\n`,
    )
  }
  return ExitCode.delivered
}
