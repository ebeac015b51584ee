import { tokensOf } from '@fixpoint/core'
import type { CaseResult, EvaluationResult } from './evaluation-result.ts'
import { cell, dollars, duration, interval, percent, table, whole } from './markdown.ts'
import { type Tally, totalsOf } from './result-totals.ts'

/** A result as a person reads it: what went wrong comes first. */
export function reportOf(result: EvaluationResult): string {
  const totals = totalsOf(result.results)
  const { all } = totals
  const of = (answer: CaseResult['answer']) => result.results.filter((each) => each.answer === answer)
  const sections = [
    `# Evaluation of ${cell(result.cases)}\n\n${settingsOf(result)}`,
    `${all.cases} cases: **${all.resolved.count} resolved**, **${all.wrong.count} wrongly proposed**, ${all.abstained} abstained${expectedly(of('abstained'))}, ${all.failed} failed.\n\n${SHARES}`,
    tallies('All', [all]),
    section('Wrongly proposed', of('wrong'), ['case', 'kind of defect', 'strength', 'lane', 'proposed', 'run'], (each) => [
      cell(each.id),
      cell(each.kind),
      each.strength ?? '–',
      cell(each.lane ?? '–'),
      cell(each.words),
      run(each),
    ]),
    section('Failed: no answer', of('failed'), ['case', 'reason', 'words', 'run'], (each) => [
      cell(each.id),
      cell(each.reason ?? '–'),
      cell(each.words),
      run(each),
    ]),
    section('Resolved', of('resolved'), ['case', 'strength', 'lane', 'attempts', 'turns', 'tokens', 'cost', 'time', 'run'], (each) => [
      cell(each.id),
      each.strength ?? '–',
      cell(each.lane ?? '–'),
      String(each.figures.attempts),
      String(each.figures.turns),
      whole(tokensOf(each.figures.usage)),
      dollars(each.figures.money),
      duration(each.figures.seconds),
      run(each),
    ]),
    section('Abstained', of('abstained'), ['case', 'reason', 'words', 'tokens', 'cost', 'time', 'run'], (each) => [
      cell(each.id),
      `${cell(each.reason ?? '–')}${each.expects === 'abstain' ? ' (as it should)' : ''}`,
      cell(each.words, 300),
      whole(tokensOf(each.figures.usage)),
      dollars(each.figures.money),
      duration(each.figures.seconds),
      run(each),
    ]),
    tallies('By kind of defect', totals.byKind),
    tallies('By the lane that proposed', totals.byLane),
    tallies('By strength of the proposal', totals.byStrength),
    `## What it took\n\n${table(
      ['', 'median of a fix', 'all cases'],
      [
        ['tokens', whole(totals.tokensPerFix), whole(totals.tokens)],
        ['cost', dollars(totals.moneyPerFix), dollars(totals.money)],
        ['turns', whole(totals.turnsPerFix), whole(result.results.reduce((sum, { figures }) => sum + figures.turns, 0))],
        ['time', duration(totals.secondsPerFix), duration(result.results.reduce((sum, { figures }) => sum + figures.seconds, 0))],
      ],
    )}\n\nInput from the third turn on that came from a provider’s cache: ${percent(totals.cachedShareLater)}.`,
    totals.steps.length === 0
      ? ''
      : `## Time by step\n\n${table(
          ['step', 'runs', 'median', '90 % within'],
          totals.steps.map(({ step, runs, median, p90 }) => [step, String(runs), duration(median), duration(p90)]),
        )}`,
    result.leftOut.length === 0 ? '' : `## Left out\n\n${result.leftOut.map((why) => `- ${cell(why)}`).join('\n')}`,
  ]
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`
}

const SHARES = 'Shares are of the cases that were answered, with the 95 % interval (Wilson).'

export function settingsOf({ settings, startedAt, results }: EvaluationResult): string {
  const models = [...new Set(results.flatMap(({ figures }) => figures.models))]
  const prompts = [...new Set(results.flatMap(({ figures }) => figures.prompts))]
  const parts = [
    `lanes ${settings.lanes.map((lane) => cell(lane)).join(', ')}`,
    models.length === 0 ? 'no model was asked' : `asked ${models.map((name) => cell(name)).join(', ')} (${settings.asked})`,
    prompts.length === 0 ? '' : `prompts ${prompts.map((name) => cell(name)).join(', ')}`,
    ...Object.entries(settings.budget).map(([name, amount]) => `${name} ${amount}`),
    settings.hideTests ? 'tests of the fix hidden' : '',
    results.some(({ scoredBy }) => scoredBy === 'program') ? 'scored by the cases’ own program on this machine, not in a room' : '',
    `begun ${startedAt.slice(0, 16).replace('T', ' ')} UTC`,
  ]
  return `${parts.filter((part) => part !== '').join(' · ')}.`
}

function expectedly(abstained: readonly CaseResult[]): string {
  const rightly = abstained.filter(({ expects }) => expects === 'abstain').length
  return rightly === 0 ? '' : ` (${rightly} as they should)`
}

function tallies(title: string, rows: readonly Tally[]): string {
  if (rows.length === 0) return ''
  const body = rows.map((row) => [
    cell(row.name),
    String(row.cases),
    `${row.resolved.count}: ${interval(row.resolved)}`,
    `${row.wrong.count}: ${interval(row.wrong)}`,
    String(row.abstained),
    String(row.failed),
  ])
  return `## ${title}\n\n${table(['', 'cases', 'resolved', 'wrongly proposed', 'abstained', 'failed'], body)}`
}

function section(title: string, results: readonly CaseResult[], head: readonly string[], row: (each: CaseResult) => readonly string[]): string {
  return results.length === 0 ? '' : `## ${title}\n\n${table(head, results.map(row))}`
}

function run({ run }: CaseResult): string {
  return run === null ? '–' : `\`${run.slice(-6)}\``
}
