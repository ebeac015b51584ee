/** Calls back for each key that is pressed: on a terminal at once, from a pipe as it comes. Ctrl-C stays what it is. Returns how to stop. */
export function onKeys(input: NodeJS.ReadStream, pressed: (key: string) => void): () => void {
  const terminal = input.isTTY === true
  const data = (chunk: Buffer) => {
    for (const key of chunk.toString('utf8')) {
      if (key === '\u0003') process.kill(process.pid, 'SIGINT')
      else pressed(key)
    }
  }
  if (terminal) input.setRawMode(true)
  input.on('data', data)
  return () => {
    input.off('data', data)
    if (terminal) input.setRawMode(false)
    input.pause()
  }
}
