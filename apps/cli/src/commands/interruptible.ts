import type { Screen } from '../present/terminal.ts'

/** Runs something that Ctrl-C cancels: the first one ends it cleanly, the second one at once. */
export async function interruptible<T>(screen: Screen, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130)
    screen.line('\ncancelling and closing the rooms (again to leave at once)')
    controller.abort(new Error('interrupted'))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
}
