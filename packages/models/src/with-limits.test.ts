import { setTimeout as wait } from 'node:timers/promises'
import type { LanguageModel } from '@fixpoint/core'
import { aModelRequest, aUsage, ScriptedModel, says } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { type Limits, ProviderGate, withLimits } from './with-limits.ts'

/** Time that only passes when somebody sleeps. */
class SleepersClock {
  #now = 0
  now(): Date {
    return new Date(this.#now)
  }
  monotonic(): number {
    return this.#now
  }
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    this.#now += ms
  }
}

const drain = async (model: LanguageModel, signal = AbortSignal.timeout(5000)) => {
  for await (const _ of model.ask(aModelRequest(), signal));
}
const gate = (limits: Limits) => {
  const clock = new SleepersClock()
  return { clock, gate: new ProviderGate(limits, clock) }
}

describe('withLimits', () => {
  it('lets only so many calls be under way, all models of a provider together, first come first', async () => {
    const { gate: shared } = gate({ concurrency: 2 })
    let underWay = 0
    let most = 0
    const order: number[] = []
    const slow = (index: number) => async () => {
      order.push(index)
      most = Math.max(most, ++underWay)
      await wait(10)
      underWay--
      return says('done')
    }
    const models = [0, 1, 2, 3, 4].map((index) => withLimits(new ScriptedModel([slow(index)]), shared))
    await Promise.all(models.map((model) => drain(model)))
    expect(most).toBe(2)
    expect(order).toEqual([0, 1, 2, 3, 4])
  })

  it('waits for the minute to pass when its requests are used up', async () => {
    const { clock, gate: shared } = gate({ requestsPerMinute: 2 })
    const model = withLimits(new ScriptedModel(Array.from({ length: 5 }, () => says('ok'))), shared)
    for (let call = 0; call < 5; call++) await drain(model)
    expect(clock.monotonic()).toBe(120_000)
  })

  it('counts the tokens that a call may take until it is known what it took', async () => {
    const { clock, gate: shared } = gate({ tokensPerMinute: 5000 })
    const model = withLimits(new ScriptedModel([{ usage: aUsage() }, { usage: aUsage({ inputTokens: 4000 }) }, { usage: aUsage() }]), shared)
    await drain(model)
    await drain(model)
    expect(clock.monotonic()).toBe(0)
    await drain(model)
    expect(clock.monotonic()).toBe(60_000)
  })

  it('lets a call go alone that is larger than a whole minute', async () => {
    const { clock, gate: shared } = gate({ tokensPerMinute: 10 })
    const model = withLimits(new ScriptedModel([says('one'), says('two')]), shared)
    await drain(model)
    await drain(model)
    expect(clock.monotonic()).toBe(60_000)
  })

  it('lets go of whoever stops waiting, and those behind go on', async () => {
    const { gate: shared } = gate({ concurrency: 1 })
    const first = await shared.enter(1, AbortSignal.timeout(5000))
    const controller = new AbortController()
    const second = shared.enter(1, controller.signal)
    const third = shared.enter(1, AbortSignal.timeout(5000))
    controller.abort(new Error('never mind'))
    await expect(second).rejects.toThrow('never mind')
    first.leave(1)
    ;(await third).leave(1)
  })
})
