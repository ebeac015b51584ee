import { createHmac } from 'node:crypto'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import { aDesk, type Desk } from './testing.ts'

const SECRET = 'the webhook secret of our app'
const BODY = JSON.stringify({ action: 'labeled', issue: { number: 1 } })
const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.app.close()
})

async function open(secret: string | undefined = SECRET, settings: Parameters<typeof aDesk>[1] = {}) {
  const deliveries = new InMemoryDeliveries()
  const fakes = { deliveries, reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts: new InMemoryArtifacts(), tokens: new InMemoryTokens() }
  const desk = await aDesk(fakes, settings, { githubWebhookSecret: () => secret })
  desks.push(desk)
  const post = (payload: string | Buffer = BODY, headers: Record<string, string> = {}) =>
    desk.app.inject({
      method: 'POST',
      url: '/hooks/github',
      payload,
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'issues',
        'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
        'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(payload).digest('hex')}`,
        ...headers,
      },
    })
  return { desk, deliveries, post }
}

test('a delivery of GitHub is kept as it came, answered, and wakes the worker', async () => {
  const { post, deliveries, desk } = await open()
  const answer = await post()
  expect([answer.statusCode, answer.body]).toEqual([202, ''])
  const [line] = await deliveries.list({ limit: 9 })
  expect(line).toMatchObject({ source: 'github', key: 'github-app', deliveryId: '72d3162e-cc78-11e3-81ab-4c9367dc0958', state: 'accepted' })
  const content = await deliveries.content(line?.id ?? '')
  expect(Buffer.from(content?.body ?? '').toString()).toBe(BODY)
  expect(content?.headers).toMatchObject({ 'x-github-event': 'issues' })
  expect(content?.headers).not.toHaveProperty('x-hub-signature-256')
  expect(desk.woken).toEqual(['deliveries'])
})

test('a hundred copies at once are one', async () => {
  const { post, deliveries } = await open()
  const answers = await Promise.all(Array.from({ length: 100 }, () => post()))
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]))
  expect(await deliveries.list({ limit: 9 })).toMatchObject([{ state: 'accepted', duplicates: 99 }])
})

test('two deliveries of the same words are two', async () => {
  const { post, deliveries } = await open()
  await post()
  await post(BODY, { 'x-github-delivery': '82d3162e-cc78-11e3-81ab-4c9367dc0958' })
  expect(await deliveries.list({ limit: 9 })).toHaveLength(2)
})

test('a replayed one waits again', async () => {
  const { post, deliveries, desk } = await open()
  await post()
  const [line] = await deliveries.list({ limit: 9 })
  await deliveries.conclude(line?.id ?? '', { state: 'ignored', reason: 'x', reports: [] })
  const answer = await desk.app.inject({ method: 'POST', url: `/api/deliveries/${line?.id}/replay`, headers: await desk.as('admin', 'decide') })
  expect(answer.statusCode).toBeLessThan(300)
  expect(await deliveries.waiting(9)).toHaveLength(1)
})

describe('is refused', () => {
  test('without an app, like any address that is not there', async () => {
    const fakes = { deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts: new InMemoryArtifacts() }
    const desk = await aDesk({ ...fakes, tokens: new InMemoryTokens() })
    desks.push(desk)
    expect((await desk.app.inject({ method: 'POST', url: '/hooks/github', payload: BODY, headers: { 'content-type': 'application/json' } })).statusCode).toBe(
      404,
    )
  })

  test.each([
    ['no signature', { 'x-hub-signature-256': '' }],
    ['another signature', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
    ['SHA-1 alone', { 'x-hub-signature-256': '', 'x-hub-signature': `sha1=${createHmac('sha1', SECRET).update(BODY).digest('hex')}` }],
  ])('with %s: nothing is kept but a line, and the answer says nothing', async (_, headers) => {
    const { post, deliveries, desk } = await open()
    const answer = await post(BODY, headers)
    expect(answer.statusCode).toBe(401)
    expect(answer.json()).toEqual({ title: 'Not verified', status: 401 })
    expect(await deliveries.list({ limit: 9 })).toMatchObject([{ source: 'github', state: 'refused', reason: expect.stringMatching(/signature/i) }])
    expect(await deliveries.waiting(9)).toEqual([])
    expect(desk.lines.join('\n')).not.toContain(SECRET)
  })

  test('with a secret that is too short to be one', async () => {
    const { post } = await open('short')
    expect((await post()).statusCode).toBe(401)
  })

  test.each([
    ['as a form', { 'content-type': 'application/x-www-form-urlencoded' }, BODY, 415],
    ['as no JSON', {}, 'hello', 400],
    ['nested a thousand deep', {}, `${'['.repeat(1000)}${']'.repeat(1000)}`, 400],
  ])('%s', async (_, headers, payload, status) => {
    const { post, deliveries } = await open()
    expect((await post(payload, headers)).statusCode).toBe(status)
    expect(await deliveries.list({ limit: 9 })).toMatchObject([{ state: 'refused' }])
  })

  test('by any other method', async () => {
    const { desk } = await open()
    expect((await desk.app.inject({ method: 'GET', url: '/hooks/github' })).statusCode).toBe(405)
  })
})

test('it may be larger than an alert, up to its own limit', async () => {
  const large = JSON.stringify({ text: 'x'.repeat(3 * 1_048_576) })
  expect((await (await open()).post(large)).statusCode).toBe(202)
  const { post, deliveries } = await open(SECRET, { hooks: { maximumHostBytes: 2 * 1_048_576 } })
  expect((await post(large)).statusCode).toBe(413)
  expect(await deliveries.list({ limit: 9 })).toMatchObject([{ state: 'refused', reason: 'larger than 2097152 bytes' }])
})
