import { createHash } from 'node:crypto'
import { Failure, ModelFailure, type ReviewTask } from '@fixpoint/core'
import { aCandidate, aPatch, aReport, aReproduction, MemorySnapshot, type ReplyScript, ScriptedInterlocutor, textFilesIn } from '@fixpoint/testkit'
import { expect, test } from 'vitest'
import { createCritic, promptFolder, readPrompts } from './index.ts'

const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const prompts = readPrompts(textFilesIn(promptFolder))
const BEFORE = Array.from({ length: 100 }, (_, line) => `line ${line + 1}`).join('\n')

const task: ReviewTask = {
  report: aReport(),
  reproduction: aReproduction(),
  candidate: aCandidate(aPatch([{ path: 'src/price.js', content: BEFORE.replace('line 50', 'line fifty') }], { diff: '-line 50\n+line fifty\n' })),
  evidence: ['reproduction: passed: three of three'],
  source: new MemorySnapshot({ 'src/price.js': BEFORE }),
}

async function review(script: ReplyScript) {
  const model = new ScriptedInterlocutor([[script]])
  const result = await createCritic({ prompts, hash }).review(task, model, new AbortController().signal)
  return { result, request: model.requests[0] }
}
const verdict = (input: Record<string, unknown>) => [{ tool: 'give_verdict', input }]

test('approves, or says why not', async () => {
  expect((await review(verdict({ approve: true, why: 'it mends the cause' }))).result).toEqual({ approved: true, why: 'it mends the cause' })
  expect((await review(verdict({ approve: false, why: 'line 50\u202e hides it' }))).result).toEqual({ approved: false, why: 'line 50\ufffd hides it' })
})

test('sees the report, the patch, the code around it, and what was checked', async () => {
  const { request } = await review(verdict({ approve: true, why: 'fine' }))
  const text = JSON.stringify(request?.messages)
  for (const part of ["reading 'amount'", '+line fifty', '25| line 25', '50| line fifty', '75| line 75', 'three of three', 'turns < into <='])
    expect(text).toContain(part)
  expect(text).not.toContain('76| line 76')
  expect(request?.toolChoice).toBe('any')
})

test.each<[string, ReplyScript]>([
  ['words without a verdict', 'Looks good to me!'],
  ['nothing', ''],
  ['a verdict of another form', verdict({ approve: 'yes' })],
  ['broken JSON', [{ tool: 'give_verdict', malformed: '{"approve": tr' }]],
  ['another tool', [{ tool: 'merge', input: { approve: true, why: 'x' } }]],
  ['a reply that was cut', { content: [{ kind: 'tool-call', id: 'a', name: 'give_verdict', input: { approve: false, why: 'x' } }], stop: 'output-limit' }],
  ['no money', { spent: 'used up' }],
  ['no budget', new Failure('budget-exhausted', 'used up', 'Raise it.')],
  ['no connection', new ModelFailure('model-unreachable', 'none', 'Wait.')],
])('%s is no objection', async (_, script) => {
  expect((await review(script)).result).toBeUndefined()
})

test('what has nothing to do with the model goes on its way', async () => {
  await expect(review(new Failure('disk-full', 'full', 'Make room.'))).rejects.toThrow('full')
})
