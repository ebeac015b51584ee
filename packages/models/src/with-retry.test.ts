import { type Clock, type LanguageModel, ModelFailure, type ModelFailureCode, type ModelReply, type Usage } from '@fixpoint/core'
import { aModelCard, aModelRequest, aUsage, FixedClock, ScriptedModel, says } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { withRetry } from './with-retry.ts'

const failure = (code: ModelFailureCode, more: { againInMs?: number; usage?: Usage } = {}) => new ModelFailure(code, code, 'hint', more)

class NotingClock extends FixedClock implements Clock {
  readonly slept: number[] = []
  override async sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.slept.push(ms)
    await super.sleep(ms, signal)
  }
}

async function ask(model: LanguageModel, signal = AbortSignal.timeout(5000)): Promise<ModelReply | undefined> {
  let reply: ModelReply | undefined
  for await (const event of model.ask(aModelRequest(), signal)) if (event.kind === 'reply') reply = event.reply
  return reply
}

describe('withRetry', () => {
  it('waits as long as it is told, else longer each time, and asks again', async () => {
    const clock = new NotingClock()
    const model = new ScriptedModel([
      failure('model-rate-limited', { againInMs: 7000 }),
      failure('model-overloaded'),
      failure('model-unreachable'),
      says('at last'),
    ])
    expect(await ask(withRetry(model, { clock, random: () => 1 }))).toMatchObject({ content: [{ text: 'at last' }] })
    expect(clock.slept).toEqual([7000, 2000, 4000])
  })

  it.each(['model-spend-limit', 'model-key-refused', 'model-unknown', 'model-context-exceeded', 'model-malformed', 'model-not-allowed'] as const)(
    'never repeats after %s',
    async (code) => {
      const model = new ScriptedModel([failure(code)])
      await expect(ask(withRetry(model, { clock: new FixedClock() }))).rejects.toMatchObject({ code })
      expect(model.requests).toHaveLength(1)
    },
  )

  it('gives up after five, and at once when it would have to wait for long', async () => {
    const busy = new ScriptedModel(Array.from({ length: 5 }, () => failure('model-overloaded')))
    await expect(ask(withRetry(busy, { clock: new FixedClock() }))).rejects.toMatchObject({ code: 'model-overloaded' })
    expect(busy.left).toBe(0)
    const later = new ScriptedModel([failure('model-rate-limited', { againInMs: 3_600_000 })])
    await expect(ask(withRetry(later, { clock: new FixedClock() }))).rejects.toMatchObject({ againInMs: 3_600_000 })
  })

  it('adds what discarded replies took, and repeats once what was paid for', async () => {
    const paid = failure('model-unreachable', { usage: aUsage({ inputTokens: 1000, outputTokens: 50 }) })
    const once = new ScriptedModel([paid, { usage: aUsage({ inputTokens: 1000, outputTokens: 200 }) }])
    expect(await ask(withRetry(once, { clock: new FixedClock() }))).toMatchObject({ usage: { inputTokens: 2000, outputTokens: 250 } })
    const twice = new ScriptedModel([paid, paid, says('never asked for')])
    await expect(ask(withRetry(twice, { clock: new FixedClock() }))).rejects.toMatchObject({ usage: { inputTokens: 2000, outputTokens: 100 } })
    expect(twice.left).toBe(1)
  })

  it('is called off while it waits', async () => {
    const controller = new AbortController()
    const clock: Clock = Object.assign(new FixedClock(), {
      sleep: async (_ms: number, signal: AbortSignal) => {
        controller.abort(new Error('never mind'))
        signal.throwIfAborted()
      },
    })
    const model = new ScriptedModel([failure('model-overloaded'), says('never asked for')], aModelCard())
    await expect(ask(withRetry(model, { clock }), controller.signal)).rejects.toThrow('never mind')
    expect(model.left).toBe(1)
  })
})
