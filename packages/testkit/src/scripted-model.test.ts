import { ModelFailure } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { languageModelContract } from './language-model-contract.ts'
import { aModelRequest, calls, ScriptedModel, says } from './scripted-model.ts'

languageModelContract(async (replies) => ({ model: new ScriptedModel(replies), async [Symbol.asyncDispose]() {} }))

const replies = async (model: ScriptedModel) => {
  for await (const event of model.ask(aModelRequest(), AbortSignal.timeout(1000))) if (event.kind === 'reply') return event.reply
  return undefined
}

describe('ScriptedModel', () => {
  it('plays replies, failures and functions of the request, keeps the requests, and runs out loudly', async () => {
    const overloaded = new ModelFailure('model-overloaded', 'busy', 'wait')
    const model = new ScriptedModel([says('a'), overloaded, (request) => says(request.system), calls(['read_file', { path: 'a.ts' }])])
    expect(await replies(model)).toMatchObject({ content: [{ text: 'a' }], stop: 'end' })
    await expect(replies(model)).rejects.toBe(overloaded)
    expect(await replies(model)).toMatchObject({ content: [{ text: 'You fix bugs.' }] })
    expect(await replies(model)).toMatchObject({ content: [{ kind: 'tool-call', name: 'read_file' }], stop: 'tool-calls' })
    expect(model.left).toBe(0)
    await expect(replies(model)).rejects.toThrow('was asked 5 times, but its script ends before that')
    expect(model.requests).toHaveLength(5)
  })
})
