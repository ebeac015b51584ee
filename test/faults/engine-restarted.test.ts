import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Ground } from './ground.ts'
import { MortalEngine } from './mortal-engine.ts'
import { comesToProposals, keepsItsPromises } from './promises.ts'
import { RoomsCounted } from './rooms-counted.ts'

describe('a Docker engine that is restarted while a command runs in a room', () => {
  let engine: MortalEngine | string
  const machines = process.env.DOCKER_HOST

  beforeAll(async () => {
    engine = await MortalEngine.start()
    // For the service, and for those who count and look for what is left.
    if (typeof engine !== 'string') process.env.DOCKER_HOST = engine.host
  })

  afterAll(async () => {
    if (machines === undefined) delete process.env.DOCKER_HOST
    else process.env.DOCKER_HOST = machines
    if (typeof engine !== 'string') await engine[Symbol.asyncDispose]()
  })

  it('has new rooms afterwards, and the run goes on', async ({ skip }) => {
    if (typeof engine === 'string') {
      console.log(`left out: no second engine starts here (${engine})`)
      return skip()
    }
    await using ground = await Ground.open()
    await using counted = new RoomsCounted()
    await ground.makeKey()
    await ground.server('--no-worker')
    const worker = await ground.worker()
    await ground.postUntilTaken('one')
    await worker.says(/of \d+ tried/)
    await engine.end('SIGTERM')
    await sleep(2_000)
    await engine.startAgain()
    await comesToProposals(ground)
    expect(worker.alive).toBe(true)
    await keepsItsPromises(ground, counted, { interruptions: 2 })
  })
})
