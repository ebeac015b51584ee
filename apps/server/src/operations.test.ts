import { inspect } from 'node:util'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryLedger, InMemoryOutbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { afterEach, expect, test } from 'vitest'
import type { ServerHands } from './hands.ts'
import { aDesk, type Desk, digest, runId, SECRET, summary } from './testing.ts'

const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.app.close()
})

async function open(changes: Partial<ServerHands> = {}) {
  const fakes = {
    ...{ deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox() },
    ...{ artifacts: new InMemoryArtifacts(), tokens: new InMemoryTokens() },
  }
  const desk = await aDesk(fakes, {}, changes)
  desks.push(desk)
  const headers = await desk.as('read', 'decide', 'admin')
  const get = (url: string, more: Record<string, string> = {}) => desk.app.inject({ url, headers: { ...headers, ...more } })
  const send = (method: 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) =>
    desk.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
  return { ...desk, ...fakes, get, send }
}

test('artifacts are bytes to be saved, never a page', async () => {
  const desk = await open()
  const stored = await desk.artifacts.put(new TextEncoder().encode('<script>alert(1)</script>'))
  const answer = await desk.get(`/api/artifacts/${stored}`)
  expect(answer.body).toBe('<script>alert(1)</script>')
  expect(answer.headers).toMatchObject({ 'content-type': 'application/octet-stream', etag: `"${stored}"`, 'x-content-type-options': 'nosniff' })
  expect(answer.headers['content-disposition']).toContain('attachment')
  expect(answer.headers['content-security-policy']).toContain('sandbox')
  expect((await desk.get(`/api/artifacts/${stored}`, { 'if-none-match': `"${stored}"` })).statusCode).toBe(304)
  expect((await desk.get(`/api/artifacts/${digest('gone')}`)).statusCode).toBe(404)
})

test('deliveries: the log, the headers of one, and once more', async () => {
  const desk = await open()
  const { id } = await desk.deliveries.accept({ source: 'sentry', key: 'key_1', deliveryId: 'd', headers: { 'user-agent': 'Sentry' }, body: new Uint8Array(9) })
  await desk.deliveries.conclude(id, { state: 'ignored', reason: 'resolved', reports: [] })
  expect((await desk.get('/api/deliveries?state=ignored&source=sentry')).json()).toMatchObject({ items: [{ id, reason: 'resolved', bytes: 9 }], next: null })
  expect((await desk.get(`/api/deliveries/${id}`)).json()).toMatchObject({ id, state: 'ignored', reason: 'resolved', duplicates: 0 })
  expect((await desk.get('/api/deliveries/dlv_gone')).statusCode).toBe(404)
  expect((await desk.get(`/api/deliveries/${id}/headers`)).json()).toEqual({ headers: { 'user-agent': 'Sentry' }, bytes: 9 })
  expect((await desk.send('POST', `/api/deliveries/${id}/replay`)).statusCode).toBe(202)
  expect(await desk.deliveries.waiting(9)).toHaveLength(1)
  expect(desk.woken).toEqual(['deliveries'])
  expect((await desk.send('POST', '/api/deliveries/dlv_gone/replay')).statusCode).toBe(404)
})

test('what would have been proposed: seven days, or the time that is asked for', async () => {
  const asked: [Date, Date][] = []
  const proposal = {
    ...{ run: runId(1), at: new Date('2026-03-04T00:00:00Z'), proposal: digest('p'), report: undefined, repository: 'shop', seenAgain: 2 },
    ...{ strength: 'verified' as const, title: 'Fix it', files: ['a.js'], people: 'same-lines' as const },
    commits: [{ commit: 'b'.repeat(40), at: new Date('2026-03-05T00:00:00Z'), subject: 'mend' }],
  }
  const counts = { withheld: 1, identical: 0, sameLines: 1, sameFiles: 0, untouched: 0, unknown: 0, seenAgain: 1 }
  const desk = await open({
    observed: async (since, until) => {
      asked.push([since, until])
      return { since, until, counts, proposals: [proposal] }
    },
  })
  const answer = (await desk.get('/api/observed')).json()
  expect(answer).toMatchObject({ counts, proposals: [{ at: '2026-03-04T00:00:00.000Z', people: 'same-lines', commits: [{ subject: 'mend' }] }] })
  expect(asked.map(([since, until]) => until.getTime() - since.getTime())).toEqual([7 * 86_400_000])
  expect((await desk.get('/api/observed?since=2026-03-01T00:00:00Z&until=2026-03-08T00:00:00Z')).json()).toMatchObject({ until: '2026-03-08T00:00:00.000Z' })
  for (const wrong of ['since=yesterday', 'since=2026-03-09T00:00:00Z&until=2026-03-08T00:00:00Z', 'since=1990-01-01T00:00:00Z'])
    expect((await desk.get(`/api/observed?${wrong}`)).statusCode).toBe(400)
})

