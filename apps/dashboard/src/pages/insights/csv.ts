import type { Insights, RunGroup } from './insights.ts'

const HEADER = ['part', 'name', 'measure', 'value'] as const

/** All numbers of the page, a line each. */
export function csvOf(insights: Insights): string {
  const { since, until, funnel, decided, retention, perMerged, steps, failures } = insights
  const lines: (readonly (string | number)[])[] = [
    HEADER,
    ['time', '', 'since', since],
    ['time', '', 'until', until],
    ...Object.entries(funnel).map(([stage, runs]) => ['funnel', stage, 'count', runs] as const),
    ...Object.entries(decided).map(([decision, runs]) => ['decided', decision, 'runs', runs] as const),
    ...retention.flatMap(({ days, measured, share }) => [
      ['retention', `${days} days`, 'measured', measured] as const,
      ['retention', `${days} days`, 'share', share] as const,
    ]),
    ...Object.entries(perMerged ?? {}).map(([measure, value]) => ['per merged fix', '', measure, value] as const),
    ...steps.flatMap(({ step, slower, ...numbers }) => [
      ...Object.entries(numbers).map(([measure, value]) => ['step', step, measure, value] as const),
      ['step', step, 'slower', String(slower)] as const,
    ]),
    ...failures.map(({ reason, runs }) => ['failure', reason, 'runs', runs] as const),
    ...linesOf('repository', insights.byRepository),
    ...linesOf('drafter', insights.byDrafter),
    ...linesOf('model', insights.byModel),
  ]
  return `${lines.map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`
}

function linesOf(part: string, groups: readonly RunGroup[]) {
  return groups.flatMap(({ name, ...numbers }) => Object.entries(numbers).map(([measure, value]) => [part, name, measure, value] as const))
}

/** Text that a spreadsheet would take for a formula begins with an apostrophe. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
