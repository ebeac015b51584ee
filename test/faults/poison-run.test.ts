import { describe, expect, it } from 'vitest'
import { Ground } from './ground.ts'
import { comesToProposals, keepsItsPromises } from './promises.ts'
import { RoomsCounted } from './rooms-counted.ts'
import { until } from './service-process.ts'

/** The last three after rests of half a minute on average. */
const DEATHS = 6

describe('a run that kills its workers', () => {
  it('is parked after six deaths at one place with its evidence, and goes on when a person releases it', async () => {
    await using ground = await Ground.open()
    await using counted = new RoomsCounted()
    await ground.makeKey()
    await ground.server('--no-worker')
    const person = await ground.makePerson()
    await ground.postUntilTaken('poison')
    for (let death = 0; death < DEATHS; death += 1) {
      const worker = await ground.worker()
      await worker.says(/drafting patches|of \d+ tried/)
      await worker.ended('SIGKILL')
    }
    const survivor = await ground.worker()
    const [held] = await until(
      'the report is held',
      async () => {
        const held = await ground.ask<{ reason: string; run: string }>(
          "SELECT reason, run FROM fixpoint.reports report JOIN fixpoint.report_runs owned ON owned.report = report.id WHERE state = 'held'",
        )
        return held.length > 0 ? held : undefined
      },
      () => ground.words,
    )
    expect(held?.reason).toContain('its worker died 6 times')
    expect(survivor.said).not.toContain('…')
    expect(await person('GET', `/api/runs/${held?.run}`)).toMatchObject({
      status: 200,
      body: { parked: { deaths: DEATHS, reason: expect.stringContaining('died') } },
    })

    expect(await person('POST', `/api/runs/${held?.run}/retry`)).toMatchObject({ status: 201, body: { run: held?.run } })
    await comesToProposals(ground)
    await keepsItsPromises(ground, counted, { interruptions: DEATHS })
  })
})
