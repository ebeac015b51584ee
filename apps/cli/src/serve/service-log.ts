import { inert } from '@fixpoint/core'
import { pino } from 'pino'

type Line = (fields: Readonly<Record<string, unknown>>, message: string) => void

/** Structured lines: words of ours, ids and numbers; never a value of a report. */
export interface ServiceLog {
  readonly info: Line
  readonly warn: Line
  readonly error: Line
}

/** JSON lines on standard output, for a collector. */
export function jsonLog(): ServiceLog {
  const log = pino({ base: { name: 'fixpoint' }, timestamp: pino.stdTimeFunctions.isoTime, redact: ['*.secret', '*.token', '*.password', '*.authorization'] })
  return {
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  }
}

/** For a person at a terminal: what is worth a word. */
export function spokenLog(say: (message: string) => void): ServiceLog {
  const line =
    (mark: string): Line =>
    (fields, message) => {
      const details = Object.entries(fields).map(([name, value]) => `${name} ${inert(String(value), 200)}`)
      say(`${mark} ${message}${details.length > 0 ? ` (${details.join(', ')})` : ''}`)
    }
  return { info: line('·'), warn: line('!'), error: line('✘') }
}
