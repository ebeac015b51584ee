import { createHash } from 'node:crypto'
import { type DraftEvent, type DraftTask, Failure, ModelFailure, type ModelRequest, untrusted } from '@fixpoint/core'
import { aPolicy, aProject, aReport, type ReplyScript, type ScriptedCall, ScriptedInterlocutor, ScriptWorld, textFilesIn } from '@fixpoint/testkit'
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
const aTests = { 'adds prices': 'total([{ price: 2 }, { price: 3 }]) === 5', 'no items': 'total([]) === 0', label: "label([1]) === '1 items'" }
const aWorld = () =>
  new ScriptWorld({
    main: MAIN,
    tests: aTests,
    failing: ['adds prices'],
    others: { 'secret.env': 'TOKEN=abcdefghijkl\n', '.github/workflows/ci.yml': 'on: push\n', 'package.json': '{}\n' },
  })

const FIX = { tool: 'edit_file', input: { path: 'src/main.js', search: '    sum = item.price', replace: '    sum += item.price' } }
const SUBMIT = { tool: 'submit_patch', input: { cause: 'the sum was overwritten instead of added to', symptom_only: false, confidence: 0.9 } }

async function draft(
  scripts: readonly (readonly ReplyScript[])[],
  { world = aWorld(), changes = {} as Partial<DraftTask>, card = {}, answered = new Map<string, string>() } = {},
) {
  const model = new ScriptedInterlocutor(scripts, { card, answered })
  const tools = world.tools(model)
  const events: DraftEvent[] = []
  for await (const event of createAgentDrafter({ name: 'cheap', prompts, hash }).draft(world.task(changes), tools, new AbortController().signal))
    events.push(event)
  model.assertDone()
  const candidates = events.flatMap((event) => (event.kind === 'candidate' ? [event.candidate] : []))
  const findings = events.flatMap((event) => (event.kind === 'abstained' ? event.findings : []))
  return { model, tools, world, events, candidates, findings, answers: answersIn(model) }
}

/** A reply with calls, as an endpoint gives it. */
const replyWith = (calls: readonly ScriptedCall[]) => ({
  content: calls.map(({ tool, input }, index) => ({ kind: 'tool-call' as const, id: `probable-${tool}-${index}`, name: tool, input: { ...input } })),
  stop: 'tool-calls' as const,
})

/** Everything that tools said, in order. */
function answersIn({ requests }: ScriptedInterlocutor): string[] {
  const seen = new Map<string, string>()
  for (const { messages } of requests)
    for (const message of messages) for (const part of message.content) if (part.kind === 'tool-result' && !seen.has(part.id)) seen.set(part.id, part.text)
  return [...seen.values()]
}

const READ = { tool: 'read_file', input: { path: 'src/main.js' } }
const TEST = { tool: 'run_tests', input: { which: 'reproduction' } }
const edit = (search: string, replace: string, path = 'src/main.js') => ({ tool: 'edit_file', input: { path, search, replace } })
const lastWords = (request: ModelRequest | undefined): string[] => {
  const parts: readonly { kind: string; text?: string }[] = request?.messages.at(-1)?.content ?? []
  return parts.flatMap((part) => (part.kind === 'text' && part.text !== undefined ? [part.text] : []))
}

