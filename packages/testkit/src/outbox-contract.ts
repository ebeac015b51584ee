import { type Announcement, type Outbox, RunId, type Subscription, Topic } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'

const SUBSCRIPTIONS: readonly Subscription[] = [
  { name: 'all', topics: Topic.options },
  { name: 'some', topics: ['run.settled'] },
]
const RUN = RunId.parse(`run_${'1'.padStart(26, '0')}`)
const STARTED: Announcement = { topic: 'run.started' }
const SETTLED: Announcement = { topic: 'run.settled', outcome: 'cancelled' }

/** What every outbox keeps. `make` gives an empty one on the clock of this machine. */
export function outboxContract(make: (subscriptions: readonly Subscription[]) => Outbox | Promise<Outbox>): void {
  const filled = async () => {
    const outbox = await make(SUBSCRIPTIONS)
    await outbox.announce(STARTED, 'one')
    await outbox.announce(SETTLED, 'two')
    return outbox
  }
  const told = async (outbox: Outbox, page = {}) => (await outbox.list({ limit: 9, ...page })).map((one) => [one.subscriber, one.announcement.topic, one.state])

  describe('outbox contract', () => {
    it('has a message for everybody who subscribed to the topic, once per key', async () => {
      const outbox = await make(SUBSCRIPTIONS)
      expect(await outbox.announce(STARTED, 'one')).toBe(1)
      expect(await outbox.announce(STARTED, 'one')).toBe(0)
      expect(await outbox.announce(SETTLED, 'one')).toBe(2)
      expect((await told(outbox)).toSorted()).toEqual([
        ['all', 'run.settled', 'waiting'],
        ['all', 'run.started', 'waiting'],
        ['some', 'run.settled', 'waiting'],
      ])
      expect(await told(outbox, { subscriber: 'some' })).toHaveLength(1)
      expect(await told(outbox, { state: 'sent' })).toEqual([])
      expect(await outbox.announce({ topic: 'run.parked', deaths: 6 }, 'one', RUN)).toBe(1)
      expect((await outbox.list({ limit: 1 }))[0]).toMatchObject({ announcement: { topic: 'run.parked', deaths: 6 }, run: RUN })
    })

    it('gives out the messages of a subscriber one at a time, oldest first, and of each subscriber one to begin with', async () => {
      const outbox = await filled()
      expect(await Promise.all((await outbox.due()).map(async (id) => (await outbox.get(id))?.subscriber))).toEqual(['all', 'some'])
      const first = await outbox.take('all', 60_000)
      expect(first).toMatchObject({ announcement: STARTED, attempts: 1 })
      expect(await outbox.take('all', 60_000)).toBeUndefined()
      expect(await outbox.take('some', 60_000)).toMatchObject({ announcement: SETTLED })
      await outbox.conclude(first?.id ?? '', { state: 'sent' })
      expect(await outbox.take('all', 60_000)).toMatchObject({ announcement: SETTLED })
      expect(await outbox.due()).toEqual([])
    })

    it('puts off without forgetting how often it was tried, and lets the next one go first', async () => {
      const outbox = await filled()
      const first = await outbox.take('all', 60_000)
      await outbox.conclude(first?.id ?? '', { againInMs: 60_000, reason: 'it answered 500' })
      expect(await outbox.get(first?.id ?? '')).toMatchObject({ state: 'waiting', attempts: 1, reason: 'it answered 500' })
      expect(await outbox.take('all', 60_000)).toMatchObject({ announcement: SETTLED })
    })

    it('sends again what was sent or given up, as if for the first time', async () => {
      const outbox = await filled()
      const { id = '' } = (await outbox.take('all', 60_000)) ?? {}
      await outbox.conclude(id, { state: 'failed', reason: 'it answered 500' })
      expect(await told(outbox, { state: 'failed' })).toEqual([['all', 'run.started', 'failed']])
      expect(await outbox.resend(id)).toBe(true)
      expect(await outbox.take('all', 60_000)).toMatchObject({ id, attempts: 1, reason: undefined })
      await outbox.conclude(id, { state: 'sent' })
      await outbox.conclude(id, { state: 'failed', reason: 'somebody was late' })
      expect(await outbox.get(id)).toMatchObject({ state: 'sent' })
      expect(await outbox.resend('out_nobody')).toBe(false)
    })
  })
}
