import { type Drafter, type LanguageModel, type ModelReply, type ModelRequest, tokensOf } from '@fixpoint/core'
import { patchFrom } from '@fixpoint/engine'
import { expect, it } from 'vitest'
import { MortalJournal } from './mortal-journal.ts'
import { world } from './world.ts'

const PROMPTS = 'v1'
const lane = { name: 'cheap', model: 'local/counting', share: 1 }
const policy = { lanes: [lane], budget: { tokens: 100_000 } }

/** Answers with the number of messages it was sent, and remembers every call: each is paid. */
class CountingModel implements LanguageModel {
  readonly card = { name: 'local/counting', contextTokens: 8000, maxOutputTokens: 1000, thinking: false }
  readonly paid: string[] = []
  async *ask(request: ModelRequest) {
    this.paid.push(JSON.stringify(request))
    const reply: ModelReply = {
      content: [{ kind: 'text', text: String(request.messages.length) }],
      stop: 'end',
      usage: { inputTokens: 10, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 1 },
      servedBy: 'counting',
    }
    yield { kind: 'reply' as const, reply }
  }
  async countTokens(): Promise<number> {
    return 10
  }
}

const request = (...said: string[]): ModelRequest => ({
  system: 's',
  tools: [],
  messages: said.map((text, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content: [{ kind: 'text', text }] }) as const),
  maxOutputTokens: 100,
})

/** Has a conversation of three turns, whose requests hold what was said before, and then one idea. */
const talker: Drafter = {
  name: 'cheap',
  async *draft(task, tools, signal) {
    const conversation = tools.model?.open('one')
    const said = ['hello']
    for (let turn = 0; turn < 3; turn++) {
      const reply = await conversation?.ask(request(...said), PROMPTS, signal)
      if (reply === undefined || 'spent' in reply) throw new Error('nobody answers')
      said.push(JSON.stringify(reply.content), 'go on')
    }
    const patch = patchFrom(task.source, [{ path: 'src/size.js', content: 'exports.size = (list) => list.length\n' }])
    yield { kind: 'candidate', candidate: { patch, origin: { drafter: 'cheap', kind: 'agent', summary: said.join(' '), symptomOnly: false, score: 1 } } }
  },
}

it('pays for no exchange twice, wherever it was cut off', async () => {
  const whole = new CountingModel()
  const first = await world({ drafters: [talker], policy, models: new Map([['cheap', whole]]) })
  await first.driveOn()
  const entries = await first.journal.read(first.runId)
  const asked = entries.flatMap(({ event }) => (event.kind === 'model-answered' ? [event] : []))
  expect(asked).toHaveLength(3)
  expect(asked.map((each) => tokensOf(each.usage))).toEqual([11, 11, 11])
  expect(whole.paid).toHaveLength(3)
  const from = entries.findIndex(({ event }) => event.kind === 'dossier-gathered') + 1
  // At the second exchange, and when the patch that came of them is told.
  for (const at of [from + 1, from + 3]) {
    for (const when of ['before', 'after'] as const) {
      const model = new CountingModel()
      const cut = await world({ drafters: [talker], policy, models: new Map([['cheap', model]]) })
      await expect(cut.driveOn(new MortalJournal(cut.journal, { at, when }))).rejects.toThrow('killed')
      expect(await cut.driveOn(), `killed ${when} fact ${at}`).toMatchObject({ phase: 'settled', outcome: 'delivered' })
      // A kill between the model's last byte and the fact costs that one call.
      const lost = when === 'before' && at < from + 3 ? 1 : 0
      expect(model.paid, `killed ${when} fact ${at}`).toHaveLength(3 + lost)
      expect(new Set(model.paid)).toEqual(new Set(whole.paid))
      expect((await cut.journal.read(cut.runId)).map(({ event }) => event.kind)).toEqual(entries.map(({ event }) => event.kind))
    }
  }
}, 300_000)

it('another driver is refused before it pays', async () => {
  const model = new CountingModel()
  const both = await world({ drafters: [talker], policy, models: new Map([['cheap', model]]) })
  const results = await Promise.allSettled([both.driveOn(), both.driveOn()])
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  expect(model.paid).toHaveLength(3)
}, 300_000)

it('a lane that is not set up any more is told of, and nothing is asked', async () => {
  const gone = await world({ drafters: [talker], policy })
  await gone.driveOn()
  const kinds = (await gone.journal.read(gone.runId)).map(({ event }) => event.kind)
  expect(kinds).toContain('drafters-exhausted')
  expect(kinds).not.toContain('model-answered')
})
