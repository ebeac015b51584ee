import type { Log } from './hands.ts'

/** A wake-up that fails loses nothing: what it was about is durable, and the sweep finds it. */
export async function quietly(log: Log, wakeUp: Promise<void>): Promise<void> {
  await wakeUp.catch((cause: unknown) =>
    log.warn({ error: cause instanceof Error ? cause.name : 'unknown' }, 'a wake-up was lost; the sweep finds what it was about'),
  )
}
