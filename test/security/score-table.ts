import type { Reporter, TestModule } from 'vitest/node'
import type { Row } from './score.ts'

/** Prints the rows of the security suite as a table, and their sum. A row that did not run, or was skipped, counts as one that failed. */
// biome-ignore lint/style/noDefaultExport: the runner asks for one
export default class ScoreTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules
      .filter((module) => ['security', 'cheats'].includes(module.project.name))
      .flatMap((module) => [...module.children.allTests()].flatMap((test) => lineOf(test.meta().row as Row | undefined, test.result().state, test.name)))
    if (lines.length === 0) return
    lines.sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
    const cells = [['id', 'threat', 'observed', 'verdict'], ...lines.map(({ id, threat, observed, verdict }) => [id, threat, observed, verdict])]
    const widths = [0, 1, 2].map((column) => Math.min(column === 2 ? 90 : 62, Math.max(...cells.map((cell) => (cell[column] ?? '').length))))
    const print = (cell: readonly string[]) => process.stdout.write(`${cell.map((text, column) => cut(text, widths[column])).join(' | ')}\n`)
    process.stdout.write('\n')
    cells.forEach((cell, index) => {
      print(cell)
      if (index === 0) print([...widths, 7].map((width) => '-'.repeat(width)))
    })
    const held = lines.filter((line) => line.verdict === 'held').length
    process.stdout.write(`\n${held} of ${lines.length} rows held\n`)
  }
}

function lineOf(row: Row | undefined, state: string, name: string): (Row & { verdict: string })[] {
  if (row === undefined) return state === 'passed' ? [] : [{ id: '?', threat: name, observed: state, verdict: 'FAILED' }]
  return [{ ...row, verdict: state === 'passed' ? 'held' : 'FAILED' }]
}

function cut(text: string, width: number | undefined): string {
  if (width === undefined) return text
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width)
}
