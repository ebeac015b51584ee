import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { inert } from '@fixpoint/core'
import { backtestReport, plainWords } from '../backtest/backtest-report.ts'
import type { CaseWishes } from '../backtest/case-from-commit.ts'
import { BacktestHistory } from '../backtest/history.ts'
import { searchHistory } from '../backtest/search-history.ts'
import { compose } from '../compose.ts'
import type { Env } from '../env.ts'
import { runWayFrom } from '../evaluation/run-way.ts'
import { readWrittenCases } from '../evaluation/written-cases.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import type { Screen } from '../present/terminal.ts'
import { type EvalOptions, measure, resultIn } from './eval.ts'
import { reapFirst } from './fix.ts'
import { interruptible } from './interruptible.ts'

export interface BacktestOptions extends EvalOptions, CaseWishes {
  readonly repo: string
  readonly last: string
  readonly search: string
  readonly revision: string
}

/** What would have become of a repository's last fixes: told before any pull request is allowed. */
export async function backtest(options: BacktestOptions, env: Env, screen: Screen): Promise<ExitCode> {
  const way = await runWayFrom(options, env, screen)
  const { result, write } = await resultIn(options, way, 'backtest')
  const history = (options.resume ? await readHistory(options.out) : undefined) ?? (await findCases(options, env, screen))
  if (history.cases.length === 0)
    throw new UsageError(
      `none of ${history.looked} commits is a fix whose tests fail without it and pass with it here: ${reasons(history)}`,
      'Look further with --search 2000, or say how to install and test with --setup and --test.',
    )
  const cases = await readWrittenCases(join(options.out, 'cases.json'))
  await measure(cases, result, { options, way, env, screen, write: (known) => write(known, backtestReport(history, known)) })
  screen.line('')
  for (const words of plainWords(history, result)) screen.line(`${words}\n`)
  for (const name of ['report.md', 'result.json', 'cases.json']) screen.line(`wrote     ${resolve(options.out, name)}`)
  if (options.json) process.stdout.write(`${JSON.stringify({ type: 'result', ...result })}\n`)
  return ExitCode.delivered
}

/** Searches the history, and writes down what was found: it took minutes. */
async function findCases(options: BacktestOptions, env: Env, screen: Screen): Promise<BacktestHistory> {
  const { dim, green, yellow } = screen.colors
  const gitDirectory = await mkdtemp(join(tmpdir(), 'fixpoint-backtest-'))
  try {
    await using hands = await compose(resolve(options.repo), env, { gitDirectory })
    await reapFirst(hands, screen)
    const history = await interruptible(screen, (signal) =>
      searchHistory({
        ...{ hands, signal, revision: options.revision, wishes: options },
        last: countFrom('--last', options.last),
        most: countFrom('--search', options.search),
        progress(commit, became) {
          const words = `${commit.commit.slice(0, 10)} ${inert(commit.subject, 80)}`
          screen.doing(became === undefined ? `${words}: do its tests fail without it` : undefined)
          if (typeof became === 'string') screen.line(`${yellow('left out')}  ${words} ${dim(inert(became, 160))}`)
          else if (became !== undefined) screen.line(`${green('a case  ')}  ${words}`)
        },
      }),
    ).finally(() => screen.doing(undefined))
    await writeFile(join(options.out, 'history.json'), `${JSON.stringify(history, undefined, 2)}\n`)
    await writeFile(join(options.out, 'cases.json'), `${JSON.stringify(history.cases, undefined, 2)}\n`)
    return history
  } finally {
    await rm(gitDirectory, { recursive: true, force: true })
  }
}

async function readHistory(out: string): Promise<BacktestHistory | undefined> {
  const text = await readFile(join(out, 'history.json'), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : BacktestHistory.parse(JSON.parse(text))
}

function reasons({ notFixes, leftOut }: BacktestHistory): string {
  return [...Object.entries(notFixes).map(([why, count]) => `${count} × ${why}`), ...leftOut.slice(0, 5).map(({ why }) => why)].join('; ')
}

function countFrom(option: string, text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > 100_000) throw new UsageError(`${option} ${text} is not a number`, `Say how many: ${option} 20.`)
  return count
}