describe('the loop', () => {
  test('reads, edits, tests, submits: a candidate that says who made it and why', async () => {
    const { candidates, answers, model } = await draft([[[READ], [FIX, TEST], [SUBMIT]]])
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

  test('what comes first stays byte-identical, and is marked for the cache', async () => {
    const { model } = await draft([[[READ], [FIX], [TEST], [SUBMIT]]])
    const heads = model.requests.map(({ system, tools, messages }) => JSON.stringify([system, tools, messages[0]]))
    expect(new Set(heads).size).toBe(1)
    expect(model.requests[0]?.messages[0]?.content[0]).toMatchObject({ stable: true })
    for (const [index, request] of model.requests.entries()) {
      const before = model.requests[index - 1]?.messages ?? []
      expect(request.messages.slice(0, before.length)).toEqual(before)
    }
  })

  test('ten calls in one reply are all answered, in order', async () => {
    const reads = Array.from({ length: 10 }, (_, line) => ({ tool: 'read_file', input: { path: 'src/main.js', from: line + 1, to: line + 1 } }))
    const { model, answers } = await draft([[reads, [FIX], [SUBMIT]]])
    const results = model.requests[1]?.messages.at(-1)?.content ?? []
    expect(results.map((part) => (part.kind === 'tool-result' ? part.id : part.kind))).toEqual(reads.map((_, index) => `call-1-1-${index + 1}`))
    expect(answers.slice(0, 10).map((text) => text.split('\n')[0])).toEqual(reads.map((_, index) => `src/main.js, lines ${index + 1} to ${index + 1} of 12:`))
  })

  test('the same id in two replies means two calls', async () => {
    const call = (path: string) => ({
      content: [{ kind: 'tool-call' as const, id: 'call_0', name: 'read_file', input: { path } }],
      stop: 'tool-calls' as const,
    })
    const { model } = await draft([[call('src/main.js'), call('test/main.test.js'), [FIX], [SUBMIT]]])
    const ids = model.requests[3]?.messages.flatMap(({ content }) => content.flatMap((part) => (part.kind === 'tool-result' ? [part.id] : [])))
    expect(ids).toEqual(['call_0', 'call_0-2', 'call-1-3-1'])
  })

  test('a patch that mends one test and breaks another is told so, and can be mended', async () => {
    const { answers, candidates } = await draft([
      [
        [edit('  let sum = 0', '  let sum = items[0].price'), FIX, SUBMIT],
        [edit('items[0].price', '0'), SUBMIT],
      ],
    ])
    expect(answers[2]).toContain('Not done: the reproduction still fails')
    expect(candidates).toHaveLength(1)

    const breaking = await draft([
      [
        [FIX, edit("' items'", "' item'"), SUBMIT],
        [edit("' item'", "' items'"), SUBMIT],
      ],
    ])
    expect(breaking.answers[2]).toMatch(/^Not done: it mends the reproduction, but 1 test that passed does not any more/)
    expect(breaking.answers[2]).toContain('✗ test/main.test.js > label')
    expect(breaking.candidates).toHaveLength(1)
  })

  test('a test that demands what the report calls wrong may be named, with the sentence of the report', async () => {
    const wrong = { ...aReport(), text: untrusted('The label of one item should be "1 item", not "1 items".') }
    const contradicts = { tests: ['test/main.test.js > label'], quote: 'should be "1 item", not "1 items"', why: 'the test demands the plural for one item' }
    const submit = (more: object) => ({ ...SUBMIT, input: { ...SUBMIT.input, contradicts: { ...contradicts, ...more } } })
    const { answers, candidates } = await draft(
      [
        [
          [FIX, edit("' items'", "' item'"), submit({ quote: 'the label test is wrong' }), submit({ tests: ['label'] })],
          [submit({ tests: [...contradicts.tests, 'test/main.test.js > no items'] })],
          [submit({})],
        ],
      ],
      { changes: { report: wrong } },
    )
    expect(answers[2]).toMatch(/^Not done: the sentence that is quoted for `contradicts` is not in the report/)
    expect(answers[3]).toBe('Not done: "label" is not the whole name of a test that passed before.')
    expect(answers[4]).toBe('Not done: this test passes with the patch, so it does not contradict the report: "test/main.test.js > no items".')
    expect(candidates[0]?.origin.contradicts).toEqual(contradicts)
  })

  test('nothing was submitted: what was edited is tried all the same', async () => {
    const { candidates } = await draft([[[FIX], 'I think that is it.', 'Yes, it is.']])
    expect(candidates[0]?.patch.edits).toHaveLength(1)
    expect(candidates[0]?.origin.summary).toContain('did not say why')
  })

  test('nothing was edited: it abstains and says why', async () => {
    const { findings, candidates } = await draft([['No idea.', 'Really not.']])
    expect(candidates).toEqual([])
    expect(findings).toEqual(['cheap: stuck (no-tool-call); nothing was edited'])
  })

  test('a forgotten `.only` is told', async () => {
    const because = ['`.only` in test/b.test.js: no other test of the suite runs']
    const { model } = await draft([['No idea.', 'Really not.']], { changes: { project: aProject({ because }) } })
    expect(JSON.stringify(model.requests[0])).toContain('are flaky; a forgotten `.only` keeps other tests from running')
  })

  test('without a model it abstains', async () => {
    const events: DraftEvent[] = []
    for await (const event of createAgentDrafter({ name: 'cheap', prompts, hash }).draft(
      aWorld().task(),
      aWorld().tools(undefined),
      new AbortController().signal,
    ))
      events.push(event)
    expect(events).toEqual([{ kind: 'abstained', findings: ['cheap: no model is set up for this lane'] }])
  })

  test('the turns end, and the model is told before', async () => {
    const turns = Array.from({ length: 24 }, (_, turn) => [{ tool: 'search_code', input: { text: `something ${turn}` } }])
    const { findings, model } = await draft([turns])
    expect(findings).toEqual(['cheap: it used up its 24 turns; nothing was edited'])
    expect(lastWords(model.requests[21])).toEqual(['You have 3 replies left. Finish now with the best that you have.'])
  })

  test('the share of the lane ends: what was edited is tried', async () => {
    const spent = { spent: 'the lane cheap has used its share' }
    expect((await draft([[[FIX], spent]])).candidates).toHaveLength(1)
    expect((await draft([[[READ], spent]])).findings).toEqual(['cheap: the lane cheap has used its share; nothing was edited'])
  })

  test('the budget ends: what was edited is tried, and without it the run is told', async () => {
    const over = new Failure('budget-exhausted', 'the budget of the run is used up', 'Raise it.')
    expect((await draft([[[FIX], over]])).candidates).toHaveLength(1)
    await expect(draft([[[READ], over]])).rejects.toBe(over)
  })

  test('another failure of the world is nothing that it settles', async () => {
    const failure = new ModelFailure('model-unreachable', 'no connection', 'Wait.')
    await expect(draft([[[FIX], failure]])).rejects.toBe(failure)
  })

  test('a refusal of the model ends it', async () => {
    expect((await draft([[{ stop: 'refused' }]])).findings).toEqual(['cheap: the model refused to answer; nothing was edited'])
  })
})

describe('replies that are no good', () => {
  test.each<[string, ReplyScript, string]>([
    ['an empty one', '', 'Your reply called no tool'],
    ['only white space', '  \n ', 'Your reply called no tool'],
    ['only thoughts', { content: [{ kind: 'thinking', text: 'hm' }] }, 'Your reply called no tool'],
    ['another language, and no call', '我认为这里有一个错误。', 'Your reply called no tool'],
    ['an endless one that was cut', { content: [{ kind: 'text', text: 'la '.repeat(5_000) }], stop: 'cut' }, 'Your reply was cut off'],
  ])('%s gets one nudge', async (_, reply, nudge) => {
    const { model, candidates } = await draft([[reply, [FIX], [SUBMIT]]])
    expect(lastWords(model.requests[1])).toEqual([expect.stringContaining(nudge)])
    expect(candidates).toHaveLength(1)
    const sent = model.requests[1]?.messages ?? []
    expect(sent.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
    for (const { content } of sent) for (const part of content) if (part.kind === 'text') expect(part.text.trim()).not.toBe('')
  })

  test('a reply that was cut in the middle of a call: none of its calls is carried out', async () => {
    const content = [
      { kind: 'tool-call' as const, id: 'a', name: 'edit_file', input: { ...FIX.input } },
      { kind: 'tool-call' as const, id: 'b', name: 'edit_file', input: { path: 'src/main.js', search: 'function label(items) {', replace: '' } },
    ]
    for (const stop of ['output-limit', 'cut'] as const) {
      const { answers, findings } = await draft([[{ content, stop }, 'x', 'y']])
      expect(answers).toEqual([expect.stringContaining('Not done: your reply was cut off'), expect.stringContaining('Not done: your reply was cut off')])
      expect(findings).toEqual(['cheap: stuck (no-tool-call); nothing was edited'])
    }
  })

  test.each<[string, object, RegExp]>([
    [
      'JSON that is none',
      { tool: 'read_file', malformed: '{"path": "src/main' },
      /^Not done: the input of read_file is not the JSON of an object: \{"path": "src\/main\nIts input is an object of this schema: \{.*"path"/,
    ],
    [
      'a field that is missing',
      { tool: 'edit_file', input: { path: 'src/main.js' } },
      /^Not done: the input of edit_file is not as it should be: search: .*schema/s,
    ],
    ['a field of another type', { tool: 'read_file', input: { path: 7 } }, /path: Invalid input.*schema/s],
    ['a tool that is not there', { tool: 'push_to_main', input: {} }, /^Not done: there is no tool "push_to_main"; there are search_code, read_file/],
    [
      'a file that is not there',
      { tool: 'read_file', input: { path: 'lib/main.js' } },
      /^Not done: "lib\/main.js" is not a file of this repository. Did you mean src\/main.js\?$/,
    ],
    ['a line that is not there', { tool: 'read_file', input: { path: 'src/main.js', from: 90 } }, /^Not done: src\/main.js has 12 lines/],
    [
      'an edit of a file that is not there',
      edit('a', 'b', 'lib/main.js'),
      /^Not done: lib\/main.js is not a text file of the base. Did you mean src\/main.js\?$/,
    ],
    ['an edit of a test', edit('adds', 'x', 'test/main.test.js'), /^Not done: test\/main.test.js is a test\.$/],
    ['an edit outside', edit('a', 'b', '../../etc/passwd'), /^Not done: ..\/..\/etc\/passwd is not a path inside the repository/],
    ['an edit of a setting', edit('{}', '{"dependencies":{}}', 'package.json'), /^Not done: package.json is protected/],
    [
      'an edit that does not parse',
      edit('    sum = item.price', '    sum = item.price)'),
      /^Not done: src\/main.js would not parse any more: .*It is as it was before.*5\| {5}sum = item.price\)/s,
    ],
    ['an ambiguous edit', edit('items', 'x'), /^Not done: the search text is in src\/main.js \d+ times, at lines 2, 4, /],
    [
      'an edit that is not found',
      edit('sum = item.cost', 'x'),
      /^Not done: the search text is not in src\/main.js. The nearest is:\n.*5\| {5}sum = item.price/s,
    ],
    ['an edit that leaves code out', edit('  let sum = 0', '  // ... existing code ...'), /^Not done: the replacement leaves code out/],
    ['an edit that changes nothing', edit('  let sum = 0', '  let sum = 0'), /^Not done: search and replacement are the same/],
    ['an edit of 2 MB', edit('  let sum = 0', `  let sum = 0\n${'  sum += 0\n'.repeat(200_000)}`), /^Not done: an edit is at most 20000 characters/],
    ['a test file that is none', { tool: 'run_tests', input: { which: 'files', files: ['src/main.js'] } }, /^Not done: "src\/main.js" is not a test file/],
    ['submitting nothing', SUBMIT, /^Not done: nothing has been changed yet/],
  ])('%s: told what was wrong', async (_, call, answer) => {
    const { answers, candidates } = await draft([[[call as typeof READ], [FIX, SUBMIT]]])
    expect(answers[0]).toMatch(answer)
    expect(candidates).toHaveLength(1)
  })

  test('a patch that is too large is refused when it is submitted', async () => {
    const lines = (from: number) => Array.from({ length: 90 }, (_, line) => `  items[${from + line}]`).join('\n')
    const more = [
      edit('  let sum = 0', `  let sum = 0\n${lines(0)}`),
      edit("  return items.length + ' items'", `${lines(90)}\n  return items.length + ' items'`),
    ]
    const { answers, findings } = await draft([[[FIX, ...more, edit('// Prices', `${lines(180)}\n// Prices`)], [SUBMIT], 'x', 'y']])
    expect(answers.at(-1)).toMatch(/^Not done: it changes \d+ lines; the limit is 200/)
    expect(findings).toEqual(['cheap: stuck (no-tool-call); its edits do not pass'])
  })
})

describe('circles', () => {
  const stuckIn = async (script: readonly ReplyScript[]) => {
    const { findings, model } = await draft([script])
    return { findings, warnings: model.requests.slice(1).flatMap((request) => lastWords(request)) }
  }

  test('the same call three times, and again', async () => {
    const { findings, warnings } = await stuckIn([[READ], [READ], [READ], [READ], [READ], [READ]])
    expect(findings).toEqual(['cheap: stuck (same-call); nothing was edited'])
    expect(warnings).toEqual([expect.stringContaining('You have made the same call several times')])
  })

  test('two states in turn', async () => {
    const there = [edit('sum = 0', 'sum = 1')]
    const back = [edit('sum = 1', 'sum = 0')]
    const { findings } = await stuckIn([there, back, there, back, there, back])
    expect(findings).toEqual(['cheap: stuck (alternating); nothing was edited'])
  })

  test('the same failure after three changes', async () => {
    const change = (nth: number) => [edit(nth === 0 ? '// Prices of orders.' : `// ${nth - 1}`, `// ${nth}`), TEST]
    const { findings, warnings } = await stuckIn([0, 1, 2, 3, 4, 5].map(change))
    expect(findings).toEqual(['cheap: stuck (same-failure); its edits do not pass'])
    expect(warnings[0]).toContain('Three different changes left the failure exactly as it was')
  })

  test('the same patch, submitted again', async () => {
    const { findings } = await stuckIn([[edit('sum = 0', 'sum = 1'), SUBMIT], [SUBMIT], [SUBMIT]])
    expect(findings).toEqual(['cheap: stuck (same-patch); its edits do not pass'])
  })

  test('a warning is a second chance', async () => {
    const { candidates } = await draft([[[READ], [READ], [READ], [FIX], [SUBMIT]]])
    expect(candidates).toHaveLength(1)
  })
})

describe('several candidates', () => {
  const changes = { policy: aPolicy({ budget: { attempts: 8, candidates: 600, minutes: 15, tokens: 2_000_000, money: 10 } }) }
  const UNSURE = { ...SUBMIT, input: { ...SUBMIT.input, confidence: 0.5 } }
  const OTHER = edit('    sum = item.price', '    sum = sum + item.price')

  test('where a test states what should happen, one sure patch is enough', async () => {
    expect((await draft([[[FIX], [SUBMIT]]], { changes })).model.names).toEqual(['candidate 1'])
    const hidden = edit('    sum = item.price', '    sum = item.price ?? 0\n    if (items.length > 1) return 5')
    const { model, candidates } = await draft(
      [
        [[hidden], [SUBMIT]],
        ['x', 'y'],
        ['x', 'y'],
      ],
      {
        // What nobody said what it should be is worth a look by others.
        changes: { ...changes, reproduction: { ...aWorld().task().reproduction, oracle: 'no-crash' } },
      },
    )
    expect(model.names).toHaveLength(3)
    expect(candidates).toHaveLength(1)
  })

  test('what two conversations agree on comes first', async () => {
    const { candidates, model } = await draft(
      [
        [[OTHER], [{ ...SUBMIT, input: { ...SUBMIT.input, confidence: 0.7 } }]],
        [[FIX], [UNSURE]],
        [[edit('sum = item.price', 'sum  +=  item.price')], [UNSURE]],
      ],
      { changes },
    )
    expect(model.names).toEqual(['candidate 1', 'candidate 2', 'candidate 3'])
    expect(new Set(model.requests.map(({ temperature }) => temperature))).toEqual(new Set([undefined, 0.7, 1]))
    expect(candidates.map(({ patch }) => patch.edits[0]?.content?.split('\n')[4])).toEqual(['    sum += item.price', '    sum = sum + item.price'])
  })

  test('where they are as sure, the likelier words come first', async () => {
    const { candidates } = await draft(
      [
        [[OTHER], [UNSURE]],
        [
          { ...replyWith([FIX]), meanLogProbability: -0.1 },
          { ...replyWith([UNSURE]), meanLogProbability: -0.1 },
        ],
        [{ spent: 'no more' }],
      ],
      { changes },
    )
    expect(candidates[0]?.patch.diff).toContain('+=')
  })
})

describe('lessons', () => {
  const refusedBefore = {
    gate: 'regression' as const,
    summary: 'label broke',
    diff: '--- a/src/main.js\n+++ b/src/main.js\n@@ -5,1 +5,1 @@\n-    sum = item.price\n+    sum  +=  item.price\n',
  }

  test('are shown as they are, numbered and fenced', async () => {
    const { model } = await draft([['x', 'y']], { changes: { lessons: [refusedBefore, { gate: 'review', summary: 'mind the tax', diff: '' }] } })
    const [opening] = lastWords(model.requests[0])
    expect(opening).toMatch(/1\. the gate "regression" refused it:\n<data-\w{12} from="an earlier attempt">\nlabel broke/)
    expect(opening).toMatch(/2\. somebody who read it said:\n<data-\w{12} from="an earlier attempt">\nmind the tax/)
  })

  test('the patch of one is refused, however it is written', async () => {
    const { answers, findings } = await draft([[[FIX, SUBMIT], 'x', 'y']], { changes: { lessons: [refusedBefore] } })
    expect(answers[1]).toBe('Not done: the same patch was refused before (regression: label broke). Find another way.')
    expect(findings).toHaveLength(1)
  })
})

describe('a context that gets full', () => {
  const card = { contextTokens: 12_000, maxOutputTokens: 1_000 }
  const reads = Array.from({ length: 14 }, (_, nth) => [
    { tool: 'search_code', input: { text: nth % 2 === 0 ? 'item' : 'items', under: nth > 1 ? 'src' : '' } },
  ])

  test('older answers become stubs; edits, the last tests and the opening stay', async () => {
    const world = new ScriptWorld({
      main: `${MAIN}${'// a line about items that is long enough to fill a window\n'.repeat(60)}`,
      tests: aTests,
      failing: ['adds prices'],
    })
    const different = Array.from({ length: 14 }, (_, nth) => [{ tool: 'read_file', input: { path: 'src/main.js', from: nth + 1 } }])
    const { model, candidates } = await draft([[[FIX, TEST], ...different, [SUBMIT]]], { world, card })
    const last = model.requests.at(-1)
    const results = last?.messages.flatMap(({ content }) => content.flatMap((part) => (part.kind === 'tool-result' ? [part.text] : []))) ?? []
    expect(results.filter((text) => text.startsWith('(left out to save room: the answer to read_file {"path":"src/main.js","from":'))).not.toHaveLength(0)
    expect(results[0]).toMatch(/^Done\. src/)
    expect(results[1]).toMatch(/^Passed/)
    expect(results.at(-1)).toMatch(/^src\/main.js, lines 14/)
    expect(last?.messages[0]).toEqual(model.requests[0]?.messages[0])
    expect(candidates).toHaveLength(1)
    for (const request of model.requests) expect(JSON.stringify(request).length / 3.5).toBeLessThan(card.contextTokens)
  })

  test('an endpoint that counts otherwise is asked once more, shorter', async () => {
    const tooLong = new ModelFailure('model-context-exceeded', 'the prompt is too long', 'Use a larger context.')
    const { model, candidates } = await draft([[[READ], ...reads.slice(0, 6), tooLong, [FIX], [SUBMIT]]])
    const [refused, shorter] = model.requests.slice(7, 9)
    expect(JSON.stringify(shorter).length).toBeLessThan(JSON.stringify(refused).length)
    expect(candidates).toHaveLength(1)
    expect((await draft([[[READ], tooLong]])).findings).toEqual(['cheap: the prompt is too long; nothing was edited'])
  })
})

describe('after a kill', () => {
  test('edits are made again, and what tools answered is not worked out again', async () => {
    const script = [[READ], [FIX, TEST, { tool: 'run_command', input: { argv: ['node', 'x.js'] } }], [SUBMIT]]
    const first = await draft([script])
    const answered = new Map(
      first.model.requests.flatMap(({ messages }) =>
        messages.flatMap(({ content }) => content.flatMap((part) => (part.kind === 'tool-result' ? [[part.id, part.text] as const] : []))),
      ),
    )
    const again = await draft([script], { answered })
    expect(again.model.requests).toEqual(first.model.requests)
    expect(again.candidates).toEqual(first.candidates)
    expect(first.tools.room.commands).toHaveLength(1)
    expect(again.tools.room.commands).toHaveLength(0)
  })
})
