import type { WorkerLog } from './hands.ts'

/** Does what can wait for the next time: when it fails, it is said in the log and nowhere else. */
export async function quietly(log: WorkerLog, message: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    log.warn({ error: error instanceof Error ? error.message : 'unknown' }, message)
  }
}
