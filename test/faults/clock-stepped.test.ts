import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Ground } from './ground.ts'
import { comesToProposals, keepsItsPromises } from './promises.ts'
import { RoomsCounted } from './rooms-counted.ts'

const STEPPED_CLOCK = fileURLToPath(new URL('stepped-clock.cjs', import.meta.url))
const HOUR_MS = 3_600_000

describe('the clock of a worker that is set while it drives a run', () => {
  it.each([
    ['an hour back', -HOUR_MS],
    ['five minutes ahead', HOUR_MS / 12],
  ])('%s, and put right again: the run goes on', async (_, step) => {
    await using ground = await Ground.open()
    await using counted = new RoomsCounted()
    await ground.makeKey()
    await ground.server('--no-worker')
    const file = await ground.place.file('clock', '0')
    const worker = await ground.worker('worker', { NODE_OPTIONS: `--require ${STEPPED_CLOCK}`, STEPPED_CLOCK: file })
    await ground.postUntilTaken('one')
    await worker.says(/drafting patches/)
    await ground.place.file('clock', String(step))
    await sleep(12_000)
    await ground.postUntilTaken('two')
    await ground.place.file('clock', '0')
    await comesToProposals(ground)
    expect(worker.alive).toBe(true)
    await keepsItsPromises(ground, counted, { interruptions: 1 })
  })
})
