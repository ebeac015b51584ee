import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Closing waits for answers that are under way, and for nothing else. Node would wait for connections that never asked anything too,
 * and looks at none of its time limits any more once it closes. Returns what to call when closing begins.
 */
export function quickToClose(server: Server, patienceMs: number): () => void {
  const asking = new Map<Socket, number>()
  server.on('connection', (socket) => {
    asking.set(socket, 0)
    socket.once('close', () => asking.delete(socket))
  })
  server.on('request', ({ socket }, response) => {
    asking.set(socket, (asking.get(socket) ?? 0) + 1)
    response.once('close', () => {
      const left = asking.get(socket)
      if (left !== undefined) asking.set(socket, left - 1)
    })
  })
  return () => {
    for (const [socket, count] of asking) if (count === 0) socket.destroy()
    setTimeout(() => server.closeAllConnections(), patienceMs).unref()
  }
}
