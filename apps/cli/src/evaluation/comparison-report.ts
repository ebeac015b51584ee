import { type Comparison, compare, type Shift } from './comparison.ts'
import type { EvaluationResult } from './evaluation-result.ts'
import { cell, dollars, duration, interval, table, whole } from './markdown.ts'
import { settingsOf } from './result-report.ts'

/** So many cases have to flip the same way before chance is an unlikely reason: 2 · 0.5⁶ is the first below 5 %. */
const FEWEST_FLIPS = 6
const LEVEL = 0.05

/** A comparison as a person reads it: what can be told, and what cannot. */
export function comparisonReport(a: EvaluationResult, b: EvaluationResult): string {
  const compared = compare(a, b)
  const sections = [
    `# B against A\n\nA: ${cell(a.cases)}, ${settingsOf(a)}\n\nB: ${cell(b.cases)}, ${settingsOf(b)}`,
    conclusion(compared),
    `${table(['', 'A', 'B', 'only in B', 'only in A', 'difference (95 %)', 'p'], [row('resolved', compared.resolved), row('wrongly proposed', compared.wrong)])}\n\n${METHOD}`,
    compared.flips.length === 0
      ? 'No case came out otherwise.'
      : `## Cases that came out otherwise\n\n${table(
          ['case', 'A', 'B'],
          compared.flips.map(({ id, a, b }) => [cell(id), a, b]),
        )}`,
    `## What it takes: B minus A, mean of a case\n\n${table(
      ['', 'difference', '95 %'],
      [
        ['tokens', signed(compared.tokens.value, whole), range(compared.tokens, whole)],
        ['cost', signed(compared.money.value, dollars), range(compared.money, dollars)],
        ['time', signed(compared.seconds.value, duration), range(compared.seconds, duration)],
      ],
    )}`,
    compared.unpaired.length === 0
      ? ''
      : `## Not compared\n\nOnly one side has them, or failed on them: ${compared.unpaired.map((id) => cell(id)).join(', ')}.`,
  ]
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`
}

const METHOD = 'Intervals: paired bootstrap with a fixed seed. p: exact McNemar, two-sided, on the cases that flipped.'

/** The sentence that a person acts on. */
export function conclusion({ pairs, resolved, wrong }: Pick<Comparison, 'pairs' | 'resolved' | 'wrong'>): string {
  if (pairs === 0) return 'No case was answered by both: there is nothing to compare.'
  const told = [sentence('resolves', resolved), sentence('is wrong on', wrong)].filter((text) => text !== undefined)
  if (told.length > 0) return told.join(' ')
  const flips = Math.max(resolved.gained.length + resolved.lost.length, wrong.gained.length + wrong.lost.length)
  if (flips === 0)
    // J. A. Hanley and A. Lippman-Hand 1983, "If nothing goes wrong, is everything all right?": with none of n, up to 3 of n are possible.
    return `**No difference on ${pairs} cases.** So few would not show one of up to ${Math.min(100, Math.round(300 / pairs))} %.`
  return `**${pairs} cases are too few to tell.** ${flips === 1 ? 'One flipped' : `${flips} flipped`}; at least ${FEWEST_FLIPS} have to flip, all the same way, before chance is an unlikely reason.`
}

function sentence(does: string, { gained, lost, p }: Shift): string | undefined {
  if (p >= LEVEL) return undefined
  return `**B ${does} ${gained.length > lost.length ? 'more' : 'fewer'}**: ${gained.length} that A does not, ${lost.length} the other way round (p = ${p.toFixed(3)}).`
}

function row(name: string, { a, b, gained, lost, difference, p }: Shift): string[] {
  const points = (value: number) => String(Math.round(value * 100))
  const shift = `${signed(difference.value, points)} points (${range(difference, points)})`
  return [name, interval(a), interval(b), String(gained.length), String(lost.length), shift, p.toFixed(3)]
}

function signed(value: number, words: (value: number) => string): string {
  return value < 0 ? `−${words(-value)}` : `+${words(value)}`
}

function range({ low, high }: { low: number; high: number }, words: (value: number) => string): string {
  return `${signed(low, words)} to ${signed(high, words)}`
}
