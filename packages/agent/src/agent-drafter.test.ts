import { createHash } from 'node:crypto'
import type { DraftEvent, DraftTask } from '@fixpoint/core'
import { type ReplyScript, ScriptedInterlocutor, ScriptWorld, textFilesIn } from '@fixpoint/testkit'
import { describe, expect, test } from 'vitest'
import { createAgentDrafter, promptFolder, readPrompts } from './index.ts'

const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const prompts = readPrompts(textFilesIn(promptFolder))

const MAIN = `// Prices of orders.
function total(items) {
  let sum = 0
  for (const item of items) {
    sum = item.price
  }
  return sum
}

function label(items) {
  return items.length + ' items'
}
`
const aWorld = () =>
  new ScriptWorld({
    main: MAIN,
    tests: { 'adds prices': 'total([{ price: 2 }, { price: 3 }]) === 5', 'no items': 'total([]) === 0', label: "label([1]) === '1 items'" },
    failing: ['adds prices'],
    others: { 'secret.env': 'TOKEN=abcdefghijkl\n', '.github/workflows/ci.yml': 'on: push\n', 'package.json': '{}\n' },
  })

const FIX = { tool: 'edit_file', input: { path: 'src/main.js', search: '    sum = item.price', replace: '    sum += item.price' } }
const SUBMIT = { tool: 'submit_patch', input: { cause: 'the sum was overwritten instead of added to', symptom_only: false, confidence: 0.9 } }

async function draft(scripts: readonly (readonly ReplyScript[])[], { world = aWorld(), changes = {} as Partial<DraftTask>, card = {} } = {}) {
  const model = new ScriptedInterlocutor(scripts, { card })
  const tools = world.tools(model)
  const events: DraftEvent[] = []
  for await (const event of createAgentDrafter({ name: 'cheap', prompts, hash }).draft(world.task(changes), tools, new AbortController().signal))
    events.push(event)
  model.assertDone()
  const candidates = events.flatMap((event) => (event.kind === 'candidate' ? [event.candidate] : []))
  const findings = events.flatMap((event) => (event.kind === 'abstained' ? event.findings : []))
  return { model, tools, world, events, candidates, findings, answers: answersIn(model) }
}

/** Everything that tools said, in order. */
function answersIn({ requests }: ScriptedInterlocutor): string[] {
  const seen = new Map<string, string>()
  for (const { messages } of requests)
    for (const message of messages) for (const part of message.content) if (part.kind === 'tool-result' && !seen.has(part.id)) seen.set(part.id, part.text)
  return [...seen.values()]
}

describe('the loop', () => {
  test('reads, edits, tests, submits: a candidate that says who made it and why', async () => {
    const { candidates, answers, model } = await draft([
      [[{ tool: 'read_file', input: { path: 'src/main.js' } }], [FIX, { tool: 'run_tests', input: { which: 'reproduction' } }], [SUBMIT]],
    ])
    expect(candidates).toHaveLength(1)
    expect(candidates[0]?.origin).toEqual({
      ...{ drafter: 'cheap', kind: 'agent', summary: 'the sum was overwritten instead of added to', symptomOnly: false },
      score: expect.any(Number),
    })
    expect(candidates[0]?.patch.edits).toEqual([{ path: 'src/main.js', content: MAIN.replace('sum = item.price', 'sum += item.price') }])
    expect(answers[0]).toContain('5|     sum = item.price')
    expect(answers[2]).toBe('Passed: 1 passed, 0 failed of 1.')
    expect(model.names).toEqual(['candidate 1'])
  })
})
