import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { chance } from './chance.ts'
import { Ground } from './ground.ts'
import { comesToProposals, keepsItsPromises } from './promises.ts'
import { RoomsCounted } from './rooms-counted.ts'

const SEED = 20_260
const STEPS = [/reproducing the failure/, /gathering context/, /drafting patches/, /of \d+ tried/, /a patch to judge/, /judging the patch/]

describe('a worker that is killed at random steps', () => {
  it('is replaced: every run goes on where it was, in real rooms', async () => {
    const defects = ['first', 'second', 'third']
    await using ground = await Ground.open({ defects })
    await using counted = new RoomsCounted()
    await ground.makeKey()
    await ground.server('--no-worker')
    const random = chance(SEED)
    let [worker, kills] = [await ground.worker(), 0]
    for (const defect of defects) {
      await ground.postUntilTaken(`of-${defect}`, defect)
      // Three deaths would park it.
      for (let deaths = 0; deaths < 2; deaths += 1) {
        const step = STEPS[Math.floor((deaths + random()) * (STEPS.length / 2))] ?? /judging/
        await worker.says(step)
        await sleep(random() * 1_500)
        await worker.ended('SIGKILL')
        kills += 1
        worker = await ground.worker()
      }
      await comesToProposals(ground)
    }
    expect(kills).toBeGreaterThanOrEqual(5)
    await keepsItsPromises(ground, counted, { interruptions: kills })
  })
})
