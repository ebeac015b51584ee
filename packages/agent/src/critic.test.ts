import { createHash } from 'node:crypto'
import { Failure, ModelFailure, type ReviewTask } from '@fixpoint/core'
import { aCandidate, aPatch, aReport, aReproduction, MemorySnapshot, type ReplyScript, ScriptedInterlocutor, ScriptWorld, textFilesIn } from '@fixpoint/testkit'
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
  contradicted: [],
  source: new MemorySnapshot({ 'src/price.js': BEFORE, 'README.md': 'Line 50 stays.\n' }),
}

async function review(script: readonly ReplyScript[], about: Partial<ReviewTask> = {}) {
  const model = new ScriptedInterlocutor([script])
  const { search, symbols, isHidden } = new ScriptWorld({ main: '', tests: {}, failing: [] })
  const result = await createCritic({ prompts, hash }).review({ ...task, ...about }, { search, symbols, isHidden, model }, new AbortController().signal)
  const answers = model.requests.at(-1)?.messages.flatMap(({ content }) => content.flatMap((part) => (part.kind === 'tool-result' ? [part.text] : []))) ?? []
  return { result, answers, request: model.requests[0] }
}
const verdict = (objection: string, why: string, ...expectations: object[]) => [{ tool: 'give_verdict', input: { objection, why, expectations } }]
const written = { ...aReproduction(), source: 'agent' as const }
const expectation = (met: string, asserted: boolean) => ({ quote: 'the price should be 4', met, asserted })

test('objects to nothing, or says to what', async () => {
  expect((await review([verdict('none', 'it mends the cause')])).result).toEqual({ objection: 'none', why: 'it mends the cause', expectations: [] })
  expect((await review([verdict('patch', 'line 50\u202e hides it')])).result).toMatchObject({ objection: 'patch', why: 'line 50\ufffd hides it' })
  const wide = await review([verdict('test', 'it asks for one price only', { ...expectation('unclear', false), contradicted_by: 'README.md:1' })], {
    reproduction: written,
  })
  expect(wide.result?.expectations).toEqual([{ quote: 'the price should be 4', met: 'unclear', asserted: false, contradictedBy: 'README.md:1' }])
  expect(wide.result?.objection).toBe('test')
})

test('reads the code as it is with the patch, and the documentation, before it says anything', async () => {
  const read = (path: string, from = 1) => ({ tool: 'read_file', input: { path, from, to: from } })
  const { answers } = await review([[read('src/price.js', 50), read('README.md')], verdict('none', 'fine')])
  expect(answers.join('\n')).toMatch(/line fifty[\s\S]*Line 50 stays/)
})

test.each<[string, Partial<ReviewTask>, object, RegExp]>([
  ['what is not done', {}, expectation('no', true), /^Not done: by your own words the patch does not do this: "the price should be 4"/],
  [
    'what nobody knows, and a model’s test did not ask',
    { reproduction: written },
    expectation('unclear', false),
    /^Not done: nobody knows whether the patch does this/,
  ],
])('%s cannot be passed over', async (_, about, unmet, why) => {
  const { result, answers } = await review([verdict('none', 'fine', unmet), verdict('patch', 'it is not', unmet)], about)
  expect(answers[0]).toMatch(why)
  expect(result?.objection).toBe('patch')
})

test('the test of the repository is no matter of opinion', async () => {
  const { answers, request } = await review([verdict('test', 'it asks too little'), verdict('none', 'fine')])
  expect(answers[0]).toMatch(/^Not done: the input of give_verdict is not as it should be: objection/)
  expect(JSON.stringify(request?.messages)).toContain('take what it asks for as given')
})

test('is told which tests fail with the patch, and what its author says of them', async () => {
  const contradicts = { tests: ['test/a.test.js > old'], quote: 'the price should be 4', why: 'it demands 2' }
  const candidate = { ...task.candidate, origin: { ...task.candidate.origin, contradicts } }
  const contradicted = [{ id: 'test/a.test.js > old', assertion: 'assert.equal(price(), 2)', message: '4 !== 2' }]
  const text = JSON.stringify((await review([verdict('patch', 'the test is right')], { candidate, contradicted })).request?.messages)
  for (const part of ['test/a.test.js > old', 'assert.equal(price(), 2)', '4 !== 2', 'it demands 2', 'the price should be 4']) expect(text).toContain(part)
})

test('sees the report, the patch, the code around it, and what was checked', async () => {
  const { request } = await review([verdict('none', 'fine')])
  const text = JSON.stringify(request?.messages)
  for (const part of ["reading 'amount'", '+line fifty', '25| line 25', '50| line fifty', '75| line 75', 'three of three', 'turns < into <='])
    expect(text).toContain(part)
  expect(text).not.toContain('76| line 76')
})

const MALFORMED: ReplyScript = [{ tool: 'give_verdict', malformed: '{"objection": no' }]
const CUT: ReplyScript = {
  content: [{ kind: 'tool-call', id: 'a', name: 'give_verdict', input: { objection: 'none', why: 'x', expectations: [] } }],
  stop: 'output-limit',
}

test.each<[string, readonly ReplyScript[]]>([
  ['words without a verdict', ['Looks good to me!', 'Really.']],
  ['nothing', ['', '']],
  ['replies of another form', Array.from({ length: 6 }, () => verdict('maybe', 'x'))],
  ['broken JSON', Array.from({ length: 6 }, () => MALFORMED)],
  ['replies that are cut', Array.from({ length: 10 }, () => CUT)],
  ['no money', [{ spent: 'used up' }]],
])('%s is no verdict', async (_, script) => {
  expect((await review(script)).result).toBeUndefined()
})

test.each([new Failure('budget-exhausted', 'used up', 'Raise it.'), new ModelFailure('model-unreachable', 'none', 'Wait.')])(
  'what became of the world is the engine’s to judge: $message',
  async (failure) => {
    await expect(review([failure])).rejects.toBe(failure)
  },
)
