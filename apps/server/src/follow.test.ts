import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { afterEach, expect, test } from 'vitest'
import type { ServerSettingsInput } from './settings.ts'
import { aDesk, type Desk, digest, runId, summary } from './testing.ts'

const RUN = runId(1)
const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.app.close()
})

async function open(settings: ServerSettingsInput = {}) {
  const fakes = { deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts: new InMemoryArtifacts() }
  const desk = await aDesk({ ...fakes, tokens: new InMemoryTokens() }, settings)
  desks.push(desk)
  await desk.app.listen({ host: '127.0.0.1', port: 0 })
  const address = desk.app.server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const { authorization } = await desk.as('read')
  desk.runs.set(summary(1))
  const steer = (number: number) => desk.runs.append(RUN, { kind: 'run-steered', by: 'Ada', lesson: digest(`${number}`) })
  const follow = (headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}/api/runs/${RUN}/journal/events`, { headers: { authorization, ...headers } })
  const watch = () => fetch(`http://127.0.0.1:${port}/api/events`, { headers: { authorization } })
  return { ...desk, port, authorization, steer, follow, watch }
}

/** Reads until `enough` of what came. */
async function readUntil(answer: Response, enough: (text: string) => boolean): Promise<{ text: string; cancel: () => Promise<void> }> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (reader !== undefined && !enough(text)) {
    const { done, value } = await reader.read()
    if (done) break
    text += value
  }
  return { text, cancel: async () => reader?.cancel() }
}
const ids = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))

test('facts come as they happen, after those that were there', async () => {
  const desk = await open()
  desk.steer(0)
  const answer = await desk.follow()
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('x-content-type-options')]).toEqual([200, 'text/event-stream', 'nosniff'])
  setTimeout(() => desk.steer(1), 30)
  const { text, cancel } = await readUntil(answer, (so) => ids(so).length === 2)
  expect(ids(text)).toEqual([0, 1])
  expect(JSON.parse(/^data: (\{.*\})$/m.exec(text)?.[1] ?? '')).toMatchObject({ seq: 0, event: { kind: 'run-steered' } })
  await cancel()
})

test('who was cut off goes on after the last one: nothing twice, nothing lost', async () => {
  const desk = await open()
  const seen: number[] = []
  for (let round = 0; round < 5; round += 1) {
    for (let i = 0; i < 3; i += 1) desk.steer(round * 3 + i)
    const last = seen.at(-1)
    const answer = await desk.follow(last === undefined ? {} : { 'last-event-id': String(last) })
    const { text, cancel } = await readUntil(answer, (so) => ids(so).length >= 2)
    seen.push(...ids(text))
    await cancel()
  }
  expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => index))
  expect(seen.length).toBeGreaterThanOrEqual(10)
})

test('who watches everything hears of each run that changes, as the list shows it', async () => {
  const desk = await open()
  desk.runs.set(summary(2, { owner: { id: 'rep_1', title: 'TypeError', source: 'sentry', repository: 'shop', url: undefined } }))
  const answer = await desk.watch()
  desk.runs.append(runId(2), { kind: 'run-cancelled' })
  const { text, cancel } = await readUntil(answer, (so) => so.includes('event: run'))
  expect(JSON.parse(/^data: (\{.*\})$/m.exec(text)?.[1] ?? '')).toMatchObject({
    id: runId(2),
    phase: 'opened',
    owner: { title: 'TypeError', repository: 'shop' },
  })
  desk.runs.append(runId(3), { kind: 'run-cancelled' })
  await cancel()
  await followersAre(desk, 0)
})

test('a settled run ends the stream, and who asks again is told not to', async () => {
  const desk = await open()
  desk.runs.append(RUN, { kind: 'run-cancelled' })
  const { text } = await readUntil(await desk.follow(), () => false)
  expect(text).toContain('event: settled')
  desk.runs.set(summary(1, { phase: 'settled', entries: 1 }))
  expect((await desk.follow({ 'last-event-id': '0' })).status).toBe(204)
})

test('silence is broken by heartbeats', async () => {
  const desk = await open({ followers: { heartbeatMs: 20 } })
  const { text, cancel } = await readUntil(await desk.follow(), (so) => so.includes(':\n\n:\n\n'))
  expect(text).toContain(':\n\n')
  await cancel()
})

test('who follows for long says again who they are', async () => {
  const desk = await open({ followers: { lifetimeMs: 50 } })
  const { text } = await readUntil(await desk.follow(), () => false)
  expect(text).toContain('retry: 2000')
})

test('a reader that takes nothing is let go, and costs little meanwhile', async () => {
  const desk = await open({ followers: { stallMs: 200, heartbeatMs: 50 } })
  const socket = connect(desk.port, '127.0.0.1')
  socket.pause()
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.write(`GET /api/runs/${RUN}/journal/events HTTP/1.1\r\nhost: localhost\r\nauthorization: ${desk.authorization}\r\n\r\n`)
  // Far more than sockets buffer.
  const long = 'x'.repeat(10_000)
  for (let i = 0; i < 3000; i += 1) desk.runs.append(RUN, { kind: 'run-steered', by: long, lesson: digest('words') })
  const before = process.memoryUsage().rss
  await followersAre(desk, 1)
  await followersAre(desk, 0)
  expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1_048_576)
  socket.resume()
  await closed
})

test('too many are told to come later; those who left are not counted', async () => {
  const desk = await open({ followers: { maximum: 2 } })
  const both = [await desk.follow(), await desk.follow()]
  expect((await desk.follow()).status).toBe(503)
  for (const answer of both) await answer.body?.cancel()
  await followersAre(desk, 0)
  const again = await desk.follow()
  expect(again.status).toBe(200)
  await again.body?.cancel()
})

test('closing the server lets everybody go', async () => {
  const desk = await open()
  const answer = await desk.follow()
  const started = performance.now()
  await desk.app.close()
  await readUntil(answer, () => false).catch(() => undefined)
  expect(performance.now() - started).toBeLessThan(10_000)
})

test('closing waits for nobody who asked nothing, and not for ever for somebody who never ends', async () => {
  const desk = await open({ connections: { requestTimeoutMs: 300 } })
  const sockets = ['', 'GET / HT', 'POST /api/tokens HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n{'].map((text) => {
    const socket = connect(desk.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(text)
    return socket
  })
  await wait(100)
  const started = performance.now()
  await desk.app.close()
  expect(performance.now() - started).toBeLessThan(10_000)
  for (const socket of sockets) socket.destroy()
})

test('nobody follows without a token', async () => {
  const desk = await open()
  expect((await desk.follow({ authorization: 'Bearer nothing-that-was-ever-issued' })).status).toBe(401)
})

async function followersAre(desk: Desk, count: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { body } = await desk.app.inject({ url: '/metrics', headers: { host: 'localhost' } })
    if (body.includes(`fixpoint_server_followers ${count}\n`)) return
    await wait(20)
  }
  throw new Error(`the followers never were ${count}`)
}
