import { alertSources } from '@fixpoint/intake'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryReports } from '@fixpoint/testkit'
import { expect, it } from 'vitest'
import type { HostDeliveries } from './desk/host-deliveries.ts'
import type { WorkerHands } from './hands.ts'
import { Receiver } from './receive-deliveries.ts'
import { WorkerSettings } from './settings.ts'

async function received(hear?: HostDeliveries['hear']) {
  const deliveries = new InMemoryDeliveries()
  const hands = {
    ...{ deliveries, reports: new InMemoryReports(), artifacts: new InMemoryArtifacts(), sources: alertSources },
    tokens: { ingestKeys: async () => [] },
    clock: { now: () => new Date() },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  } as unknown as WorkerHands
  const receiver = new Receiver(hands, WorkerSettings.parse({}), hear && { hear })
  const { id } = await deliveries.accept({
    ...{ source: 'github', key: 'github-app', deliveryId: 'd1', headers: { 'x-github-event': 'ping' } },
    body: new TextEncoder().encode('{}'),
  })
  const heard: string[] = []
  const receive = () => receiver.receive(new AbortController().signal, async (reports) => void heard.push(...reports.keys()))
  await receive()
  return { deliveries, id, receive, heard }
}

it('what a code host delivered is handed on as it came, and concluded with what became of it', async () => {
  const seen: unknown[] = []
  const { deliveries, id, receive, heard } = await received(async (delivery, headers, body) => {
    seen.push([delivery.deliveryId, headers, new TextDecoder().decode(body)])
    return { state: 'reported', reports: ['report_1'] }
  })
  expect(seen).toEqual([['d1', { 'x-github-event': 'ping' }, '{}']])
  expect(await deliveries.list({ limit: 9 })).toMatchObject([{ state: 'reported', reports: ['report_1'] }])
  expect(heard, 'its runs are the desk’s affair, and pass no gate for alerts').toEqual([])
  await deliveries.replay(id)
  await receive()
  expect(seen).toHaveLength(2)
})

it('without anybody to hand it to it says so, and one that makes us stumble holds up nobody', async () => {
  expect(await (await received()).deliveries.list({ limit: 9 })).toMatchObject([{ state: 'failed', reason: 'GitHub is not set up in this service' }])
  const stumbling = await received(async () => {
    throw new TypeError('x')
  })
  expect(await stumbling.deliveries.list({ limit: 9 })).toMatchObject([{ state: 'failed', reason: expect.stringContaining('bug of Fixpoint') }])
})
