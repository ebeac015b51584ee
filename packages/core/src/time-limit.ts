/**
 * A signal that aborts after so many milliseconds, also as a part of `AbortSignal.any`. Node 20 holds the signal of `AbortSignal.timeout`
 * weakly until somebody listens to it itself: as a mere source of another signal it is collected, and never fires.
 */
export function timeLimit(ms: number): AbortSignal {
  const signal = AbortSignal.timeout(ms)
  signal.addEventListener('abort', () => {}, { once: true })
  return signal
}
