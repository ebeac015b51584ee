import { describe, expect, it } from 'vitest'
import { Ground } from './ground.ts'
import { comesToProposals, keepsItsPromises } from './promises.ts'
import { RoomsCounted } from './rooms-counted.ts'
import { freePort } from './service-process.ts'

const COPIES = 20

describe('two services on one database', () => {
  it('drive a run once, whichever of them hears of it, and however often', async () => {
    await using ground = await Ground.open()
    await using counted = new RoomsCounted()
    await ground.makeKey()
    const port = await freePort()
    const [one, two] = await Promise.all([ground.start('one', ['serve', '--port', '0']), ground.start('two', ['serve', '--port', `${port}`])])
    const addresses = await Promise.all([one, two].map(async (each) => (await each.says(/listens on (\S+)/))[1] ?? ''))
    const copies = Array.from({ length: COPIES }, (_, copy) => `copy-${copy}`)
    // Every copy to both, at once.
    await Promise.all(copies.flatMap((id) => addresses.map((address) => ground.postUntilTaken(id, 'last', address))))
    await comesToProposals(ground)
    expect(ground.accepted.size).toBe(COPIES)
    await keepsItsPromises(ground, counted, { interruptions: 0 })
  })
})
