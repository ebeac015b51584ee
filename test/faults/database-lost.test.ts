import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Ground } from './ground.ts'
import { comesToProposals, keepsItsPromises } from './promises.ts'
import { RoomsCounted } from './rooms-counted.ts'

const AWAY_MS = 5_000
const FROZEN_MS = 10_000

describe('a database that goes away while alerts arrive and a run is driven', () => {
  it.each([
    [
      'killed, and started again',
      async ({ postgres }: Ground) => {
        await postgres.kill()
        await sleep(AWAY_MS)
        await postgres.startAgain()
      },
    ],
    [
      'frozen for ten seconds',
      async ({ postgres }: Ground) => {
        await postgres.freeze()
        await sleep(FROZEN_MS)
        await postgres.thaw()
      },
    ],
  ])('%s: what was answered with 202 is there, and the run goes on', async (_, happens) => {
    await using ground = await Ground.open()
    await using counted = new RoomsCounted()
    await ground.makeKey()
    const server = await ground.server('--no-worker')
    const worker = await ground.worker()
    await ground.postUntilTaken('the-first')
    await worker.says(/of \d+ tried/)

    let over = false
    const answers = new Map<number | undefined, number>()
    const lane = async (number: number) => {
      for (let count = 0; !over; count += 1) {
        const status = await ground.post(`${number}-${count}`)
        answers.set(status, (answers.get(status) ?? 0) + 1)
        await sleep(50)
      }
    }
    const lanes = [1, 2, 3, 4].map(lane)
    await sleep(1_000)
    await happens(ground)
    await sleep(2_000)
    over = true
    await Promise.all(lanes)
    expect(
      [...answers.keys()].filter((status) => status !== 202 && status !== 503),
      'either it is kept, or the source is told to come again',
    ).toEqual([])
    await ground.postUntilTaken('the-last')
    expect([server.alive, worker.alive], 'nobody died of it').toEqual([true, true])
    await comesToProposals(ground)
    await keepsItsPromises(ground, counted, { interruptions: 2 })
  })
})
