import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { assertAnswers, connectEngine } from './docker-engine.ts'

it('an engine that takes the connection and says nothing is unreachable, and does not keep us', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fixpoint-mute-'))
  const open = new Set<Socket>()
  const mute = createServer((socket) =>
    open.add(
      socket
        .resume()
        .on('error', () => undefined)
        .on('close', () => open.delete(socket)),
    ),
  )
  await new Promise<void>((resolve) => mute.listen(join(folder, 'engine.sock'), resolve))
  try {
    const answer = assertAnswers(connectEngine({ host: `unix://${join(folder, 'engine.sock')}` }), 100)
    await expect(answer).rejects.toMatchObject({
      code: 'engine-unreachable',
      message: 'the Docker engine takes connections and does not answer within 0.1 s',
      hint: expect.stringContaining('Restart Docker'),
    })
    await expect.poll(() => open.size, { timeout: 30_000 }).toBe(0)
  } finally {
    for (const socket of open) socket.destroy()
    mute.close()
    await rm(folder, { recursive: true })
  }
})
