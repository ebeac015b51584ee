import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { codeOf } from '@fixpoint/core'

/**
 * The turn to start a server on `data`: one process at a time. It is a name that the kernel takes back when we die, so it is never left
 * behind. Undefined when somebody else has it. Elsewhere than on Linux everybody always has it: there PostgreSQL's own lock decides alone.
 */
export async function takeTurn(data: string): Promise<AsyncDisposable | undefined> {
  if (process.platform !== 'linux') return { [Symbol.asyncDispose]: async () => undefined }
  const name = `\0fixpoint-postgres-${createHash('sha256').update(data).digest('hex').slice(0, 32)}`
  const server = createServer((socket) => socket.destroy())
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(name, resolve))
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return undefined
    throw error
  }
  server.unref()
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) }
}
