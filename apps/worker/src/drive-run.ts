import { Failure, type Progress, type Run, type RunId, StaleRun, type Step } from '@fixpoint/core'
import { drive, passesByItself } from '@fixpoint/engine'
import type { Handled, WorkerHands } from './hands.ts'

const LISTEN_MS = 1_000
const STOPPED_MS = 30_000

/** What passes by itself: nobody's try is counted. Everything else is thrown, and after three throws the run is parked. */
const COMES_BACK_MS = 15_000

/** What is being handed over is past cancelling: the run loop says so to whoever asks. */
const PAST_CANCELLING: ReadonlySet<Step['kind']> = new Set(['publish-proposal', 'settle-run'])

export interface DriveContext {
  /** Aborting it leaves the run as its journal tells it. */
  readonly pause: AbortSignal
  readonly waitedMs?: number
  /** The run came to rest, waits for a person, or was paused. */
  readonly rested?: (run: Run) => Promise<void>
  /** A step begins: whatever came before it is in the journal. */
  readonly stepping?: () => void
}

/** Drives one run until it rests, waits for a person, or is paused. Somebody who says cancel is heard within a second, in the middle of a step too. */
export async function driveRun(runId: RunId, { pause, waitedMs = 0, rested, stepping }: DriveContext, hands: WorkerHands): Promise<Handled> {
  const { journal, inbox, log } = hands
  if (await hands.stopped()) return { againInMs: STOPPED_MS }
  const cancel = new AbortController()
  const stop = new AbortController()
  const over = new AbortController()
  let step: Step['kind'] | undefined
  const tell = hands.progress(runId)
  const progress = (told: Progress) => {
    if (told.kind === 'step-started') {
      step = told.step
      stepping?.()
    }
    tell(told)
  }
  const listening = listen(runId, hands, over.signal, {
    cancelled: () => {
      if (step === undefined || !PAST_CANCELLING.has(step)) cancel.abort(new Error('cancelled by a person'))
    },
    stopped: () => stop.abort(new Error('the emergency stop is on')),
  })
  try {
    await using opened = await hands.openHands(runId, waitedMs)
    const paused = AbortSignal.any([pause, stop.signal])
    const run = await drive({ runId, journal, tools: opened.tools, signal: cancel.signal, pause: paused, inbox, patient: true, progress })
    const { outcome } = run.phase === 'settled' ? run : { outcome: undefined }
    log.info({ run: runId, phase: run.phase, ...(outcome && { outcome }) }, 'a run comes to rest')
    await rested?.(run)
    return stop.signal.aborted && run.phase !== 'settled' ? { againInMs: STOPPED_MS } : undefined
  } catch (error) {
    if (error instanceof StaleRun) {
      log.info({ run: runId }, 'somebody else drives this run')
      return
    }
    if (!(error instanceof Failure) || !passesByItself(error.code)) throw error
    log.warn({ run: runId, code: error.code, error: error.message, hint: error.hint }, 'the world failed: the run is driven again later')
    return { againInMs: COMES_BACK_MS }
  } finally {
    over.abort()
    await listening
  }
}

/** Looks once a second whether somebody wants the run to end. What cannot be asked now is asked again. */
async function listen(
  runId: RunId,
  { inbox, stopped, clock, log }: WorkerHands,
  over: AbortSignal,
  heard: { readonly cancelled: () => void; readonly stopped: () => void },
): Promise<void> {
  while (!over.aborted) {
    try {
      await clock.sleep(LISTEN_MS, over)
      const [messages, isStopped] = await Promise.all([inbox.waiting(runId), stopped()])
      if (messages.some(({ message }) => message.kind === 'cancel')) heard.cancelled()
      if (isStopped) heard.stopped()
    } catch (error) {
      if (!over.aborted) log.warn({ run: runId, error: error instanceof Error ? error.message : 'unknown' }, 'the inbox could not be read')
    }
  }
}
