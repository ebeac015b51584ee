import type { LanguageModel, ModelEvent, ModelReply, ModelRequest, ReplyPart, ToolCall } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { aModelRequest, aUsage } from './scripted-model.ts'

export interface MadeModel extends AsyncDisposable {
  readonly model: LanguageModel
}

const patience = () => AbortSignal.timeout(20_000)

async function eventsOf(model: LanguageModel, request: ModelRequest = aModelRequest()): Promise<readonly ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of model.ask(request, patience())) events.push(event)
  return events
}

async function replyOf(model: LanguageModel, request?: ModelRequest): Promise<ModelReply> {
  return lastReply(await eventsOf(model, request))
}

const search: ToolCall = { kind: 'tool-call', id: 'call_1', name: 'search_code', input: { text: 'total', limit: 3, in: ['src', 'lib'] } }
const read: ToolCall = { kind: 'tool-call', id: 'call_2', name: 'read_file', input: { path: 'src/shop.ts' } }

/** What every model keeps, whoever stands behind it. `make` gives one that answers with these replies, in order. */
export function languageModelContract(make: (replies: readonly Partial<ModelReply>[]) => Promise<MadeModel>): void {
  const content = {
    text: [{ kind: 'text', text: 'The loop ends one item early: `<` has to be `<=`. — ünïcode, 日本語 and 🐛 too.' }],
    'text and a call': [{ kind: 'text', text: 'I look for it.' }, search],
    'two calls': [search, read],
    'ten calls at once': Array.from({ length: 10 }, (_, index) => ({ ...read, id: `call_${index}` })),
    'a call without input': [{ ...read, input: {} }],
    'a call with invalid JSON': [{ ...read, input: {}, malformed: '{"path": "src/sh' }],
    'a call whose input is a list': [{ ...read, input: {}, malformed: '["src/shop.ts"]' }],
    nothing: [],
  } satisfies Record<string, ReplyPart[]>

  describe('language model contract', () => {
    it.each(Object.entries(content))('gives back %s as it was said', async (_name, said) => {
      await using made = await make([{ content: said }])
      const events = await eventsOf(made.model)
      const reply = lastReply(events)
      expect(reply.content).toEqual(said)
      expect(reply.stop).toBe(said.some(({ kind }) => kind === 'tool-call') ? 'tool-calls' : 'end')
      expect(events.filter(({ kind }) => kind === 'reply')).toHaveLength(1)
      expect(events.flatMap((event) => (event.kind === 'text' ? [event.text] : [])).join('')).toBe(textOf(said))
      expect(events.flatMap((event) => (event.kind === 'tool-call' ? [event.call] : []))).toEqual(said.filter(({ kind }) => kind === 'tool-call'))
    })

    it.each(['end', 'output-limit', 'refused'] as const)('says that it stopped for: %s', async (stop) => {
      await using made = await make([{ content: [{ kind: 'text', text: 'So' }], stop }])
      expect(await replyOf(made.model)).toMatchObject({ stop })
    })

    it('tells what it took, each kind of token apart', async () => {
      const usage = aUsage({ inputTokens: 11, cachedTokens: 2000, cacheWriteTokens: 300, outputTokens: 44 })
      await using made = await make([{ usage }])
      expect((await replyOf(made.model)).usage).toEqual(usage)
    })

    it('takes back what it said and what tools answered, and goes on', async () => {
      await using made = await make([{ content: [search, read] }, { content: [{ kind: 'text', text: 'Found.' }] }])
      const request = aModelRequest({
        tools: [{ name: 'search_code', description: 'Searches.', input: { type: 'object', properties: { text: { type: 'string' } } } }],
      })
      const first = await replyOf(made.model, request)
      const results = first.content.flatMap((part) =>
        part.kind === 'tool-call' ? [{ kind: 'tool-result', id: part.id, text: 'src/shop.ts:3', failed: true } as const] : [],
      )
      const messages = [...request.messages, { role: 'assistant' as const, content: first.content }, { role: 'user' as const, content: results }]
      expect(await replyOf(made.model, { ...request, messages })).toMatchObject({ content: [{ kind: 'text', text: 'Found.' }] })
    })

    it('ends with the reason of whoever takes the question back', async () => {
      await using made = await make([{ content: [{ kind: 'text', text: 'So it is.' }] }])
      const controller = new AbortController()
      const reason = new Error('never mind')
      const asking = (async () => {
        for await (const event of made.model.ask(aModelRequest(), controller.signal)) if (event.kind === 'text') controller.abort(reason)
      })()
      await expect(asking).rejects.toBe(reason)
      await expect(replyOfSignal(made.model, AbortSignal.abort(reason))).rejects.toBe(reason)
    })

    it('is let go when nobody reads on', async () => {
      await using made = await make([{ content: [{ kind: 'text', text: 'So it is, and it goes on for a while.' }] }])
      for await (const event of made.model.ask(aModelRequest(), patience())) if (event.kind === 'text') break
    })

    it('counts what it would be asked, more for more', async () => {
      await using made = await make([])
      const little = await made.model.countTokens(aModelRequest(), patience())
      const much = await made.model.countTokens(aModelRequest({ system: 'word '.repeat(5000) }), patience())
      expect(little).toBeGreaterThan(0)
      expect(much).toBeGreaterThanOrEqual(little)
    })
  })
}

function textOf(parts: readonly ReplyPart[]): string {
  return parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('')
}

function lastReply(events: readonly ModelEvent[]): ModelReply {
  const last = events.at(-1)
  if (last?.kind !== 'reply') throw new Error('a model has to end with its reply')
  return last.reply
}

async function replyOfSignal(model: LanguageModel, signal: AbortSignal): Promise<void> {
  for await (const _ of model.ask(aModelRequest(), signal));
}
