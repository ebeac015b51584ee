import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { afterEach, expect, test } from 'vitest'
import type { ServerHands } from './hands.ts'
import { aDesk, type Desk } from './testing.ts'

const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.app.close()
})

async function open(changes: Partial<ServerHands> = {}) {
  const fakes = { deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts: new InMemoryArtifacts() }
  const desk = await aDesk({ ...fakes, tokens: new InMemoryTokens() }, {}, changes)
  desks.push(desk)
  const [all, reader] = [await desk.as('read', 'decide', 'admin'), await desk.as('read')]
  const ask = (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object, headers = all) =>
    desk.app.inject({ method, url, headers, ...(payload && { payload }) })
  return { ...desk, ask, reader }
}

test('whatever somebody changes is written down, with who; what was refused is not, nor what a body holds', async () => {
  const desk = await open()
  expect((await desk.ask('PUT', '/api/stop', { stopped: true, reason: 'a secret plan' })).statusCode).toBe(200)
  expect((await desk.ask('PUT', '/api/stop', { stopped: 'perhaps' })).statusCode).toBe(400)
  expect((await desk.ask('PUT', '/api/stop', { stopped: false }, desk.reader)).statusCode).toBe(403)
  const { items } = (await desk.ask('GET', '/api/changes')).json()
  expect(items).toMatchObject([{ by: 'person 1', what: 'Begin no new work, or go on', subject: '' }])
  expect(JSON.stringify(items)).not.toContain('secret plan')
})

test('repositories with the settings in effect, without secrets; each can be paused by who decides', async () => {
  const desk = await open({
    repositories: async () => [
      {
        name: 'acme/shop',
        kind: 'hosted',
        url: 'https://host.example/acme/shop',
        settings: { rounds: 3, token: 'abc' },
        problem: 'line 3, column 5: no such key',
      },
      { name: 'tabs', kind: 'folder' },
    ],
  })
  const pause = '/api/repositories/acme%2Fshop/pause'
  expect((await desk.ask('PUT', pause, { stopped: true }, desk.reader)).statusCode).toBe(403)
  expect((await desk.ask('PUT', '/api/repositories/other/pause', { stopped: true })).statusCode).toBe(404)
  expect((await desk.ask('PUT', pause, { stopped: true, reason: 'a release' })).json()).toMatchObject({ stopped: true, by: 'person 1', reason: 'a release' })
  expect((await desk.ask('GET', '/api/repositories')).json().items).toMatchObject([
    { name: 'acme/shop', settings: { rounds: 3, token: '(set)' }, problem: expect.stringContaining('line 3'), paused: { stopped: true, by: 'person 1' } },
    { name: 'tabs', kind: 'folder', paused: { stopped: false } },
  ])
  expect((await desk.ask('GET', '/api/changes')).json().items).toMatchObject([{ subject: 'acme/shop' }])
})

test('lanes and their models; a trial is for whoever may spend', async () => {
  const tried: string[] = []
  const desk = await open({
    models: {
      lanes: () => ({ lanes: [{ name: 'strong', model: 'some/model', share: 1, reads: true, key: { from: 'SOME_KEY', set: false } }], hint: undefined }),
      try: async (lane) => {
        tried.push(lane)
        return lane === 'strong'
          ? {
              model: 'some/model',
              contextTokens: 1000,
              tokens: 0,
              money: undefined,
              failure: { code: 'model-refused', message: 'wrong key', hint: 'Set SOME_KEY.' },
            }
          : undefined
      },
    },
  })
  expect((await desk.ask('GET', '/api/models')).json()).toEqual({
    items: [{ name: 'strong', model: 'some/model', share: 1, reads: true, key: { from: 'SOME_KEY', set: false } }],
  })
  expect((await desk.ask('POST', '/api/models/strong/try', undefined, desk.reader)).statusCode).toBe(403)
  expect((await desk.ask('POST', '/api/models/strong/try')).json()).toMatchObject({ failure: { hint: 'Set SOME_KEY.' } })
  expect((await desk.ask('POST', '/api/models/none/try')).statusCode).toBe(404)
  expect(tried).toEqual(['strong', 'none'])
})

test('what doctor says, and a sample where one is offered', async () => {
  const finding = { name: 'docker', ok: false, detail: 'it does not run', remedy: 'Start it.' }
  const without = await open({ doctor: async () => [finding] })
  expect((await without.ask('GET', '/api/doctor')).json()).toEqual({ findings: [finding], sample: false })
  expect((await without.ask('POST', '/api/sample-alert')).statusCode).toBe(404)
  const sent: number[] = []
  const sampleAlert = async () => ({ repository: `sample ${sent.push(1)}` })
  expect((await (await open({ sampleAlert })).ask('POST', '/api/sample-alert')).json()).toEqual({ repository: 'sample 1' })
})
