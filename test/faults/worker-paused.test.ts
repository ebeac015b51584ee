import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Ground } from './ground.ts'
import { comesToProposals, keepsItsPromises } from './promises.ts'
import { RoomsCounted } from './rooms-counted.ts'

/** Longer than the lock of a wake-up and the look after it. */
const PAUSE_MS = 15_000

describe('a worker that is paused for longer than its lock', () => {
  it('finds its run in other hands when it wakes, and goes home without a word in its journal', async () => {
    await using ground = await Ground.open()
    await using counted = new RoomsCounted()
    await ground.makeKey()
    await ground.server('--no-worker')
    const sleeper = await ground.worker('sleeper')
    await ground.postUntilTaken('one')
    await sleeper.says(/drafting patches/)
    const other = await ground.worker('other')
    sleeper.signal('SIGSTOP')
    await other.says(/drafting patches/)
    await sleep(PAUSE_MS)
    const before = sleeper.said.length
    sleeper.signal('SIGCONT')
    await comesToProposals(ground)
    expect(sleeper.alive).toBe(true)
    expect(sleeper.said.slice(before), 'it may finish what it thinks, and tells nobody').not.toMatch(/judging the patch/)
    await keepsItsPromises(ground, counted, { interruptions: 1 })
  })
})
