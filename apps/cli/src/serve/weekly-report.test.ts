import type { ObservedReport } from '@fixpoint/core'
import { InMemoryOutbox } from '@fixpoint/testkit'
import { expect, it } from 'vitest'
import { WeeklyReport } from './weekly-report.ts'

const none = { withheld: 0, identical: 0, sameLines: 0, sameFiles: 0, untouched: 0, unknown: 0, seenAgain: 0 }

function world(withheld: number, topics: readonly ('observe.weekly' | 'run.settled')[] = ['observe.weekly']) {
  const state = { now: new Date('2026-03-11T12:00:00Z'), asked: [] as string[] }
  const subscribers = [{ name: 'team', topics }]
  const outbox = new InMemoryOutbox(subscribers)
  const observed = {
    between: async (since: Date, until: Date): Promise<ObservedReport> => {
      state.asked.push(`${since.toISOString()} ${until.toISOString()}`)
      return { since, until, counts: { ...none, withheld, untouched: withheld }, proposals: [] }
    },
  }
  const report = () => new WeeklyReport({ observed, outbox, subscribers, clock: { now: () => state.now } })
  return { state, outbox, report }
}

it('tells of the week before this one once, in however many processes', async () => {
  const { state, outbox, report } = world(2)
  const [one, other] = [report(), report()]
  for (const each of [one, one, other, report()]) await each.tellIfDue()
  expect(new Set(state.asked)).toEqual(new Set(['2026-03-02T00:00:00.000Z 2026-03-09T00:00:00.000Z']))
  expect(state.asked).toHaveLength(3)
  expect((await outbox.list({ limit: 9 })).map(({ announcement }) => announcement)).toEqual([
    { topic: 'observe.weekly', since: '2026-03-02T00:00:00.000Z', until: '2026-03-09T00:00:00.000Z', ...none, withheld: 2, untouched: 2 },
  ])
  state.now = new Date('2026-03-15T23:59:59Z')
  await one.tellIfDue()
  expect(await outbox.list({ limit: 9 })).toHaveLength(1)
  state.now = new Date('2026-03-16T00:00:00Z')
  await one.tellIfDue()
  expect(await outbox.list({ limit: 9 })).toHaveLength(2)
})

it('says nothing of a week without proposals, and looks at nothing when nobody asked', async () => {
  const quiet = world(0)
  await quiet.report().tellIfDue()
  expect([quiet.state.asked.length, (await quiet.outbox.list({ limit: 9 })).length]).toEqual([1, 0])
  const unasked = world(2, ['run.settled'])
  await unasked.report().tellIfDue()
  expect(unasked.state.asked).toEqual([])
})
