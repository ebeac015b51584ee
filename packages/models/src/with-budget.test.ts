import { costOf, type LanguageModel, type Ledger, ModelFailure, RunId, Spending } from '@fixpoint/core'
import { aModelRequest, aUsage, InMemoryLedger, type ModelTurn, ScriptedModel, says } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { withBudget } from './with-budget.ts'

const run = RunId.parse(`run_${'1'.padStart(26, '0')}`)
const ledger = (spending: object = {}): Ledger => new InMemoryLedger(Spending.parse(spending))
const around = (turns: readonly ModelTurn[], given: Ledger, budget = {}) => {
  const model = new ScriptedModel(turns)
  return { model, guarded: withBudget(model, { ledger: given, run, repository: 'shop', budget }) }
}
const drain = async (model: LanguageModel, signal = AbortSignal.timeout(5000)) => {
  for await (const _ of model.ask(aModelRequest(), signal));
}

describe('withBudget', () => {
  it('settles what a call took, at the prices of its kinds of tokens', async () => {
    const given = ledger()
    const usage = aUsage({ inputTokens: 1000, cachedTokens: 10_000, cacheWriteTokens: 100, outputTokens: 500 })
    const { guarded, model } = around([{ usage }], given)
    await drain(guarded)
    expect(await given.ofRun(run)).toEqual({ money: costOf(usage, model.card), tokens: 11_600 })
  })

  it.each([
    ['what broke off counts as far as it was billed', new ModelFailure('model-unreachable', 'broke', 'hint', { usage: aUsage() }), 120],
    ['what was refused costs nothing', new ModelFailure('model-overloaded', 'busy', 'hint'), 0],
  ])('%s', async (_name, failure, tokens) => {
    const given = ledger()
    await expect(drain(around([failure], given).guarded)).rejects.toBe(failure)
    expect((await given.ofRun(run)).tokens).toBe(tokens)
  })

  it('a call whose end nobody saw counts as the most that it could take', async () => {
    const given = ledger()
    for await (const _ of around([says('so')], given).guarded.ask(aModelRequest(), AbortSignal.timeout(5000))) break
    expect((await given.ofRun(run)).tokens).toBeGreaterThan(1024)
  })

  it('is never passed by more than one call, whatever usage is told', async () => {
    const given = ledger()
    // Ten times of what was reserved, each time.
    const usage = aUsage({ inputTokens: 20_000, outputTokens: 10_000 })
    const { guarded, model } = around(
      Array.from({ length: 50 }, () => ({ usage })),
      given,
      { tokens: 100_000 },
    )
    const asking = async () => {
      for (;;) await drain(guarded)
    }
    await expect(asking()).rejects.toMatchObject({ code: 'budget-exhausted', message: expect.stringContaining('this run') })
    const { tokens } = await given.ofRun(run)
    expect(tokens).toBe(model.requests.length * 30_000)
    expect(tokens - 100_000).toBeLessThanOrEqual(30_000)
  })

  it('asks nobody once there is no room', async () => {
    const { guarded, model } = around([says('never asked for')], ledger(), { money: 0 })
    await expect(drain(guarded)).rejects.toMatchObject({ code: 'budget-exhausted', hint: expect.stringContaining('--budget') })
    expect(model.left).toBe(1)
  })
})
