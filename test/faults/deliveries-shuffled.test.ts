import { describe, expect, it } from 'vitest'
import { chance } from './chance.ts'
import { Ground } from './ground.ts'
import { comesToProposals, keepsItsPromises } from './promises.ts'
import { RoomsCounted } from './rooms-counted.ts'

const SEED = 99
const ALERTS = 60
const TIMES = 3

describe('deliveries that come late, in any order and several times', () => {
  it('count once each, before and after their run', async () => {
    await using ground = await Ground.open()
    await using counted = new RoomsCounted()
    await ground.makeKey()
    await ground.server('--no-worker')
    const worker = await ground.worker()
    const random = chance(SEED)
    const shuffled = Array.from({ length: ALERTS * TIMES }, (_, number) => ({ id: `alert-${number % ALERTS}`, place: random() })).toSorted(
      (a, b) => a.place - b.place,
    )
    const half = shuffled.length / 2
    await Promise.all(shuffled.slice(0, half).map(({ id }) => ground.postUntilTaken(id)))
    await worker.says(/judging the patch/)
    await Promise.all(shuffled.slice(half).map(({ id }) => ground.postUntilTaken(id)))
    await comesToProposals(ground)
    const [{ copies } = { copies: '' }] = await ground.ask<{ copies: string }>('SELECT sum(duplicates) AS copies FROM fixpoint.deliveries')
    expect([ground.accepted.size, Number(copies)]).toEqual([ALERTS, ALERTS * (TIMES - 1)])
    await keepsItsPromises(ground, counted, { interruptions: 0 })
  })
})
