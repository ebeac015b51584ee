/** Resolves at the first signal to stop; a second one ends the process at once, and nothing is lost then either. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      let times = 0
      process.on(name, () => {
        times += 1
        if (times > 1) process.exit(130)
        resolve()
      })
    }
  })
}
