import type { InsightReport } from '@fixpoint/core'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { expect, test } from 'vitest'
import { aDesk } from './testing.ts'

const told: InsightReport = {
  funnel: { reports: 5, runs: 4, reproduced: 3, patched: 3, verified: 2, proposed: 2, merged: 0, surviving: 0 },
  decided: { merged: 0, delivered: 0, declined: 1, waiting: 1 },
  ...{ retention: [], perMerged: undefined, failures: [{ reason: 'not-reproduced', runs: 1 }], byRepository: [], byDrafter: [], byModel: [] },
  steps: [
    { step: 'judge-patch', times: 9, medianMs: 9000, slowestTenthMs: 12_000, beforeMs: 5000 },
    { step: 'draft-patch', times: 2, medianMs: 9000, slowestTenthMs: 12_000, beforeMs: 5000 },
    { step: 'choose-patch', times: 9, medianMs: 900, slowestTenthMs: 1000, beforeMs: 100 },
    { step: 'reproduce-bug', times: 9, medianMs: 9000, slowestTenthMs: 12_000, beforeMs: undefined },
  ],
}

test('how well it goes: a week by default, and a step that became slower says so', async () => {
  const asked: [number, string | undefined][] = []
  const between = async (since: Date, until: Date, repository?: string) => {
    asked.push([until.getTime() - since.getTime(), repository])
    return told
  }
  const fakes = { deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts: new InMemoryArtifacts() }
  const desk = await aDesk({ ...fakes, tokens: new InMemoryTokens() }, {}, { insights: { between } })
  const headers = await desk.as('read')
  const get = (query: string) => desk.app.inject({ url: `/api/insights${query}`, headers })
  const answer = (await get('')).json()
  expect(answer).toMatchObject({ funnel: { verified: 2 }, decided: { declined: 1 }, failures: [{ reason: 'not-reproduced' }] })
  // Twice is too few, and under a second nobody notices.
  expect(answer.steps.map(({ step, slower }: { step: string; slower: boolean }) => [step, slower])).toEqual([
    ['judge-patch', true],
    ['draft-patch', false],
    ['choose-patch', false],
    ['reproduce-bug', false],
  ])
  expect([answer.perMerged, answer.steps[3].beforeMs]).toEqual([undefined, undefined])
  await get('?since=2026-03-01T00:00:00Z&until=2026-03-02T00:00:00Z&repository=acme%2Fshop')
  expect(asked).toEqual([
    [7 * 24 * 3_600_000, undefined],
    [24 * 3_600_000, 'acme/shop'],
  ])
  for (const wrong of ['?since=yesterday', '?since=2026-03-02T00:00:00Z&until=2026-03-01T00:00:00Z', '?since=2020-01-01T00:00:00Z&until=2026-01-01T00:00:00Z'])
    expect((await get(wrong)).statusCode).toBe(400)
  await desk.app.close()
})
