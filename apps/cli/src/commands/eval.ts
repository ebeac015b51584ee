import { resolve } from 'node:path'
import { inert } from '@fixpoint/core'
import type { Env } from '../env.ts'
import { runCase } from '../evaluation/case-run.ts'
import { chosenCases, readCaseSet } from '../evaluation/case-sets.ts'
import { evaluate } from '../evaluation/evaluation.ts'
import type { EvaluationCase } from '../evaluation/evaluation-case.ts'
import type { CaseResult, EvaluationResult } from '../evaluation/evaluation-result.ts'
import { duration } from '../evaluation/markdown.ts'
import { openResultFolder, readResult } from '../evaluation/result-folder.ts'
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
  const way = runWayFrom(options)
  const set = await readCaseSet(name, { hideTests: way.settings.hideTests }, env)
  const chosen = chosenCases(set, options.only)
  const before = await earlierResult(name, options, way)
  const result: EvaluationResult = before ?? {
    schema: 'https://fixpoint.dev/schema/evaluation-1.json',
    version: 1,
    cases: name,
    settings: way.settings,
    startedAt: new Date().toISOString(),
    leftOut: options.only === undefined ? [...set.leftOut] : [],
    results: [],
  }
  const waiting = chosen.filter(({ id }) => !result.results.some((each) => each.id === id))
  screen.line(screen.colors.dim(`${waiting.length} cases${before ? `, ${result.results.length} are known` : ''}; lanes ${way.settings.lanes.join(', ')}`))
  await measure(waiting, result, { options, way, env, screen })
  const { cases, resolved, wrong, abstained, failed } = tallyOf('all', result.results)
  screen.line(`${cases} cases: ${resolved.count} resolved, ${wrong.count} wrongly proposed, ${abstained} abstained, ${failed} failed`)
  screen.line(`wrote     ${resolve(options.out, 'result.json')}`)
  screen.line(`wrote     ${resolve(options.out, 'report.md')}`)
  if (options.json) process.stdout.write(`${JSON.stringify({ type: 'result', ...result })}\n`)
  return ExitCode.delivered
}

/** What is known of the same cases run the same way. Throws `UsageError` when there is something else. */
async function earlierResult(name: string, { out, resume }: EvalOptions, { settings }: RunWay): Promise<EvaluationResult | undefined> {
  const before = await readResult(out)
  if (before === undefined) return undefined
  if (!resume) throw new UsageError(`${out} holds a result already`, 'Go on with it by --resume, or name another folder with --out.')
  if (before.cases !== name || JSON.stringify(before.settings) !== JSON.stringify(settings))
    throw new UsageError(
      `${out} holds a result of other cases, or of another way to run them`,
      'Say the same options as then, or name another folder with --out.',
    )
  return before
}

export interface Measuring {
  readonly options: Pick<EvalOptions, 'out' | 'parallel' | 'verbose'>
  readonly way: RunWay
  readonly env: Env
  readonly screen: Screen
}

/** Adds what comes of each case to a result, which is on the disk after every one of them. */
export async function measure(
  waiting: readonly EvaluationCase[],
  result: EvaluationResult,
  { options, way, env, screen }: Measuring,
  report: (result: EvaluationResult) => string = reportOf,
): Promise<void> {
  const folder = await openResultFolder(options.out)
  const write = () => folder.write(result, report(result))
  await interruptible(screen, (signal) =>
    evaluate({
      cases: waiting,
      parallel: parallelFrom(options.parallel),
      signal,
      async run(each, signal) {
        screen.doing(each.id)
        return runCase(each, { env, way, progress: (progress) => follow(each.id, progress, options.verbose ?? false, screen) }, signal)
      },
      async known(found) {
        result.results.push(found)
        await write()
        screen.doing(undefined)
        screen.line(lineOf(found, screen))
      },
    }),
  ).finally(() => screen.doing(undefined))
  await write()
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
