import type { EvaluationResult } from '../evaluation/evaluation-result.ts'
import { cell, dollars, duration, table } from '../evaluation/markdown.ts'
import { reportOf } from '../evaluation/result-report.ts'
import { type Tally, totalsOf } from '../evaluation/result-totals.ts'
import type { BacktestHistory } from './history.ts'

/** What an owner has to know before a pull request is allowed, in plain words; then everything that was measured. */
export function backtestReport(history: BacktestHistory, result: EvaluationResult): string {
  const sections = [
    '# What would have become of your last fixes',
    plainWords(history, result).join('\n\n'),
    `## Commits that were looked at\n\n${table(
      ['commits', 'what became of them'],
      [
        [String(history.cases.length), 'used: their tests fail without the fix and pass with it'],
        [String(history.leftOut.length), 'looked like a fix and could not be used: see below'],
        ...Object.entries(history.notFixes)
          .sort(([, a], [, b]) => b - a)
          .map(([why, count]) => [String(count), cell(why)]),
      ],
    )}`,
    history.leftOut.length === 0
      ? ''
      : `## Fixes that could not be used\n\n${table(
          ['commit', 'subject', 'why'],
          history.leftOut.map(({ commit, subject, why }) => [`\`${commit.slice(0, 10)}\``, cell(subject), cell(why)]),
        )}`,
    `## The cases\n\n${table(
      ['case', 'subject', 'kind', 'came out'],
      result.results.map((each) => [
        `\`${each.id}\``,
        cell(each.title),
        cell(each.kind),
        each.answer === 'abstained' ? `abstained: ${each.reason}` : each.answer,
      ]),
    )}`,
    reportOf(result).replace(/^# .*$/m, '# In detail'),
  ]
  return `${sections.filter((text) => text !== '').join('\n\n')}`
}

/** The sentences that are also printed. */
export function plainWords(history: BacktestHistory, result: EvaluationResult): string[] {
  const totals = totalsOf(result.results)
  const { cases, resolved, wrong, abstained, failed } = totals.all
  const answered = cases - failed
  const took = resolved.count === 0 ? '' : ` A fix took ${duration(totals.secondsPerFix)} and ${dollars(totals.moneyPerFix)} (median).`
  return [
    `Of the last ${answered} fixes with a test that could be tried, Fixpoint would have fixed ${resolved.count}, proposed something wrong for ${wrong.count}, and left ${abstained} alone, saying why.${took} All ${cases} together took ${duration(result.results.reduce((sum, { figures }) => sum + figures.seconds, 0))} and ${dollars(totals.money)}.${failed === 0 ? '' : ` ${failed} more gave no answer: the environment failed.`}`,
    `${history.looked} commits were looked at: ${history.cases.length} became cases, ${history.leftOut.length} looked like fixes and could not be used, ${Object.values(history.notFixes).reduce((sum, count) => sum + count, 0)} were something else.`,
    ...caveats(totals.all, answered),
  ]
}

function caveats(all: Tally, answered: number): string[] {
  const of = ({ low, high }: { low: number; high: number }) => `${Math.round(low * 100)} to ${Math.round(high * 100)} of 100`
  return [
    `How far that can be trusted: ${answered} cases say that ${of(all.resolved)} bugs like these would be fixed and ${of(all.wrong)} wrongly proposed (95 %). They are bugs that somebody fixed together with a test, smaller than the average one; what a run was told is what that test prints, and it never saw the test. Right means that the fix’s own tests pass; no person has read the patches. Nothing in the repository was changed, and no pull request was opened.`,
  ]
}
