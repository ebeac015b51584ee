import { inspect } from 'node:util'
import { aGateResult, InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { afterEach, describe, expect, test } from 'vitest'
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
  const artifact = (value: unknown) => fakes.artifacts.put(new TextEncoder().encode(JSON.stringify(value)))
  return { ...desk, ...fakes, get, send, artifact }
}

const sighting = (number: number, hasTrace = true) => ({
  ...{ groupKey: `group-${number}`, title: `TypeError ${number}`, report: digest(`report ${number}`), hasTrace, severity: 'error' as const },
  ...{ source: 'sentry', delivery: `dlv_${number}`, at: new Date(1_700_000_000_000 + number * 1000), repository: 'shop' },
})

describe('reports', () => {
  test('are paged by cursor, each once', async () => {
    const desk = await open()
    for (let i = 0; i < 7; i += 1) await desk.reports.sight(sighting(i))
    const titles: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page: { items: { title: string }[]; next: string | null } = (await desk.get(`/api/reports?limit=3${next === '' ? '' : `&before=${next}`}`)).json()
      titles.push(...page.items.map(({ title }) => title))
      next = page.next
    }
    expect(titles).toEqual([6, 5, 4, 3, 2, 1, 0].map((number) => `TypeError ${number}`))
  })

  test('one: all of it, its times in ISO 8601', async () => {
    const desk = await open()
    const { report } = await desk.reports.sight(sighting(1))
    expect((await desk.get(`/api/reports/${report.id}`)).json()).toMatchObject({
      id: report.id,
      state: 'new',
      sightings: 1,
      firstSeen: '2023-11-14T22:13:21.000Z',
    })
    expect((await desk.get('/api/reports/rep_nothing')).statusCode).toBe(404)
  })

  test('run now: moves it past its gate and wakes the worker', async () => {
    const desk = await open()
    const { report } = await desk.reports.sight(sighting(1))
    await desk.reports.move(report.id, { from: ['new'], to: 'held', reason: 'cool-down' })
    expect((await desk.send('POST', `/api/reports/${report.id}/run-now`)).statusCode).toBe(202)
    expect(await desk.reports.get(report.id)).toMatchObject({ state: 'new', reason: 'asked for by person 1' })
    expect(desk.woken).toEqual([report.id])
  })

  test('run now: not without a trace, and says what to do', async () => {
    const desk = await open()
    const { report } = await desk.reports.sight(sighting(1, false))
    const answer = await desk.send('POST', `/api/reports/${report.id}/run-now`)
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([409, 'application/problem+json'])
    expect(answer.json()).toMatchObject({ title: 'The report is needs-trace', hint: expect.stringContaining('missing') })
    expect(desk.woken).toEqual([])
  })

  test('mute, twice', async () => {
    const desk = await open()
    const { report } = await desk.reports.sight(sighting(1))
    for (let i = 0; i < 2; i += 1) expect((await desk.send('POST', `/api/reports/${report.id}/mute`)).json()).toEqual({ state: 'muted' })
  })
})

describe('runs', () => {
  test('are listed by phase and by whether they wait', async () => {
    const desk = await open()
    desk.runs.set(summary(1, { phase: 'settled', outcome: 'delivered' }))
    desk.runs.set(summary(2, { phase: 'proposing', awaiting: true, proposal: digest('p') }))
    const ids = async (url: string) => (await desk.get(url)).json().items.map(({ id }: { id: string }) => id)
    expect(await ids('/api/runs')).toEqual([runId(2), runId(1)])
    expect(await ids('/api/runs?awaiting=true')).toEqual([runId(2)])
    expect(await ids('/api/runs?phase=settled')).toEqual([runId(1)])
    expect((await desk.get(`/api/runs/${runId(1)}`)).json()).toMatchObject({ outcome: 'delivered', openedAt: '2026-01-02T03:04:05.000Z' })
    expect((await desk.get(`/api/runs/${runId(3)}`)).statusCode).toBe(404)
    expect((await desk.get('/api/runs/1')).statusCode).toBe(400)
  })

  test('cancel and steer are messages under the name of the token', async () => {
    const desk = await open()
    desk.runs.set(summary(1))
    expect((await desk.send('POST', `/api/runs/${runId(1)}/steer`, { words: 'look at the cache' })).statusCode).toBe(202)
    expect((await desk.send('POST', `/api/runs/${runId(1)}/cancel`)).statusCode).toBe(202)
    expect((await desk.inbox.waiting(runId(1))).map(({ message }) => message)).toEqual([
      { kind: 'steer', by: 'person 1', words: 'look at the cache' },
      { kind: 'cancel', by: 'person 1' },
    ])
    expect(desk.woken).toEqual([runId(1), runId(1)])
  })

  test('what is settled cannot be cancelled, what is not cannot be retried', async () => {
    const desk = await open()
    desk.runs.set(summary(1, { phase: 'settled', outcome: 'abandoned' }))
    desk.runs.set(summary(2))
    expect((await desk.send('POST', `/api/runs/${runId(1)}/cancel`)).statusCode).toBe(409)
    expect((await desk.send('POST', `/api/runs/${runId(2)}/retry`)).statusCode).toBe(409)
    expect((await desk.send('POST', `/api/runs/${runId(1)}/retry`)).json()).toEqual({ run: runId(99) })
  })

  test('the journal is paged', async () => {
    const desk = await open()
    desk.runs.set(summary(1))
    for (let i = 0; i < 5; i += 1) desk.runs.append(runId(1), { kind: 'run-steered', by: 'Ada', lesson: digest(`${i}`) })
    const first = (await desk.get(`/api/runs/${runId(1)}/journal?limit=3`)).json()
    expect([first.items.length, first.next]).toEqual([3, 3])
    expect((await desk.get(`/api/runs/${runId(1)}/journal?limit=3&from=3`)).json()).toMatchObject({ items: [{ seq: 3 }, { seq: 4 }], next: null })
  })
})

