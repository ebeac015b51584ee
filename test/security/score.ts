import { expect, it } from 'vitest'

/** One line of the table: what was attacked, what was seen, whether it held. */
export interface Row {
  readonly id: string
  readonly threat: string
  observed: string
}

declare module 'vitest' {
  interface TaskMeta {
    row?: Row
  }
}

/**
 * A row of the threat catalogue as a test. `attack` throws when the threat gets through; what it returns is what was observed.
 * `id` is the catalogue's (`R1`, `E4`, `W2`); several rows may share one.
 */
export function row(id: string, threat: string, attack: () => Promise<string> | string, timeoutMs?: number): void {
  it(`${id} ${threat}`, { ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }) }, async ({ task }) => {
    const line: Row = { id, threat, observed: 'got through' }
    task.meta.row = line
    try {
      line.observed = (await attack()).replace(/\s+/g, ' ').slice(0, 160)
      expect(line.observed, 'a row says what was observed').not.toBe('')
    } catch (error) {
      line.observed = `FAILED: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`.slice(0, 160)
      throw error
    }
  })
}