test('what models took: by day and repository, beside the ceilings, and for Prometheus', async () => {
  const ledger = new InMemoryLedger()
  const spending = { perRun: {}, perRepositoryPerDay: { money: 5 }, perDay: {} }
  const ask = { run: runId(1), repository: 'shop', budget: {}, deadlineMs: 60_000 }
  const settled = await ledger.reserve({ ...ask, atMost: { money: 1, tokens: 100 } })
  await ledger.settle('reservation' in settled ? settled.reservation : '', { money: 0.25, tokens: 60 })
  await ledger.reserve({ ...ask, atMost: { money: 0.5, tokens: 40 } })
  const desk = await open({ ledger, spending })
  const day = new Date().toISOString().slice(0, 10)
  expect((await desk.get('/api/spend?days=7')).json()).toEqual({
    ceilings: spending,
    today: { spent: { money: 0.25, tokens: 60 }, reserved: { money: 0.5, tokens: 40 } },
    items: [{ day, repository: 'shop', spent: { money: 0.25, tokens: 60 }, reserved: { money: 0.5, tokens: 40 } }],
  })
  expect((await desk.get('/api/spend?days=0')).statusCode).toBe(400)
  expect((await desk.get('/metrics')).body).toContain('fixpoint_spent_today_dollars{repository="shop"} 0.75')
})

test('messages to others: what became of them, and once more', async () => {
  const outbox = new InMemoryOutbox([{ name: 'team', topics: ['run.settled'] }])
  await outbox.announce({ topic: 'run.settled', outcome: 'merged' }, 'one')
  const desk = await open({ outbox })
  const [{ id }] = (await desk.get('/api/outbound?subscriber=team')).json().items
  expect((await desk.get('/api/outbound')).json().items).toMatchObject([
    { id, topic: 'run.settled', state: 'waiting', attempts: 0, nextAt: expect.any(String) },
  ])
  await outbox.conclude(id, { state: 'failed', reason: 'it answered 500' })
  expect((await desk.get('/api/outbound?state=failed')).json().items).toMatchObject([{ id, reason: 'it answered 500' }])
  expect((await desk.send('POST', `/api/outbound/${id}/resend`)).statusCode).toBe(202)
  expect(desk.woken).toEqual([id])
  expect((await desk.get('/api/outbound?state=waiting')).json().items).toHaveLength(1)
  expect((await desk.send('POST', '/api/outbound/out_gone/resend')).statusCode).toBe(404)
})

test('tokens: a secret is told once', async () => {
  const desk = await open()
  const issued = (await desk.send('POST', '/api/tokens', { name: 'CI', scopes: ['read'] })).json()
  expect(issued.secret).toMatch(/^fpt_/)
  const listed = await desk.get('/api/tokens')
  expect(listed.json().items).toMatchObject([{ name: 'CI', scopes: ['read'] }, { name: 'person 1' }])
  expect(listed.body).not.toContain(issued.secret)
  expect((await desk.send('DELETE', `/api/tokens/${issued.token.id}`)).statusCode).toBe(204)
  expect((await desk.send('DELETE', `/api/tokens/${issued.token.id}`)).statusCode).toBe(404)
  for (const body of [
    { name: 'a\nb', scopes: ['read'] },
    { name: 'x', scopes: [] },
    { name: 'x', scopes: ['root'] },
    { name: 'x', scopes: ['read'], expiresAt: '2001-01-01T00:00:00Z' },
  ])
    expect((await desk.send('POST', '/api/tokens', body)).statusCode).toBe(400)
})

test('ingest keys: the address is told once, the signing secret never', async () => {
  const desk = await open()
  const issued = (await desk.send('POST', '/api/ingest-keys', { name: 'production', source: 'signed', signingSecret: SECRET })).json()
  expect(issued.path).toMatch(/^\/hooks\/signed\/fpk_/)
  const listed = await desk.get('/api/ingest-keys')
  expect(listed.json().items).toMatchObject([{ id: issued.key.id, source: 'signed', signed: true }])
  expect(listed.body).not.toContain(SECRET)
  expect((await desk.send('PUT', `/api/ingest-keys/${issued.key.id}/signing-secret`, { signingSecret: 'too short' })).statusCode).toBe(400)
  expect((await desk.send('PUT', `/api/ingest-keys/${issued.key.id}/signing-secret`, { signingSecret: null })).statusCode).toBe(204)
  expect((await desk.send('DELETE', `/api/ingest-keys/${issued.key.id}`)).statusCode).toBe(204)
  expect((await desk.send('POST', '/api/ingest-keys', { name: 'x', source: 'nobody' })).json().hint).toContain('signed')
})

test('the settings in effect hold no secret', async () => {
  const effective = {
    database: { url: 'postgres://user:hunter2@db/x', databaseUrl: 'hunter2' },
    github: { privateKey: 'hunter2' },
    list: ['redis://:hunter2@r'],
    budget: { tokens: 5 },
  }
  const desk = await open({ effectiveSettings: () => effective })
  const answer = await desk.get('/api/settings')
  expect(answer.body).not.toContain('hunter2')
  expect(answer.json()).toMatchObject({ settings: { budget: { tokens: 5 } }, sources: ['signed'] })
})

