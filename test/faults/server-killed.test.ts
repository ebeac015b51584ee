import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { chance } from './chance.ts'
import { Ground } from './ground.ts'
import { comesToProposals, keepsItsPromises } from './promises.ts'
import { RoomsCounted } from './rooms-counted.ts'

const SEED = 7
const DEATHS = 4

describe('a server that is killed while it answers', () => {
  it('has every delivery that it said 202 to; what it did not answer is sent again', async () => {
    await using ground = await Ground.open()
    await using counted = new RoomsCounted()
    await ground.makeKey()
    const random = chance(SEED)
    const unanswered: string[] = []
    for (let death = 0; death < DEATHS; death += 1) {
      const server = await ground.server('--no-worker')
      let dead = false
      const lane = async (number: number) => {
        for (let count = 0; !dead; count += 1) {
          const id = `${death}-${number}-${count}`
          if ((await ground.post(id)) !== 202) unanswered.push(id)
        }
      }
      const lanes = Array.from({ length: 8 }, (_, number) => lane(number))
      await sleep(500 + random() * 1_500)
      await server.ended('SIGKILL')
      dead = true
      await Promise.all(lanes)
    }
    expect(ground.accepted.size, 'it was killed while it answered').toBeGreaterThan(50)
    expect(unanswered.length).toBeGreaterThan(0)
    await ground.server('--no-worker')
    for (const id of unanswered) await ground.postUntilTaken(id)
    await ground.worker()
    await comesToProposals(ground)
    await keepsItsPromises(ground, counted, { interruptions: 0 })
  })
})
