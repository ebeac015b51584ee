import { Failure } from '@fixpoint/core'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { afterEach, expect, test } from 'vitest'
import type { QuestionDesk } from './reading-hands.ts'
import type { ServerSettingsInput } from './settings.ts'
import { aDesk, type Desk, runId, summary } from './testing.ts'

const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.app.close()
})
const ANSWER = { text: 'It is rounded.', places: [], model: 'test/model', spent: { money: 0.01, tokens: 120 } }

async function open(ask?: QuestionDesk['ask'], settings: ServerSettingsInput = {}) {
  const fakes = { deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts: new InMemoryArtifacts() }
  const questions = ask && { model: 'test/model', atMost: { money: 0.5 }, ask }
  const desk = await aDesk({ ...fakes, tokens: new InMemoryTokens() }, settings, { questions })
  desks.push(desk)
  desk.runs.set(summary(1))
  const address = await desk.app.listen({ host: '127.0.0.1', port: 0 })
  const [decider, reader] = [await desk.as('read', 'decide'), await desk.as('read')]
  const post = (question: unknown, who = decider, signal?: AbortSignal) =>
    fetch(`${address}/api/runs/${runId(1)}/questions`, {
      method: 'POST',
      headers: { authorization: who.authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ question }),
      ...(signal && { signal }),
    })
  return { desk, post, reader }
}

test('a question is answered as it is thought about, and what it may cost is told', async () => {
  const { post, desk } = await open(async (run, question, tell) => {
    expect([run, question]).toEqual([runId(1), 'why not in the caller?'])
    tell({ kind: 'looking', tool: 'read_file', at: 'src/a.js' })
    tell({ kind: 'words', text: 'two\nlines' })
    return ANSWER
  })
  const response = await post('  why not in the caller? ')
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(await response.text()).toBe(
    [
      'retry: 2000',
      'event: looking\ndata: {"tool":"read_file","at":"src/a.js"}',
      'event: words\ndata: {"text":"two\\nlines"}',
      `event: answer\ndata: ${JSON.stringify(ANSWER)}`,
      '',
    ].join('\n\n'),
  )
  const models = await desk.app.inject({ url: '/api/models', headers: await desk.as('read') })
  expect(models.json().answers).toEqual({ model: 'test/model', atMost: { money: 0.5 } })
  expect(desk.lines.join()).not.toContain('caller?')
})

test('who may only look spends nothing, and without a model nothing is offered', async () => {
  const { post, reader } = await open(() => Promise.reject(new Error('nobody may come here')))
  expect((await post('why?', reader)).status).toBe(403)
  expect((await post('   ')).status).toBe(400)
  expect((await post('w'.repeat(2001))).status).toBe(400)
  const without = await open()
  expect((await without.post('why?')).status).toBe(409)
  expect((await without.desk.app.inject({ url: '/api/models', headers: await without.desk.as('read') })).json().answers).toBeUndefined()
})

test('nobody asks without end', async () => {
  const { post } = await open(async () => ANSWER, { questions: { rate: { perSecond: 0.01, burst: 2 } } })
  expect([(await post('one?')).status, (await post('two?')).status]).toEqual([200, 200])
  const third = await post('three?')
  expect([third.status, Number(third.headers.get('retry-after')) > 0]).toEqual([429, true])
})

test('what could not be answered says why; what we did not foresee says nothing of what it was', async () => {
  const failures = [new Failure('budget-exhausted', '$0.50 of $0.50 are used', 'Raise questions.money.'), new Error('a key stands here')]
  const { post, desk } = await open(() => Promise.reject(failures.shift()))
  expect(await (await post('one?')).text()).toContain('event: refused\ndata: {"title":"$0.50 of $0.50 are used","hint":"Raise questions.money."}')
  expect(await (await post('two?')).text()).toContain('"title":"The question could not be answered"')
  expect(desk.lines.join()).not.toContain('a key stands here')
  expect(desk.lines.join()).toContain('a question could not be answered')
})

test('whoever goes away takes the question back', async () => {
  let signalled: AbortSignal | undefined
  const { post } = await open((_run, _question, tell, signal) => {
    signalled = signal
    tell({ kind: 'words', text: 'well' })
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  const leaving = new AbortController()
  const response = await post('why?', undefined, leaving.signal)
  await response.body?.getReader().read()
  leaving.abort()
  await expect.poll(() => signalled?.aborted).toBe(true)
})