describe('proposals', () => {
  async function proposed() {
    const desk = await open()
    const certificate = JSON.stringify({ verdict: { name: 'fixed', gates: [aGateResult()] } })
    const planned = {
      strength: 'verified',
      branch: 'fixpoint/x',
      title: 'Fix it',
      body: 'It did.',
      diff: '--- a\n+++ b\n',
      certificate,
      edits: [{ hidden: true }],
    }
    const proposal = await desk.artifact(planned)
    desk.runs.set(summary(1, { phase: 'proposing', awaiting: true, proposal }))
    const decide = (verb: string, payload: object) => desk.send('POST', `/api/proposals/${runId(1)}/${verb}`, payload)
    return { ...desk, proposal, certificate, decide }
  }

  test('that wait, and one with its patch, certificate and gates', async () => {
    const desk = await proposed()
    expect((await desk.get('/api/proposals')).json()).toMatchObject({
      items: [{ run: runId(1), proposal: desk.proposal, title: 'Fix it', strength: 'verified' }],
      next: null,
    })
    const one = (await desk.get(`/api/proposals/${runId(1)}`)).json()
    expect(one).toMatchObject({
      proposal: desk.proposal,
      patch: '--- a\n+++ b\n',
      certificate: desk.certificate,
      verdict: 'fixed',
      gates: [{ status: 'passed' }],
    })
    expect(one.edits).toBeUndefined()
  })

  test('a decision is bound to what was shown', async () => {
    const desk = await proposed()
    for (const verb of ['approve', 'request-changes', 'reject']) {
      const words = verb === 'approve' ? {} : { words: 'because' }
      expect((await desk.decide(verb, { proposal: digest('another'), ...words })).statusCode).toBe(409)
      expect((await desk.decide(verb, { proposal: desk.proposal, ...words })).statusCode).toBe(202)
    }
    expect((await desk.inbox.waiting(runId(1))).map(({ message }) => message)).toEqual([
      { kind: 'approve', by: 'person 1', proposal: desk.proposal },
      { kind: 'request-changes', by: 'person 1', proposal: desk.proposal, words: 'because' },
      { kind: 'reject', by: 'person 1', proposal: desk.proposal, words: 'because' },
    ])
  })

  test('a run that waits for nobody takes no decision', async () => {
    const desk = await proposed()
    desk.runs.set(summary(1, { phase: 'proposed', proposal: desk.proposal }))
    expect((await desk.decide('approve', { proposal: desk.proposal })).statusCode).toBe(409)
    expect(await desk.inbox.waiting(runId(1))).toEqual([])
  })

  test.each([{}, { proposal: 'x' }, { proposal: digest('p'), force: true }, []])('%j is no decision', async (body) => {
    const desk = await proposed()
    expect((await desk.decide('approve', body)).statusCode).toBe(400)
  })

  test('one that has expired is listed without its words', async () => {
    const desk = await open()
    desk.runs.set(summary(1, { phase: 'proposing', awaiting: true, proposal: digest('gone') }))
    expect((await desk.get('/api/proposals')).json().items).toMatchObject([{ proposal: digest('gone') }])
    expect((await desk.get(`/api/proposals/${runId(1)}`)).statusCode).toBe(404)
  })
})

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
  expect((await desk.get(`/api/deliveries/${id}/headers`)).json()).toEqual({ headers: { 'user-agent': 'Sentry' }, bytes: 9 })
  expect((await desk.send('POST', `/api/deliveries/${id}/replay`)).statusCode).toBe(202)
  expect(await desk.deliveries.waiting(9)).toHaveLength(1)
  expect(desk.woken).toEqual(['deliveries'])
  expect((await desk.send('POST', '/api/deliveries/dlv_gone/replay')).statusCode).toBe(404)
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
  expect(desk.lines.join('')).toContain('api.test.ts')
})
