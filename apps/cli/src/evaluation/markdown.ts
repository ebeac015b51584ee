import { inert } from '@fixpoint/core'
import type { Interval } from './statistics.ts'

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Foreign words in a cell: on one line, and nothing of them is markup. */
export function cell(text: string, most = 200): string {
  const line = inert(text, most).replace(/\s+/g, ' ').trim()
  return line.replace(/[\\`*_[\]<>|#@]/g, (mark) => (mark === '@' ? '@\u200b' : `\\${mark}`))
}

export function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${Math.round(share * 100)} %`
}

/** `40 % (17–69)` */
export function interval({ value, low, high }: Interval): string {
  return `${Math.round(value * 100)} % (${Math.round(low * 100)}–${Math.round(high * 100)})`
}

export function dollars(money: number | undefined): string {
  if (money === undefined) return '–'
  return money === 0 ? '$0' : `$${money < 0.01 ? money.toFixed(4) : money.toFixed(2)}`
}

export function duration(seconds: number | undefined): string {
  if (seconds === undefined) return '–'
  return seconds < 90 ? `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`
}

export function whole(value: number | undefined): string {
  return value === undefined ? '–' : String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
}
