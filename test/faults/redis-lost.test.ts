import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Ground } from './ground.ts'
import { comesToProposals, keepsItsPromises } from './promises.ts'
import { RoomsCounted } from './rooms-counted.ts'

describe('a Redis that carries the queue', () => {
  it('is killed, restarted and emptied, and nothing is lost: it holds nothing but wake-ups', async () => {
    const defects = ['first', 'second']
    await using ground = await Ground.open({ defects, redis: true })
    await using counted = new RoomsCounted()
    await ground.makeKey()
    const server = await ground.server('--no-worker')
    const worker = await ground.worker()

    await ground.postUntilTaken('before', 'first')
    await worker.says(/drafting patches/)
    await ground.redis?.kill()
    // The database is what makes it durable.
    expect(await ground.post('meanwhile', 'second')).toBe(202)
    await sleep(3_000)
    await ground.redis?.startAgain()
    await ground.postUntilTaken('after', 'first')
    await sleep(2_000)
    ground.redis?.flush()
    expect(await ground.post('emptied', 'second')).toBe(202)
    expect([server.alive, worker.alive], 'nobody died of it').toEqual([true, true])
    await comesToProposals(ground)
    await keepsItsPromises(ground, counted, { interruptions: 3 })
  })
})
