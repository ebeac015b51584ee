import type { Deliveries, NewDelivery, Retention } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { STRANGE_TEXTS } from './strange-text.ts'

type Kept = Deliveries & Retention & { forget(before: Date): Promise<number> }

/** What every store of deliveries keeps. `make` gives an empty one on the clock of this machine. */
export function deliveriesContract(make: () => Kept | Promise<Kept>): void {
  describe('deliveries contract', () => {
    it('keeps a delivery as it came', async () => {
      const deliveries = await make()
      const body = Uint8Array.from({ length: 20_000 }, (_, index) => (index * 7919) % 256)
      const headers = { 'x-signature': 'a\u00e9\0\ud800', 'content-type': 'application/json' }
      const { id, fresh } = await deliveries.accept(aDelivery({ body, headers }))
      expect(fresh).toBe(true)
      const content = await deliveries.content(id)
      expect(content?.headers).toEqual(headers)
      expect(Buffer.from(content?.body ?? []).equals(body)).toBe(true)
      const [line] = await deliveries.list({ limit: 10 })
      expect(line).toEqual({
        ...{ id, source: 'sentry', key: 'key_1', deliveryId: 'd-1', bytes: 20_000, state: 'accepted' },
        ...{ receivedAt: expect.any(Date), reason: undefined, reports: [], duplicates: 0 },
      })
      expect(Math.abs(Date.now() - (line?.receivedAt.getTime() ?? 0))).toBeLessThan(60_000)
    })

    it('keeps an empty body, and its own copy', async () => {
      const deliveries = await make()
      const mine = new TextEncoder().encode('mine')
      const first = deliveries.accept(aDelivery({ body: mine }))
      mine.fill(0)
      expect(new TextDecoder().decode((await deliveries.content((await first).id))?.body)).toBe('mine')
      const second = await deliveries.accept(aDelivery({ deliveryId: 'd-2', body: new Uint8Array() }))
      expect((await deliveries.content(second.id))?.body).toHaveLength(0)
    })

    it('a hundred copies at once are one delivery, and one of them is fresh', async () => {
      const deliveries = await make()
      const answers = await Promise.all(Array.from({ length: 100 }, () => deliveries.accept(aDelivery())))
      expect(answers.filter((answer) => answer.fresh)).toHaveLength(1)
      expect(new Set(answers.map((answer) => answer.id)).size).toBe(1)
      expect(await deliveries.accept(aDelivery())).toEqual({ id: answers[0]?.id, fresh: false })
      const lines = await deliveries.list({ limit: 10 })
      expect(lines.map((line) => line.duplicates)).toEqual([100])
    })

    it('a repeated id with another body is still the first delivery', async () => {
      const deliveries = await make()
      const { id } = await deliveries.accept(aDelivery({ body: new TextEncoder().encode('first') }))
      expect((await deliveries.accept(aDelivery({ body: new TextEncoder().encode('second') }))).fresh).toBe(false)
      expect(new TextDecoder().decode((await deliveries.content(id))?.body)).toBe('first')
    })

    it('keeps all that are distinct, also when they come at once', async () => {
      const deliveries = await make()
      const texts = [...STRANGE_TEXTS.map(([, text]) => text), ...Array.from({ length: 300 }, (_, index) => `n-${index}`)]
      const answers = await Promise.all(texts.map((deliveryId) => deliveries.accept(aDelivery({ deliveryId, body: new TextEncoder().encode(deliveryId) }))))
      expect(answers.every((answer) => answer.fresh)).toBe(true)
      expect(new Set(answers.map((answer) => answer.id)).size).toBe(texts.length)
      for (const [index, text] of texts.slice(0, 20).entries()) {
        const content = await deliveries.content(answers[index]?.id ?? '')
        expect(Buffer.from(content?.body ?? []).equals(new TextEncoder().encode(text))).toBe(true)
      }
      expect(await deliveries.waiting(1000)).toHaveLength(texts.length)
    })

    it('tells the same id of two sources and of two keys apart', async () => {
      const deliveries = await make()
      const answers = await Promise.all([aDelivery(), aDelivery({ source: 'grafana' }), aDelivery({ key: 'key_2' })].map((one) => deliveries.accept(one)))
      expect(answers.map((answer) => answer.fresh)).toEqual([true, true, true])
    })

    it.each(STRANGE_TEXTS)('takes %s wherever text can be, twice', async (_, text) => {
      const deliveries = await make()
      const delivery = aDelivery({ source: text, key: text, deliveryId: text, headers: { 'x-strange': text } })
      const { id } = await deliveries.accept(delivery)
      expect(await deliveries.accept(delivery)).toEqual({ id, fresh: false })
      expect((await deliveries.content(id))?.headers).toEqual({ 'x-strange': text })
      await deliveries.conclude(id, { state: 'failed', reason: text, reports: [text] })
      await deliveries.refuse({ ...delivery, bytes: 3, reason: text })
      expect((await deliveries.list({ limit: 10 })).map((line) => line.state)).toEqual(['refused', 'failed'])
      await deliveries.list({ limit: 10, before: text, source: text })
      expect(await deliveries.content(text)).toBeUndefined()
      expect(await deliveries.replay(text)).toBe(false)
      await deliveries.conclude(text, { state: 'ignored', reports: [] })
    })

    it('gives out what waits, oldest first, until it is concluded', async () => {
      const deliveries = await make()
      const ids: string[] = []
      for (const deliveryId of ['a', 'b', 'c']) ids.push((await deliveries.accept(aDelivery({ deliveryId }))).id)
      expect((await deliveries.waiting(2)).map((line) => line.deliveryId)).toEqual(['a', 'b'])
      await deliveries.conclude(ids[0] ?? '', { state: 'reported', reports: ['rep_1', 'rep_2'] })
      await deliveries.conclude(ids[1] ?? '', { state: 'ignored', reason: 'a test message', reports: [] })
      expect((await deliveries.waiting(10)).map((line) => line.deliveryId)).toEqual(['c'])
      const lines = await deliveries.list({ limit: 10 })
      expect(lines.map(({ state, reason, reports }) => ({ state, reason, reports }))).toEqual([
        { state: 'accepted', reason: undefined, reports: [] },
        { state: 'ignored', reason: 'a test message', reports: [] },
        { state: 'reported', reason: undefined, reports: ['rep_1', 'rep_2'] },
      ])
    })

    it('the first conclusion counts', async () => {
      const deliveries = await make()
      const { id } = await deliveries.accept(aDelivery())
      await deliveries.conclude(id, { state: 'reported', reports: ['rep_1'] })
      await deliveries.conclude(id, { state: 'failed', reason: 'too late', reports: [] })
      expect((await deliveries.list({ limit: 1 })).map(({ state, reports }) => ({ state, reports }))).toEqual([{ state: 'reported', reports: ['rep_1'] }])
    })

    it('replays what was concluded, and nothing else', async () => {
      const deliveries = await make()
      const { id } = await deliveries.accept(aDelivery())
      await deliveries.conclude(id, { state: 'shed', reason: 'too many', reports: [] })
      expect(await deliveries.waiting(10)).toEqual([])
      expect(await deliveries.replay(id)).toBe(true)
      expect((await deliveries.waiting(10)).map((line) => [line.id, line.reason])).toEqual([[id, undefined]])
      await deliveries.conclude(id, { state: 'reported', reports: ['rep_1'] })
      await deliveries.replay(id)
      // Whoever looks at it once more sees which reports it was.
      expect((await deliveries.waiting(10)).map((line) => line.reports)).toEqual([['rep_1']])
      await deliveries.refuse({ ...aDelivery({ deliveryId: 'forged' }), bytes: 10, reason: 'wrong signature' })
      const [refused] = await deliveries.list({ limit: 1, state: 'refused' })
      expect(await deliveries.replay(refused?.id ?? '')).toBe(false)
      expect(await deliveries.replay('dlv_unknown')).toBe(false)
    })

    it('a refused delivery leaves a line, and never stands in the way of the true one', async () => {
      const deliveries = await make()
      await deliveries.refuse({ ...aDelivery(), bytes: 12, reason: 'wrong signature' })
      await deliveries.refuse({ ...aDelivery(), bytes: 12, reason: 'wrong signature' })
      const { id, fresh } = await deliveries.accept(aDelivery())
      expect(fresh).toBe(true)
      const [accepted, refused, ...more] = await deliveries.list({ limit: 10 })
      expect(accepted).toMatchObject({ id, state: 'accepted', duplicates: 0 })
      expect(refused).toMatchObject({ state: 'refused', reason: 'wrong signature', bytes: 12, duplicates: 1 })
      expect(more).toEqual([])
      expect(await deliveries.content(refused?.id ?? '')).toBeUndefined()
      await deliveries.conclude(refused?.id ?? '', { state: 'reported', reports: [] })
      expect(await deliveries.list({ limit: 10, state: 'refused' })).toHaveLength(1)
      expect(await deliveries.waiting(10)).toHaveLength(1)
    })

    it('a flood of forged deliveries is counted, not listed', async () => {
      const deliveries = await make()
      const forged = Array.from({ length: 250 }, (_, index) => ({ ...aDelivery({ deliveryId: `forged-${index}` }), bytes: 1, reason: 'wrong signature' }))
      for (const one of forged.slice(0, 5)) await deliveries.refuse(one)
      await Promise.all(forged.slice(5).map((one) => deliveries.refuse(one)))
      const lines = await deliveries.list({ limit: 1000 })
      expect(lines.length).toBeLessThanOrEqual(120)
      expect(lines.reduce((sum, line) => sum + 1 + line.duplicates, 0)).toBe(250)
    })

    it('pages are stable while deliveries arrive', async () => {
      const deliveries = await make()
      for (let index = 0; index < 10; index += 1)
        await deliveries.accept(aDelivery({ deliveryId: `n-${index}`, source: index % 2 === 0 ? 'sentry' : 'grafana' }))
      const seen: string[] = []
      let before: string | undefined
      for (let page = 0; page < 10; page += 1) {
        const lines = await deliveries.list({ limit: 3, ...(before === undefined ? {} : { before }) })
        seen.push(...lines.map((line) => line.deliveryId))
        before = lines.at(-1)?.id ?? before
        await deliveries.accept(aDelivery({ deliveryId: `late-${page}` }))
      }
      expect(seen).toEqual(Array.from({ length: 10 }, (_, index) => `n-${9 - index}`))
      const [first] = await deliveries.list({ limit: 1 })
      expect(await deliveries.get(first?.id ?? '')).toEqual(first)
      expect(await deliveries.get('dlv_unknown')).toBeUndefined()
      expect((await deliveries.list({ limit: 2, source: 'grafana' })).map((line) => line.deliveryId)).toEqual(['n-9', 'n-7'])
    })

    it('contents expire with their retention, what waits does not, and lines are forgotten later', async () => {
      const deliveries = await make()
      const old = await deliveries.accept(aDelivery({ deliveryId: 'old' }))
      const waits = await deliveries.accept(aDelivery({ deliveryId: 'waits' }))
      await deliveries.conclude(old.id, { state: 'reported', reports: ['rep_1'] })
      await deliveries.refuse({ ...aDelivery({ deliveryId: 'forged' }), bytes: 1, reason: 'wrong signature' })
      const between = await aMomentLater()
      const young = await deliveries.accept(aDelivery({ deliveryId: 'young' }))
      await deliveries.conclude(young.id, { state: 'reported', reports: ['rep_1'] })

      expect(await deliveries.expire(new Date(0))).toBe(0)
      expect(await deliveries.expire(between)).toBe(1)
      expect(await deliveries.expire(between)).toBe(0)
      expect(await deliveries.content(old.id)).toBeUndefined()
      expect(await deliveries.replay(old.id)).toBe(false)
      expect(await deliveries.content(waits.id)).toBeDefined()
      expect(await deliveries.content(young.id)).toBeDefined()
      expect(await deliveries.accept(aDelivery({ deliveryId: 'old' }))).toEqual({ id: old.id, fresh: false })

      expect(await deliveries.forget(between)).toBe(2)
      expect((await deliveries.list({ limit: 10 })).map((line) => line.deliveryId)).toEqual(['young', 'waits'])
    })
  })
}

function aDelivery(delivery: Partial<NewDelivery> = {}): NewDelivery {
  return { source: 'sentry', key: 'key_1', deliveryId: 'd-1', headers: {}, body: new TextEncoder().encode('{"a":1}'), ...delivery }
}

async function aMomentLater(): Promise<Date> {
  await new Promise((done) => setTimeout(done, 20))
  const moment = new Date()
  await new Promise((done) => setTimeout(done, 20))
  return moment
}
