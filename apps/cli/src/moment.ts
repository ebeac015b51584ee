import { UsageError } from './exit-codes.ts'

const DAY_MS = 24 * 3_600_000

/** `7d`: so many days ago; or a date. */
export function momentOf(option: string, text: string): Date {
  const days = /^(\d{1,5})d$/.exec(text)?.[1]
  const moment = days === undefined ? new Date(/^\d{4}-\d{2}-\d{2}/.test(text) ? text : Number.NaN) : new Date(Date.now() - Number(days) * DAY_MS)
  if (!Number.isNaN(moment.getTime())) return moment
  throw new UsageError(`${option} does not understand ${JSON.stringify(text)}`, 'Write days (7d) or a date (2026-03-01).')
}
