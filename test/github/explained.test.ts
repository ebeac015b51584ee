import { calls, OpenAiDouble, type WireTurn } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { HostedWorker } from './hosted-worker.ts'
import { liveParts } from './page.ts'

const causes = (at: HostedWorker, issue: Parameters<HostedWorker['ours']>[0]) => at.ours(issue).filter((body) => body.includes('What is known of the cause'))

it('whoever asks why is told the error, the failing line with a link to it, how it was made to happen, and what is proposed', async () => {
  await using at = await HostedWorker.open()
  const issue = await at.labelled()
  await at.github.as('ann').comments(issue, '/fixpoint explain')
  await at.works()
  const [cause] = causes(at, issue)
  const base = await at.shop.git.tip('main')
  expect(cause).toContain("**It fails with** `TypeError: Cannot read properties of undefined (reading 'name')` at [`src/last.js:2`]")
  expect(cause).toContain(`(${at.github.origin}/acme/shop/blob/${base}/src/last.js#L2)`)
  expect(cause).toMatch(/\*\*It was made to happen here\*\* by .*: `/)
  expect(cause).toContain(`**What is proposed** is #${at.pulls[0]?.number}`)
  // Below the pull request too, and asked twice it is said once.
  const pull = { repository: at.shop, number: at.pulls[0]?.number ?? 0 }
  for (let twice = 0; twice < 2; twice += 1) await at.github.as('ann').comments(pull, '/fixpoint explain')
  await at.works()
  expect(causes(at, pull)).toHaveLength(1)
  expect(await liveParts(cause ?? '', [`#${pull.number}`])).toEqual([])
})

it('where nothing could be done it is said why', async () => {
  await using at = await HostedWorker.open()
  const issue = await at.labelled('It crashes', '```\nTypeError: nobody knows this\n    at last (/srv/app/src/last.js:2:30)\n```\n')
  await at.github.as('ann').comments(issue, '/fixpoint explain')
  await at.works()
  const [cause] = causes(at, issue)
  expect(cause).toContain('**It fails with** `TypeError: nobody knows this`')
  expect(cause).toContain('**It could not be made to happen here**')
  expect(cause).toMatch(/Why nothing is proposed:\*\* .+/)
  expect(cause).toMatch(/Where the cause may lie[\s\S]*src\/last\.js:2/)
})

describe('in the words of a model', () => {
  const EVIDENCE = { path: 'src/last.js', from: 2, to: 2, why: 'reads the entry behind the last one' }
  const SOON = { timeout: 60_000 }
  const WORDS = 'The index is one too far.'
  const answer = (text: string) => ({ kind: 'reply' as const, reply: calls(['answer', { text, evidence: [EVIDENCE] }]) })

  /** A service with a lane, and an issue whose run is open; nobody drives it. */
  async function open(...turns: readonly WireTurn[]) {
    const model = await OpenAiDouble.start(turns)
    const models = { providers: { house: { kind: 'openai', baseUrl: model.baseUrl, tools: 'native' } }, lanes: { strong: 'house/model' } }
    const at = await HostedWorker.open({ operator: { models } })
    at.drives = false
    const issue = await at.labelled()
    const asks = async () => {
      await at.github.as('ann').comments(issue, '/fixpoint explain')
      await at.works()
    }
    const said = () => causes(at, issue)
    const concluded = async () => (await at.conclusions()).filter((each) => each.includes('what is known of the cause')).at(-1)
    const close = async () => {
      await at[Symbol.asyncDispose]()
      await model[Symbol.asyncDispose]()
    }
    return { at, model, asks, said, concluded, [Symbol.asyncDispose]: close }
  }

  it('it is said at once what is known, and the words when they are there, with places that were looked up', async () => {
    await using service = await open(answer(WORDS))
    const { at, model, asks, said, concluded } = service
    await asks()
    expect(said()).toEqual([expect.stringContaining('What is known of the cause')])
    await expect.poll(concluded, SOON).toContain('with a model’s words')
    const base = await at.shop.git.tip('main')
    expect(said()).toEqual([expect.stringContaining(WORDS)])
    expect(said()[0]).toContain(`(${at.github.origin}/acme/shop/blob/${base}/src/last.js#L2) — reads the entry behind the last one`)
    await asks()
    expect(said()).toEqual([expect.stringContaining(WORDS)])
    expect(model.requests, 'nothing new is known: one answer, paid once').toHaveLength(1)
  })

  it('they are not lost with the process that asked for them: another one asks, when nobody can be asking any more', async () => {
    await using service = await open({ kind: 'silence' }, answer(WORDS))
    const { at, model, asks, said, concluded } = service
    await asks()
    await expect.poll(() => model.requests.length, SOON).toBe(1)
    await at.restarts()
    await at.later()
    expect(model.requests, 'as far as anybody knows, somebody is asking').toHaveLength(1)
    await at.later(7)
    await expect.poll(said, SOON).toEqual([expect.stringContaining(WORDS)])
    await expect.poll(concluded, SOON).toMatch(/^reported: /)
    await at.later(7)
    expect(model.requests).toHaveLength(2)
  })

  it('that could not be said for want of the host, and whose process died then, are said later and not paid again', async () => {
    await using service = await open(answer(WORDS))
    const { at, model, asks, said } = service
    // One request and what is tried again by itself.
    at.github.fail({ method: 'PATCH', path: /issues\/comments/, kind: '500', times: 4 })
    await asks()
    await expect.poll(() => at.github.faultsLeft, SOON).toBe(0)
    expect(said()[0]).not.toContain(WORDS)
    await at.restarts()
    await at.later(7)
    expect(said()).toEqual([expect.stringContaining(WORDS)])
    expect(model.requests).toHaveLength(1)
  })

  it('that a model does not give are not asked for again and again', async () => {
    await using service = await open(...Array.from({ length: 9 }, () => ({ kind: 'refusal', status: 404 }) as const))
    const { at, model, asks, concluded } = service
    await asks()
    await expect.poll(concluded, SOON).toContain('a model could not be asked')
    const asked = model.requests.length
    await at.later(7)
    expect(model.requests).toHaveLength(asked)
  })
})
