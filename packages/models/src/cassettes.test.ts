import { createHash } from 'node:crypto'
import { canonicalJson, type Hash, type LanguageModel, ModelFailure, type ModelReply } from '@fixpoint/core'
import { aModelRequest, aUsage, calls, type ModelTurn, ScriptedModel, says } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { CassetteRecorder } from './recording.ts'
import { CassettePlayer, UnrecordedRequest } from './replaying.ts'

const hash: Hash = (bytes) => createHash('sha256').update(bytes).digest('hex')
const question = (text: string) => aModelRequest({ messages: [{ role: 'user', content: [{ kind: 'text', text }] }] })

async function ask(model: LanguageModel, text: string): Promise<ModelReply | undefined> {
  let reply: ModelReply | undefined
  for await (const event of model.ask(question(text), AbortSignal.timeout(5000))) if (event.kind === 'reply') reply = event.reply
  return reply
}

function recorded(turns: readonly ModelTurn[], secrets: readonly string[] = []) {
  const tape: string[] = []
  const model = new ScriptedModel(turns)
  const recorder = new CassetteRecorder({ hash, secrets, append: async (line) => void tape.push(line) })
  return { model: recorder.record(model), card: model.card, tape: () => tape.join('') }
}

describe('cassettes', () => {
  it('give back every reply bit for bit, in the order of equal requests, failures too', async () => {
    const overloaded = new ModelFailure('model-overloaded', 'busy', 'wait', { againInMs: 5, usage: aUsage() })
    const made = recorded([says('first — ünïcode 🐛'), says('second'), overloaded, calls(['read_file', { path: 'a.ts', b: { c: [1.5] } }])])
    const live = [await ask(made.model, 'a'), await ask(made.model, 'a'), await ask(made.model, 'b').catch((error) => error), await ask(made.model, 'c')]
    const player = new CassettePlayer(made.tape(), { hash })
    const model = player.model(made.card)
    const replies = [await ask(model, 'a'), await ask(model, 'a')]
    expect(await ask(model, 'c')).toEqual(live[3])
    await expect(ask(model, 'b')).rejects.toMatchObject({ code: 'model-overloaded', message: 'busy', hint: 'wait', againInMs: 5, usage: aUsage() })
    expect(replies.map(canonicalJson)).toEqual(live.slice(0, 2).map(canonicalJson))
    expect(player.left).toBe(0)
  })

  it('say how a request differs from the nearest that they hold', async () => {
    const made = recorded([says('a'), says('b')])
    await ask(made.model, 'Where does the total of the shopping cart come from?')
    await ask(made.model, 'Something else')
    const model = new CassettePlayer(made.tape(), { hash }).model(made.card)
    await expect(ask(model, 'Where does the total of the shopping bag come from?')).rejects.toThrowErrorMatchingInlineSnapshot(`
      [UnrecordedRequest: the cassette does not hold this request of test/scripted. The nearest (line 1) differs at messages[0].content[0].text:
        recorded: "Where does the total of the shopping cart come from?"
        asked:    "Where does the total of the shopping bag come from?"]
    `)
    await ask(model, 'Something else')
    await expect(ask(model, 'Something else')).rejects.toThrow('holds this request of test/scripted once, and it was asked once more')
    await expect(ask(new CassettePlayer('', { hash }).model(made.card), 'a')).rejects.toBeInstanceOf(UnrecordedRequest)
  })

  it('hold no secrets, and are found again without them', async () => {
    const key = 'correct horse battery staple'
    const other = ['ghp', 'a'.repeat(36)].join('_')
    const made = recorded([says(`the key is ${key}, the token ${other}`)], [key])
    await ask(made.model, `why is ${key} refused, and AKIA${'Q'.repeat(16)}?`)
    expect(made.tape()).not.toMatch(/horse|ghp_|AKIA/)
    const model = new CassettePlayer(made.tape(), { hash, secrets: [key] }).model(made.card)
    expect(await ask(model, `why is ${key} refused, and AKIA${'Q'.repeat(16)}?`)).toMatchObject({
      content: [{ text: 'the key is [redacted], the token [redacted]' }],
    })
  })

  it('that cannot be read say where', () => {
    expect(() => new CassettePlayer('{"version":1}\n', { hash })).toThrow('line 1 of the cassette cannot be read: key')
    expect(() => new CassettePlayer('\nnot json\n', { hash })).toThrow('line 2 of the cassette cannot be read')
  })
})
