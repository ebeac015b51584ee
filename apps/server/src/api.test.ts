import { Failure } from '@fixpoint/core'
import { aPlannedProposal, InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import type { ServerHands } from './hands.ts'
import { aDesk, type Desk, digest, runId, summary } from './testing.ts'

const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.app.close()
})

async function open(changes: Partial<ServerHands> = {}) {
  const fakes = {
    ...{ deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox() },
    ...{ artifacts: new InMemoryArtifacts(), tokens: new InMemoryTokens() },
  }
  const retried: string[] = []
  const retry = async (run: string) => {
    retried.push(run)
    return runId(99)
  }
  const desk = await aDesk(fakes, {}, { retry, ...changes })
  desks.push(desk)
  const headers = await desk.as('read', 'decide', 'admin')
  const get = (url: string, more: Record<string, string> = {}) => desk.app.inject({ url, headers: { ...headers, ...more } })
  const send = (method: 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) =>
    desk.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
  const artifact = (value: unknown) => fakes.artifacts.put(new TextEncoder().encode(JSON.stringify(value)))
  return { ...desk, ...fakes, get, send, artifact, retried }
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

  test('a page follows the one before it, though its last report was seen again', async () => {
    const desk = await open()
    for (let i = 0; i < 4; i += 1) await desk.reports.sight(sighting(i))
    const first = (await desk.get('/api/reports?limit=2')).json()
    await desk.reports.sight({ ...sighting(2), delivery: 'dlv_again', at: new Date(1_800_000_000_000) })
    const second = (await desk.get(`/api/reports?limit=2&before=${first.next}`)).json()
    expect(second.items.map(({ title }: { title: string }) => title)).toEqual(['TypeError 1', 'TypeError 0'])
    expect((await desk.get('/api/reports?before=rep_1')).statusCode).toBe(400)
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

  test('how often each of the last 30 days saw it', async () => {
    const clock = { now: () => new Date('2026-03-01T12:00:00Z'), monotonic: () => 0, sleep: async () => {} }
    const desk = await open({ clock })
    const seen = ['2026-01-29T12:00:00Z', '2026-01-31T00:00:00Z', '2026-03-01T01:00:00Z', '2026-03-01T11:00:00Z']
    for (const [index, at] of seen.entries()) await desk.reports.sight({ ...sighting(1), delivery: `dlv_${index}`, at: new Date(at) })
    const [report] = await desk.reports.list({ limit: 1 })
    const { items } = (await desk.get(`/api/reports/${report?.id}/sightings`)).json()
    expect(items).toHaveLength(30)
    expect([items[0], items[1], items.at(-1)]).toEqual([
      { day: '2026-01-31', sightings: 1 },
      { day: '2026-02-01', sightings: 0 },
      { day: '2026-03-01', sightings: 2 },
    ])
    expect((await desk.get('/api/reports/rep_nothing/sightings')).statusCode).toBe(404)
  })

  test('run now: moves it past its gate and wakes the worker', async () => {
    const desk = await open()
    const { report } = await desk.reports.sight(sighting(1))
    await desk.reports.move(report.id, { from: ['new'], to: 'held', reason: 'cool-down' })
    expect((await desk.send('POST', `/api/reports/${report.id}/run-now`)).statusCode).toBe(202)
    expect(await desk.reports.get(report.id)).toMatchObject({ state: 'new', reason: 'asked for by person 1', wantedBy: 'person 1' })
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

  test('its history, and the numbers', async () => {
    const desk = await open()
    const { report } = await desk.reports.sight(sighting(1))
    await desk.reports.move(report.id, { from: ['new'], to: 'held', reason: 'cool-down' })
    await desk.reports.move(report.id, { from: ['held'], to: 'running', run: runId(1) })
    const fix = { commit: 'c'.repeat(40) as never, at: new Date(0), landedAt: undefined }
    await desk.reports.move(report.id, { from: ['running'], to: 'settled', reason: 'delivered', fix })
    expect((await desk.get(`/api/reports/${report.id}/history`)).json().items).toMatchObject([
      { from: 'running', to: 'settled', reason: 'delivered' },
      { from: 'held', to: 'running', run: runId(1) },
      { from: 'new', to: 'held', reason: 'cool-down' },
    ])
    expect((await desk.get(`/api/reports/${report.id}`)).json().fix).toEqual({ commit: 'c'.repeat(40), at: '1970-01-01T00:00:00.000Z' })
    expect((await desk.get('/api/numbers')).json()).toMatchObject({ reports: { reopened: 2 }, fixes: { confirmed: 1 }, decisions: { changesRequested: 2 } })
    const metrics = (await desk.get('/metrics')).body
    for (const line of [
      'fixpoint_reports{state="reopened"} 2',
      'fixpoint_runs_settled{outcome="delivered"} 3',
      'fixpoint_fixes{became="landed"} 2',
      'fixpoint_decisions{said="changesRequested"} 2',
    ]) {
      expect(metrics).toContain(line)
    }
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

  test('what the queue gave up says why, can be retried, and hears a cancel', async () => {
    const desk = await open({ parked: async () => [{ run: runId(1), deaths: 3, throws: 0, reason: 'its worker died', at: new Date(0) }] })
    desk.runs.set(summary(1))
    const parked = { deaths: 3, throws: 0, reason: 'its worker died', at: '1970-01-01T00:00:00.000Z' }
    expect((await desk.get(`/api/runs/${runId(1)}`)).json()).toMatchObject({ phase: 'opened', parked })
    expect((await desk.get('/api/runs')).json().items).toMatchObject([{ parked }])
    expect((await desk.send('POST', `/api/runs/${runId(1)}/retry`)).json()).toEqual({ run: runId(99) })
    expect((await desk.send('POST', `/api/runs/${runId(1)}/cancel`)).statusCode).toBe(202)
    expect(desk.retried).toEqual([runId(1), runId(1)])
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

describe('source maps', () => {
  const map = { version: 3, sources: ['../src/a.ts'], sourcesContent: ['const secret = 1'], names: [], mappings: 'AAAA' }
  const address = '/api/source-maps?service=shop&release=1.2&file=assets%2Fapp.js'

  test('are kept by digest, without the sources, for whoever may upload', async () => {
    const put: unknown[] = []
    const desk = await open({ sourceMaps: { put: async (each) => void put.push(each), find: async () => [] } })
    const headers = await desk.as('upload')
    const answer = await desk.app.inject({ method: 'PUT', url: address, headers, payload: { ...map, debugId: '85314830-023f-4cf1-a267-535f4e37bb17' } })
    expect([answer.statusCode, answer.json()]).toEqual([201, { sources: 1, debugId: '85314830023f4cf1a267535f4e37bb17' }])
    const [kept] = put as { map: never }[]
    expect(kept).toMatchObject({ service: 'shop', release: '1.2', file: 'assets/app.js' })
    expect(new TextDecoder().decode(await desk.artifacts.get(kept?.map as never))).not.toContain('secret')
    expect(desk.lines.join()).not.toContain('app.js')
    expect((await desk.send('PUT', address, map)).statusCode, 'an admin is no uploader').toBe(403)
    expect((await desk.app.inject({ url: '/api/reports', headers })).statusCode, 'an uploader reads nothing').toBe(403)
  })

  test('that are none are refused in words', async () => {
    const desk = await open()
    const headers = await desk.as('upload')
    const answer = await desk.app.inject({ method: 'PUT', url: address, headers, payload: { version: 3, sections: [] } })
    expect([answer.statusCode, answer.json().detail]).toEqual([422, expect.stringContaining('index map')])
    const deep = `{"version":3,"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    const json = { ...headers, 'content-type': 'application/json' }
    expect((await desk.app.inject({ method: 'PUT', url: address, headers: json, payload: deep })).statusCode).toBeGreaterThanOrEqual(400)
    expect((await desk.app.inject({ method: 'PUT', url: '/api/source-maps', headers, payload: map })).statusCode).toBe(400)
  })
})

describe('proposals', () => {
  async function proposed(hands: Partial<ServerHands> = {}) {
    const desk = await open({ ...hands, pullUrl: (repository, number) => `https://host.example/${repository}/pull/${number}` })
    const { planned, certificate } = aPlannedProposal()
    const proposal = await desk.artifact({ ...planned, edits: [{ hidden: true }] })
    const owner = { id: 'rep_1', title: 'TypeError', source: 'sentry', repository: 'shop', url: undefined }
    desk.runs.set(summary(1, { phase: 'proposing', awaiting: true, proposal, owner, spent: { money: 0.5, tokens: 900 } }))
    const decide = (verb: string, payload: object) => desk.send('POST', `/api/proposals/${runId(1)}/${verb}`, payload)
    return { ...desk, proposal, certificate, decide }
  }

  test('that wait, and one with its patch, certificate and gates', async () => {
    const desk = await proposed()
    expect((await desk.get('/api/proposals')).json()).toMatchObject({
      items: [
        {
          ...{ run: runId(1), proposal: desk.proposal, title: 'Fix it', strength: 'verified', drafter: 'scripted', repository: 'shop', report: 'rep_1' },
          ...{ gates: [{ gate: 'applies', status: 'passed' }], files: [{ path: 'src/session.js', added: 2, removed: 1 }], spent: { money: 0.5 } },
          risks: [{ kind: 'security' }],
        },
      ],
      next: null,
    })
    const one = (await desk.get(`/api/proposals/${runId(1)}`)).json()
    expect(one).toMatchObject({
      proposal: desk.proposal,
      ...{ base: 'b'.repeat(40), repository: 'shop' },
      patch: expect.stringContaining('src/session.js'),
      certificate: desk.certificate,
      verdict: 'fixed',
      gates: [{ status: 'passed' }],
    })
    expect([one.edits, one.pull]).toEqual([undefined, undefined])
    desk.runs.append(runId(1), { kind: 'proposal-published', commit: 'c'.repeat(40) as never, pull: 7 })
    expect((await desk.get(`/api/proposals/${runId(1)}`)).json().pull).toEqual({ number: 7, url: 'https://host.example/shop/pull/7' })
  })

  test('its pull request and the checks of that, as the host has them; none where nothing was published', async () => {
    const pull = { number: 7, url: 'https://host.example/shop/pull/7', state: 'open' as const, draft: true }
    const asked: string[] = []
    const desk = await proposed({
      pullState: async (repository, number) => {
        asked.push(`${repository}#${number}`)
        if (asked.length > 1) throw new Failure('host-unreachable', 'no answer from 10.0.0.7', 'Try later.')
        return { ...pull, checks: [{ name: 'test', state: 'failed', url: undefined }] }
      },
    })
    const path = `/api/proposals/${runId(1)}/pull`
    expect((await desk.get(path)).statusCode).toBe(404)
    desk.runs.append(runId(1), { kind: 'proposal-published', commit: 'c'.repeat(40) as never, pull: 7 })
    expect((await desk.get(path)).json()).toEqual({ ...pull, checks: [{ name: 'test', state: 'failed' }] })
    const unknown = await desk.get(path)
    expect([unknown.statusCode, unknown.body.includes('10.0.0.7')]).toEqual([502, false])
    expect(asked).toEqual(['shop#7', 'shop#7'])
  })

  test('the riskiest first, of those the one that waits longest; filtered by strength and repository', async () => {
    const desk = await proposed()
    const add = async (number: number, changes: Parameters<typeof aPlannedProposal>[0], minutes: number) => {
      const proposal = await desk.artifact(aPlannedProposal(changes).planned)
      desk.runs.set(summary(number, { phase: 'proposing', awaiting: true, proposal, updatedAt: new Date(minutes * 60_000) }))
    }
    await add(2, { strength: 'suggestion', title: 'two' }, 30)
    await add(3, { strength: 'suggestion', title: 'three' }, 20)
    const titles = async (query: string) => (await desk.get(`/api/proposals?${query}`)).json().items.map(({ title }: { title: string }) => title)
    expect(await titles('sort=risk')).toEqual(['three', 'two', 'Fix it'])
    expect(await titles('sort=risk&strength=verified')).toEqual(['Fix it'])
    expect(await titles('repository=shop')).toEqual(['Fix it'])
    expect(await titles('sort=newest')).toEqual(['three', 'two', 'Fix it'])
    const first = (await desk.get('/api/proposals?sort=risk&limit=2')).json()
    expect([first.items.map(({ title }: { title: string }) => title), first.next]).toEqual([['three', 'two'], runId(2)])
    const last = (await desk.get(`/api/proposals?sort=risk&limit=2&before=${first.next}`)).json()
    expect([last.items.map(({ title }: { title: string }) => title), last.next]).toEqual([['Fix it'], null])
  })

  test('the last one is still read while another is drafted, and cannot be decided on', async () => {
    const desk = await proposed()
    desk.runs.append(runId(1), { kind: 'proposal-planned', proposal: desk.proposal, strength: 'verified' })
    desk.runs.set(summary(1, { phase: 'informed', awaiting: false }))
    expect((await desk.get(`/api/proposals/${runId(1)}`)).json()).toMatchObject({ proposal: desk.proposal, awaiting: false, title: 'Fix it' })
    expect((await desk.decide('approve', { proposal: desk.proposal })).statusCode).toBe(409)
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
