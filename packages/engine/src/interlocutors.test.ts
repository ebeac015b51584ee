import { createHash } from 'node:crypto'
import { type Answered, type Conversation, type ModelReply, type ModelRequest, Policy } from '@fixpoint/core'
import { aModelRequest, InMemoryArtifacts, ScriptedModel, SteppingClock } from '@fixpoint/testkit'
import { expect, test } from 'vitest'
import { Archive } from './archive.ts'
import { interlocutorOf } from './interlocutors.ts'
import type { StepContext } from './tools.ts'

const never = new AbortController().signal
const call = { kind: 'tool-call', id: 'call_0', name: 'look', input: {} } as const

function world(turns: number, tokens = 100_000) {
  const policy = Policy.parse({ lanes: [{ name: 'cheap', model: 'test/scripted', share: 0.5 }], budget: { tokens, money: 10 } })
  const model = new ScriptedModel(Array.from({ length: turns }, () => ({ content: [call] })))
  const answered: Answered[] = []
  const context = {
    tools: { models: new Map([['cheap', model]]), clock: new SteppingClock(), hash: (bytes: string) => createHash('sha256').update(bytes).digest('hex') },
    archive: new Archive(new InMemoryArtifacts()),
    assertHeld: async () => undefined,
    record: async ({ kind: _, ...fact }: Answered & { kind: string }) => void answered.push(fact),
  } as unknown as StepContext
  return { model, answered, open: (recorded: readonly Answered[]) => interlocutorOf({ policy, answered: recorded }, 'cheap', 'draft 0', context)?.open('one') }
}

/** Asks, and answers each call with what `look` says or what was answered before; tells what was asked last. */
async function talk(conversation: Conversation | undefined, turns: number, look: () => string): Promise<readonly string[]> {
  const messages: ModelRequest['messages'] = [...aModelRequest().messages]
  const results: string[] = []
  for (let turn = 0; turn < turns; turn += 1) {
    const reply = await conversation?.ask({ ...aModelRequest(), messages: [...messages] }, 'v1', never)
    if (reply === undefined || 'spent' in reply) return [...results, reply === undefined ? 'nobody' : reply.spent]
    const text = conversation?.answered(call) ?? look()
    results.push(text)
    messages.push({ role: 'assistant', content: (reply as ModelReply).content }, { role: 'user', content: [{ kind: 'tool-result', id: call.id, text }] })
  }
  return results
}

test('what tools answered is found again turn by turn, also where a server counts its calls anew', async () => {
  const { model, answered, open } = world(4)
  let looked = 0
  const look = () => `seen ${++looked}`
  await talk(open([]), 3, look)
  expect(answered).toHaveLength(3)
  looked = 10
  expect(await talk(open(answered), 4, look)).toEqual(['seen 1', 'seen 2', 'seen 11', 'seen 12'])
  // The third answer was not on record, so its turn and all after it are another conversation.
  expect(model.requests).toHaveLength(4)
})

test('a lane stops when its share is used, and is told which', async () => {
  const { answered, open } = world(4, 600)
  expect(await talk(open([]), 4, () => 'seen')).toEqual(['seen', 'seen', 'seen', 'the lane cheap has used its share of 300 tokens'])
  expect(answered).toHaveLength(3)
})
