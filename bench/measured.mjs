// Shared by the benchmarks: times, medians, and the table at the end. Nothing is asserted: a busy machine is no defect.
import { loadavg } from 'node:os'

const rows = []

export async function timed(work) {
  const started = performance.now()
  const value = await work()
  return { ms: performance.now() - started, value }
}

/** `count` times each, taking turns, so that a machine that grows slower meanwhile is slow for both. */
export async function takingTurns(count, ...works) {
  const times = works.map(() => [])
  for (let turn = 0; turn < count; turn++) for (const [index, work] of works.entries()) times[index].push((await timed(work)).ms)
  return times.map(median)
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted.length === 0 ? Number.NaN : sorted[Math.floor(sorted.length / 2)]
}

/** The least of `count` times each, taking turns: for work of one process, whatever else the machine does. */
export async function leastOfTurns(count, ...works) {
  const times = works.map(() => [])
  for (let turn = 0; turn < count; turn++) for (const [index, work] of works.entries()) times[index].push((await timed(work)).ms)
  return times.map((all) => Math.min(...all))
}

/** `meets`: true, false, or undefined when there is no target. */
export function row(what, measured, target, meets) {
  rows.push([what, measured, target, meets === undefined ? 'reported' : meets ? 'meets' : 'MISSES'])
}

export function showTable() {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)))
  for (const cells of rows) console.log(cells.map((cell, column) => cell.padEnd(widths[column])).join('   '))
  console.log(
    `load of the machine: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  )
}
