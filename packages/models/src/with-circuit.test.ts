import { type LanguageModel, ModelFailure, type ModelFailureCode } from '@fixpoint/core'
import { aModelRequest, ScriptedModel, SteppingClock, says } from '@fixpoint/testkit'
import { expect, it } from 'vitest'
import { withCircuit } from './with-circuit.ts'

const drain = async (model: LanguageModel) => {
  for await (const _ of model.ask(aModelRequest(), AbortSignal.timeout(5000)));
}
const failure = (code: ModelFailureCode) => new ModelFailure(code, code, 'hint')

it.each(['model-key-refused', 'model-unknown', 'model-spend-limit'] as const)('after %s the endpoint is left alone for a while', async (code) => {
  const clock = new SteppingClock(undefined, 0)
  const model = new ScriptedModel([failure(code), says('mended')])
  const guarded = withCircuit(model, clock)
  await expect(drain(guarded)).rejects.toMatchObject({ code })
  await expect(drain(guarded)).rejects.toMatchObject({ code })
  expect(model.requests).toHaveLength(1)
  clock.advance(300_000)
  await drain(guarded)
  expect(model.requests).toHaveLength(2)
})

it('what passes by itself does not close the way', async () => {
  const guarded = withCircuit(new ScriptedModel([failure('model-overloaded'), says('fine')]), new SteppingClock())
  await expect(drain(guarded)).rejects.toMatchObject({ code: 'model-overloaded' })
  await drain(guarded)
})
