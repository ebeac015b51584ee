import { writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { Baseline, Diagnosis, inert, Reproduction } from '@fixpoint/core'
import { Archive } from '@fixpoint/engine'
import type { Composed } from '../compose.ts'
import type { Env } from '../env.ts'
import { ExitCode, exitCodeOfReason } from '../exit-codes.ts'
import { makeFolder } from '../folders.ts'
import { showDiagnosis, showKnown } from '../present/outcome.ts'
import type { Screen } from '../present/terminal.ts'
import { parseBudget } from '../settings.ts'
import { driveInSight, type FixOptions, runReport } from './fix.ts'

/** Makes the failure happen and drafts nothing: the failing test, ready to be committed. */
export function reproduce(options: FixOptions, env: Env, screen: Screen): Promise<ExitCode> {
  return undrafted(options, env, screen, async ({ diagnosis, reproduction }, folder) => {
    if (reproduction === undefined) {
      showDiagnosis(screen, diagnosis)
      return { outcome: 'not-reproduced', exitCode: ExitCode.notReproduced, files: [] }
    }
    const files = await writeTests(folder, reproduction)
    showKnown(screen, { reproduction, files })
    return { outcome: 'reproduced', exitCode: ExitCode.delivered, files }
  })
}

/** Says where the cause lies, with evidence, and changes nothing. */
export function explain(options: FixOptions, env: Env, screen: Screen): Promise<ExitCode> {
  return undrafted(options, env, screen, async ({ diagnosis, reproduction }, folder) => {
    const files = reproduction === undefined ? [] : await writeTests(folder, reproduction)
    showKnown(screen, { reproduction, files, diagnosis })
    return { outcome: 'explained', exitCode: ExitCode.delivered, files }
  })
}

interface Known {
  readonly diagnosis: Diagnosis
  readonly reproduction: Reproduction | undefined
}

interface Told {
  readonly outcome: string
  readonly exitCode: ExitCode
  readonly files: readonly string[]
}

/** A run whose budget allows no attempt. */
function undrafted(options: FixOptions, env: Env, screen: Screen, tell: (known: Known, folder: string) => Promise<Told>): Promise<ExitCode> {
  return runReport(options, { ...parseBudget(options.budget), attempts: 0 }, env, screen, async (hands, open) => {
    const { runId, run } = await driveInSight(hands, { env, json: options.json, screen }, open)
    if (run.phase !== 'settled' || run.diagnosis === undefined) {
      screen.line(screen.colors.yellow('Cancelled. Nothing in the repository was changed.'))
      if (options.json) process.stdout.write(`${JSON.stringify({ type: 'result', outcome: 'cancelled', exitCode: ExitCode.interrupted, files: [], runId })}\n`)
      return ExitCode.interrupted
    }
    const { known, detail } = await knownOf(hands, runId, run.diagnosis)
    const told = ANSWERS.has(known.diagnosis.reason)
      ? await tell(known, options.out === undefined ? join(hands.runFolder(runId), 'out') : resolve(options.out))
      : stopped(known, screen)
    if (options.json) process.stdout.write(`${JSON.stringify({ type: 'result', ...told, runId, ...detail })}\n`)
    return told.exitCode
  })
}

/** How a run without an attempt ends when nothing failed. */
const ANSWERS: ReadonlySet<Diagnosis['reason']> = new Set(['budget-exhausted', 'not-reproduced'])

/** The world, the time or a model failed: that is no answer about the defect. */
function stopped({ diagnosis }: Known, screen: Screen): Told {
  showDiagnosis(screen, diagnosis)
  return { outcome: diagnosis.reason, exitCode: exitCodeOfReason(diagnosis.reason), files: [] }
}

async function knownOf(hands: Composed, runId: Parameters<Composed['runFolder']>[0], digest: Parameters<Archive['get']>[1]) {
  const archive = new Archive(hands.tools.artifacts)
  const fact = (await hands.journal.read(runId)).map(({ event }) => event).find((event) => event.kind === 'bug-reproduced')
  const reproduction = fact === undefined ? undefined : await archive.get(Reproduction, fact.reproduction)
  const baseline = fact === undefined ? undefined : await archive.get(Baseline, fact.baseline)
  const diagnosis = await archive.get(Diagnosis, digest)
  return { known: { diagnosis, reproduction }, detail: { reproduction: reproduction ?? null, baseline: baseline ?? null, diagnosis } }
}

/** The tests that the reproduction brings; none when it is a test that was there. */
async function writeTests(folder: string, reproduction: Reproduction): Promise<string[]> {
  if (reproduction.files.length > 0) await makeFolder(folder)
  const written: string[] = []
  for (const { path, content } of reproduction.files) {
    const file = join(folder, inert(basename(path)))
    await writeFile(file, content)
    written.push(file)
  }
  return written
}
