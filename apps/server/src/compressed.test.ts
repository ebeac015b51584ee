import { gunzipSync } from 'node:zlib'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { afterEach, expect, test } from 'vitest'
import { aDesk, type Desk } from './testing.ts'

const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.app.close()
})

async function open() {
  const artifacts = new InMemoryArtifacts()
  const fakes = { deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts }
  const desk = await aDesk({ ...fakes, tokens: new InMemoryTokens() })
  desks.push(desk)
  const log = 'a line of a log, and another\n'.repeat(1000)
  const digest = await artifacts.put(new TextEncoder().encode(log))
  const headers = await desk.as('read', 'decide', 'admin')
  return { desk, headers, log, url: `/api/artifacts/${digest}` }
}

test.each([
  ['gzip, deflate, br', true],
  ['br;q=1.0, gzip;q=0.8, *;q=0.1', true],
  ['gzip;q=0', false],
  ['gzip;q=0.0, *;q=0', false],
  ['br', false],
  ['', false],
])('who takes “%s” gets it compressed: %s', async (accepted, zipped) => {
  const { desk, headers, log, url } = await open()
  const answer = await desk.app.inject({ url, headers: { ...headers, 'accept-encoding': accepted } })
  expect([answer.statusCode, answer.headers['content-encoding'], answer.headers.vary]).toEqual([200, zipped ? 'gzip' : undefined, 'accept-encoding'])
  expect((zipped ? gunzipSync(answer.rawPayload) : answer.rawPayload).toString()).toBe(log)
  expect(Number(answer.headers['content-length'])).toBe(answer.rawPayload.length)
})

test('what tells a secret once is not compressed, nor what is small', async () => {
  const { desk, headers } = await open()
  const zipped = { ...headers, 'accept-encoding': 'gzip' }
  const issued = await desk.app.inject({ method: 'POST', url: '/api/tokens', headers: zipped, payload: { name: 'x'.repeat(100), scopes: ['read'] } })
  expect([issued.statusCode, issued.headers['content-encoding']]).toEqual([201, undefined])
  expect((await desk.app.inject({ url: '/api/session', headers: zipped })).headers['content-encoding']).toBeUndefined()
})
