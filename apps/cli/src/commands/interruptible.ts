import type { Screen } from '../present/terminal.ts'

/** The person said stop, and there was nothing to record. */
export class Interrupted extends Error {
  constructor(options?: ErrorOptions) {
    super('interrupted', options)
    this.name = 'Interrupted'
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs something that Ctrl-C cancels: the first one ends it cleanly, the second one at once. Throws `Interrupted` when it could not end well. */
export async function interruptible<T>(screen: Screen, work: (signal: AbortSignal) => Promise<T>, words = 'cancelling and closing the rooms'): Promise<T> {
  const controller = new AbortController()
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130)
    screen.line(`\n${words} (again to leave at once)`)
    controller.abort(new Interrupted())
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  try {
    return await work(controller.signal)
  } catch (error) {
    throw controller.signal.aborted ? new Interrupted({ cause: error }) : error
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
}
