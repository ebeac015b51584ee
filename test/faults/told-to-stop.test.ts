import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Ground } from './ground.ts'
import { comesToProposals, keepsItsPromises } from './promises.ts'
import { RoomsCounted } from './rooms-counted.ts'

const WITHIN_MS = 30_000

describe('a service that is told to stop under load', () => {
  it('ends within half a minute, and nothing is lost', async () => {
    await using ground = await Ground.open()
    await using counted = new RoomsCounted()
    await ground.makeKey()
    const service = await ground.server()
    await ground.postUntilTaken('the-first')
    await service.says(/drafting patches/)
    const unanswered: string[] = []
    const lane = async (number: number) => {
      for (let count = 0; service.alive; count += 1) {
        const id = `${number}-${count}`
        if ((await ground.post(id)) !== 202) unanswered.push(id)
        await sleep(20)
      }
    }
    const lanes = [1, 2, 3, 4].map(lane)
    await sleep(1_000)
    const told = performance.now()
    expect(await service.ended('SIGTERM'), service.said).toBe(0)
    expect(performance.now() - told).toBeLessThan(WITHIN_MS)
    await Promise.all(lanes)
    await ground.server()
    for (const id of unanswered) await ground.postUntilTaken(id)
    await comesToProposals(ground)
    await keepsItsPromises(ground, counted, { interruptions: 1 })
  })
})
