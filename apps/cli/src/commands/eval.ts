import { resolve } from 'node:path'
import { inert } from '@fixpoint/core'
import type { Env } from '../env.ts'
import { runCase } from '../evaluation/case-run.ts'
import { chosenCases, readCaseSet } from '../evaluation/case-sets.ts'
import { evaluate } from '../evaluation/evaluation.ts'
import type { EvaluationCase } from '../evaluation/evaluation-case.ts'
import type { CaseResult, EvaluationResult } from '../evaluation/evaluation-result.ts'
import { duration } from '../evaluation/markdown.ts'
import { openResultFolder, type ResultFolder, readResult } from '../evaluation/result-folder.ts'
import { reportOf } from '../evaluation/result-report.ts'
import { tallyOf } from '../evaluation/result-totals.ts'
import { type RunWay, type RunWayOptions, runWayFrom } from '../evaluation/run-way.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import type { Screen } from '../present/terminal.ts'
import { interruptible } from './interruptible.ts'

export interface EvalOptions extends RunWayOptions {
  readonly only?: string
  readonly parallel?: string
  readonly out: string
  readonly resume?: boolean
  readonly verbose?: boolean
  readonly json?: boolean
}

/** Runs a set of bugs whose answers are known, and writes what came of it. */
export async function evaluateCases(name: string, options: EvalOptions, env: Env, screen: Screen): Promise<ExitCode> {
  const way = await runWayFrom(options, env, screen)
  const set = await readCaseSet(name, { hideTests: way.settings.hideTests }, env)
  const chosen = chosenCases(set, options.only)
  const { result, write } = await resultIn(options, way, name, options.only === undefined ? set.leftOut : [])
  screen.line(screen.colors.dim(`${chosen.length} cases; lanes ${way.settings.lanes.join(', ')}`))
  await measure(chosen, result, { options, way, env, screen, write: (known) => write(known, reportOf(known)) })
  const { cases, resolved, wrong, abstained, failed } = tallyOf('all', result.results)
  screen.line(`${cases} cases: ${resolved.count} resolved, ${wrong.count} wrongly proposed, ${abstained} abstained, ${failed} failed`)
  screen.line(`wrote     ${resolve(options.out, 'result.json')}`)
  screen.line(`wrote     ${resolve(options.out, 'report.md')}`)
  if (options.json) process.stdout.write(`${JSON.stringify({ type: 'result', ...result })}\n`)
  return ExitCode.delivered
}

/** The result of a folder: a new one, or with `--resume` what is known of the same cases run the same way. Throws `UsageError`. */
export async function resultIn(
  { out, resume }: Pick<EvalOptions, 'out' | 'resume'>,
  { settings }: RunWay,
  cases: string,
  leftOut: readonly string[] = [],
): Promise<{ result: EvaluationResult; write: ResultFolder['write'] }> {
  const { write } = await openResultFolder(out)
  const before = await readResult(out)
  if (before !== undefined && !resume) throw new UsageError(`${out} holds a result already`, 'Go on with it by --resume, or name another folder with --out.')
  if (before !== undefined && (before.cases !== cases || JSON.stringify(before.settings) !== JSON.stringify(settings)))
    throw new UsageError(
      `${out} holds a result of other cases, or of another way to run them`,
      'Say the same options as then, or name another folder with --out.',
    )
  const schema = 'https://fixpoint.dev/schema/evaluation-1.json'
  const result = before ?? { schema, version: 1, cases, settings, startedAt: new Date().toISOString(), leftOut: [...leftOut], results: [] }
  return { result, write }
}

export interface Measuring {
  readonly options: Pick<EvalOptions, 'parallel' | 'verbose'>
  readonly way: RunWay
  readonly env: Env
  readonly screen: Screen
  readonly write: (result: EvaluationResult) => Promise<void>
}

/** Adds what comes of each case that a result does not know yet; it is on the disk after every one of them. */
export async function measure(cases: readonly EvaluationCase[], result: EvaluationResult, { options, way, env, screen, write }: Measuring): Promise<void> {
  const waiting = cases.filter(({ id }) => !result.results.some((each) => each.id === id))
  if (waiting.length < cases.length) screen.line(screen.colors.dim(`${cases.length - waiting.length} of them are known already`))
  await interruptible(screen, (signal) =>
    evaluate({
      cases: waiting,
      parallel: parallelFrom(options.parallel),
      signal,
      run: (each, signal) => runCase(each, { env, way, progress: (progress) => follow(each.id, progress, options.verbose ?? false, screen) }, signal),
      async known(found) {
        result.results.push(found)
        await write(result)
        screen.doing(undefined)
        screen.line(lineOf(found, screen))
      },
    }),
  )
    .catch((error: unknown) => {
      screen.line(`${result.results.length} of ${cases.length} cases are known and kept; the same command with --resume goes on`)
      throw error
    })
    .finally(() => screen.doing(undefined))
  await write(result)
}

function follow(id: string, progress: Parameters<Parameters<typeof runCase>[1]['progress']>[0], verbose: boolean, screen: Screen): void {
  if (progress.kind === 'step-started') screen.doing(`${id}: ${progress.step.replaceAll('-', ' ')}`)
  if (verbose && progress.kind === 'step-note') screen.line(screen.colors.dim(`    ${inert(progress.message, 400)}`))
}

function lineOf(result: CaseResult, { colors: { green, red, yellow, dim } }: Screen): string {
  const mark = { resolved: green, wrong: red, abstained: yellow, failed: red }[result.answer]
  const said = result.strength === null ? (result.reason ?? '') : `${result.strength}, ${result.lane}`
  const words = inert(result.words, 140).replace(/\s+/g, ' ')
  return `${result.id.padEnd(28)} ${mark(result.answer.padEnd(9))} ${duration(result.figures.seconds).padStart(8)}  ${said.padEnd(20)} ${dim(words)}`
}

function parallelFrom(text: string | undefined): number {
  const parallel = Number(text ?? 1)
  if (!Number.isInteger(parallel) || parallel < 1 || parallel > 16)
    throw new UsageError(`--parallel ${text} is not a number from 1 to 16`, 'One at a time measures time best.')
  return parallel
}