test('the emergency stop says who and why', async () => {
  const desk = await open()
  expect((await desk.get('/api/stop')).json()).toEqual({ stopped: false })
  expect((await desk.send('PUT', '/api/stop', { stopped: true, reason: 'deploying' })).json()).toMatchObject({
    stopped: true,
    reason: 'deploying',
    by: 'person 1',
  })
  expect((await desk.get('/api/stop')).json()).toMatchObject({ stopped: true, by: 'person 1' })
})

test('ready when every check passes; why it does not is told to the log alone', async () => {
  const checks = [
    { name: 'database', check: async () => undefined },
    { name: 'queue', check: async () => 'redis://user:hunter2@r does not answer' },
    { name: 'docker', check: () => Promise.reject(new TypeError('x')) },
  ]
  const desk = await open({ checks })
  expect((await desk.app.inject('/healthz')).json()).toEqual({ status: 'ok' })
  const answer = await desk.app.inject('/readyz')
  expect(answer.statusCode).toBe(503)
  expect(answer.json()).toEqual({
    ready: false,
    checks: [
      { name: 'database', ok: true },
      { name: 'queue', ok: false },
      { name: 'docker', ok: false },
    ],
  })
  expect(desk.lines.join('\n')).toContain('queue')
})

test('metrics count by route pattern, and are for this machine or for a token', async () => {
  const desk = await open()
  await desk.get(`/api/runs/${runId(1)}`)
  const local = await desk.app.inject({ url: '/metrics', headers: { host: 'localhost' } })
  expect(local.body).toContain('fixpoint_server_request_seconds_count{method="GET",route="/api/runs/:run",status="404"} 1')
  const ask = (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
    desk.app.inject({ url: '/metrics', headers: { host: 'localhost', ...headers }, remoteAddress })
  expect((await ask({}, '10.0.0.9')).statusCode).toBe(401)
  expect((await ask({ 'x-forwarded-for': '10.0.0.9' })).statusCode).toBe(401)
  expect((await ask(await desk.as('read'), '10.0.0.9')).statusCode).toBe(200)
})

test('workers are listed with what they drive, those that fell silent as lost, and counted in the metrics', async () => {
  const beat = { host: 'one', pid: 7, startedAt: new Date('2026-01-02T03:04:05Z'), state: 'working', concurrency: 2, memoryBytes: 1e6 } as const
  const seen = [
    { ...beat, id: 'wrk_1', runs: [runId(1)], silentMs: 4_000 },
    { ...beat, id: 'wrk_2', runs: [runId(2)], silentMs: 16_000 },
  ]
  const jobs = { 'run-wake-up': { waiting: 3, active: 1, delayed: 0, failed: 2 } }
  const desk = await open({ roster: { seen: async () => seen }, jobs: async () => jobs })
  const { items } = (await desk.get('/api/workers')).json()
  expect(items).toMatchObject([
    { id: 'wrk_1', state: 'working', runs: [runId(1)], startedAt: '2026-01-02T03:04:05.000Z' },
    { id: 'wrk_2', state: 'lost', silentMs: 16_000 },
  ])
  const { body } = await desk.app.inject({ url: '/metrics', headers: { host: 'localhost' } })
  expect(body).toContain('fixpoint_workers{state="working"} 1')
  expect(body).toContain('fixpoint_runs_driven 1')
  expect(body).toContain('fixpoint_jobs{job="run-wake-up",state="waiting"} 3')
  expect(body).toContain('fixpoint_emergency_stop 0')
})

test('metrics that cannot be had are left out', async () => {
  const away = () => Promise.reject(new Error('away'))
  const desk = await open({ roster: { seen: away }, jobs: away, stop: { get: away, set: away } })
  const { statusCode, body } = await desk.app.inject({ url: '/metrics', headers: { host: 'localhost' } })
  expect(statusCode).toBe(200)
  for (const name of ['workers', 'runs_driven', 'jobs', 'emergency_stop']) expect(body).not.toMatch(new RegExp(`^fixpoint_${name}[ {]`, 'm'))
})

test('the documentation is OpenAPI 3.1 and lists every group', async () => {
  const desk = await open()
  const document = (await desk.get('/openapi.json')).json()
  expect(document.openapi).toBe('3.1.0')
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/hooks/{source}/{key}', '/api/proposals/{run}/approve', '/api/runs/{run}/journal/events', '/readyz']),
  )
  for (const [path, methods] of Object.entries(document.paths as Record<string, Record<string, { responses: object; summary: string }>>))
    for (const [method, { responses, summary: told }] of Object.entries(methods))
      expect([path, method, told, Object.keys(responses).length > 0]).toEqual([path, method, expect.any(String), true])
})

test('what breaks says nothing of what broke, to the asker or to the log', async () => {
  const desk = await open({ retry: () => Promise.reject(new Error('row (hunter2) violates …')) })
  desk.runs.set(summary(1, { phase: 'settled' }))
  const answer = await desk.send('POST', `/api/runs/${runId(1)}/retry`)
  expect([answer.statusCode, answer.json().title]).toEqual([500, 'It failed'])
  expect(answer.body + desk.lines.join('') + inspect(answer.headers)).not.toContain('hunter2')
  expect(desk.lines.join('')).toContain('operations.test.ts')
})
