import { type Drafter, Reproduction } from '@fixpoint/core'
import { patchFrom, verifyCertificate } from '@fixpoint/engine'
import { describe, expect, it } from 'vitest'
import {
  answersIn,
  type Call,
  CODE,
  FIRST_COUNTS,
  FOUR,
  kinds,
  NARROW,
  NONE,
  patch,
  RIGHT,
  read,
  run,
  SOURCE,
  say,
  seen,
  verdicts,
  WRONG,
  write,
} from './scripted-runs.ts'

// What a model's own test lets pass is read by another mind before it is proposed.

describe('a test that a model wrote asks for less than the report', () => {
  it('the objection reaches the test, the wrong patch falls, and the right one is proposed with what was read', async () => {
    const { facts, certificate, proposal, archive } = await run([
      write(...NARROW),
      patch(WRONG),
      write(...NARROW),
      read('test', 'An empty list gives NaN, and nothing asks for it.', seen(FOUR, 'yes', true), seen(NONE, 'unclear', false)),
      write(FOUR, NONE),
      patch(RIGHT),
      read('none', 'It adds all prices.', seen(FOUR, 'yes', true), seen(NONE, 'yes', true)),
    ])
    expect(kinds(facts)).toEqual([
      ...['run-opened', 'bug-reproduced', 'dossier-gathered', 'patch-drafted', 'patch-minimised', 'patch-judged', 'patch-chosen'],
      ...['second-test-sought', 'patch-drafted', 'patch-minimised', 'patch-judged', 'patch-chosen'],
      ...['patch-reviewed', 'reproduction-widened', 'patch-drafted', 'patch-minimised', 'patch-judged', 'patch-drafted', 'patch-minimised', 'patch-judged'],
      ...['patch-chosen', 'patch-reviewed', 'proposal-planned', 'proposal-published', 'run-settled'],
    ])
    expect(verdicts(facts)).toEqual(['fixed', 'fixed', 'still-broken', 'fixed'])
    expect(certificate).toMatchObject({ strength: 'suggestion', reproduction: { expectations: [FOUR, NONE] }, review: { objection: 'none' } })
    expect(proposal?.edits.map(({ path }) => path)).toEqual(['src/total.js', 'test/total-of-two.test.js', 'test/total-of-two-2.test.js'])
    expect(proposal?.body).toContain('| The total of an empty list should be 0. | `assert.equal(total([]), 0)` |')
    expect(proposal?.body).toContain('| The total of an empty list should be 0. | yes | yes | – |')
    const first = facts.find((fact) => fact.kind === 'bug-reproduced')
    expect(first && (await archive.get(Reproduction, first.reproduction)).expectations).toEqual(NARROW)
  })

  it('a second objection is the last word: a person gets the patch and the objection', async () => {
    const { diagnosis, certificate } = await run([
      write(...NARROW),
      patch(WRONG),
      write(...NARROW),
      read('patch', 'It multiplies.', seen(NONE, 'no', false)),
      patch('list.length * list[0] + 0 * list.length'),
      read('patch', 'It multiplies still.', seen(NONE, 'no', false)),
    ])
    expect(certificate).toBeUndefined()
    expect(diagnosis).toMatchObject({ reason: 'needs-a-person', bestRejected: { gate: 'review', diff: expect.stringContaining('+ 0 * list.length') } })
    expect(diagnosis?.bestRejected?.why).toBe(
      'It multiplies still.\n- "The total of an empty list should be 0.": the patch does not do it; the test does not assert it',
    )
  })

  it('a test that cannot be made to ask for it leaves the objection standing', async () => {
    const { diagnosis } = await run([
      write(...NARROW),
      patch(WRONG),
      write(...NARROW),
      read('test', 'Nothing asks for the empty list.', seen(NONE, 'unclear', false)),
      say(['give_up', { reason: 'an empty list cannot be told from none' }]),
    ])
    expect(diagnosis).toMatchObject({
      reason: 'needs-a-person',
      bestRejected: { gate: 'review', why: expect.stringContaining('Nothing asks for the empty list.') },
    })
    expect(diagnosis?.tried.join('\n')).toContain('an empty list cannot be told from none')
  })

  it('what the critic looks up is the code as the patch leaves it', async () => {
    const look = say(['search_code', { text: 'sum' }], ['find_definition', { name: 'total' }], ['find_references', { name: 'each' }])
    const { model } = await run([write(FOUR, NONE), patch(RIGHT), write(FOUR, NONE), look, read('none', 'It adds all prices.', seen(FOUR, 'yes', true))])
    const [found, ...others] = answersIn(model.requests.at(-1))
    expect(found).toContain(`src/total.js:1: exports.total = (list) => ${RIGHT}`)
    for (const answer of others) expect(answer).toContain('sum + each')
  })

  it('what nobody read is not proposed', async () => {
    const silent = { content: [{ kind: 'text' as const, text: 'Looks good.' }] }
    const { diagnosis } = await run([write(...NARROW), patch(RIGHT), write(...NARROW), silent, silent])
    expect(diagnosis).toMatchObject({ reason: 'needs-a-person', bestRejected: { gate: 'review', why: 'nobody but its author has read it' } })
  })
})

describe('a test of the repository demands what the report calls wrong', () => {
  const contradicts = { tests: [FIRST_COUNTS], quote: 'should be 4, but it is 2', why: 'the test wants the first price alone, the report the sum' }
  const honest = read('none', 'The report says so.', seen(FOUR, 'yes', true), { ...seen(NONE, 'yes', true), contradicted_by: FIRST_COUNTS })

  it('exactly that test may fail: a suggestion that shows it', async () => {
    const { facts, certificate, proposal, tools, model } = await run([write(FOUR, NONE), patch(RIGHT, { contradicts }), write(FOUR, NONE), honest], {
      files: SOURCE,
    })
    expect(verdicts(facts)).toEqual(['contradicting', 'contradicting'])
    expect(certificate).toMatchObject({
      strength: 'suggestion',
      verdict: {
        name: 'contradicting',
        contradicted: [{ id: FIRST_COUNTS, assertion: 'assert.strictEqual(total([1, 2]), 1)', message: expect.stringContaining('3 !== 1') }],
      },
      patch: { origin: { contradicts } },
    })
    expect(proposal?.body).toContain('| 🔴 `test/total.test.js › the first counts` | `assert.strictEqual(total([1, 2]), 1)` |')
    expect(proposal?.body).toContain('3 !== 1')
    expect(JSON.stringify(model.requests.at(-1)?.messages)).toContain('The author says that they demand what the report calls wrong')
    if (certificate === undefined) return
    const again = { tools, dependencyFolder: undefined, note: () => undefined, signal: new AbortController().signal }
    expect(await verifyCertificate({ certificate, ...again })).toMatchObject({ holds: true, doubts: [] })
    const { contradicts: _, ...origin } = certificate.patch.origin
    const silenced = await verifyCertificate({ certificate: { ...certificate, patch: { ...certificate.patch, origin } }, ...again })
    expect(silenced.doubts[0]).toContain('the verdict is regressed')
  })

  it('a claim that the report does not make, of a test that is none, or of one that passes, is refused', async () => {
    const submit = (more: object): Call => [
      'submit_patch',
      { cause: 'only the first was counted', symptom_only: false, confidence: 0.9, contradicts: { ...contradicts, ...more } },
    ]
    const { model } = await run(
      [
        write(FOUR, NONE),
        say(['edit_file', { path: 'src/total.js', search: '(list) => list[0]', replace: `(list) => ${RIGHT}` }], submit({ quote: 'the first test is wrong' })),
        say(submit({ tests: ['the first counts'] }), submit({ tests: [FIRST_COUNTS, 'test/total.test.js > one'] })),
        say(submit({})),
        write(FOUR, NONE),
        honest,
      ],
      { files: SOURCE },
    )
    const answers = model.requests.flatMap(answersIn)
    for (const why of ['is not in the report', 'is not the whole name of a test that passed before', 'this test passes with the patch'])
      expect(
        answers.some((answer) => answer.startsWith('Not done: ') && answer.includes(why)),
        why,
      ).toBe(true)
  })

  it('a patch that breaks another test besides, or names one too many, is refused by the judge', async () => {
    const candidate = (code: string, tests: string[]): Drafter => ({
      name: 'strong',
      async *draft({ source, attempts }) {
        if (attempts > 0) return yield { kind: 'abstained', findings: ['no further idea'] }
        const origin = { drafter: 'strong', kind: 'agent', summary: 'x', symptomOnly: false, score: 1, contradicts: { ...contradicts, tests } }
        yield { kind: 'candidate', candidate: { patch: patchFrom(source, [{ path: 'src/total.js', content: code }]), origin } }
      },
    })
    const right = CODE.replace('list[0]', RIGHT)
    for (const [code, tests] of [
      [right.replace('items', 'item'), [FIRST_COUNTS]],
      [right, [FIRST_COUNTS, 'test/total.test.js > one']],
    ] as const) {
      const { facts, diagnosis } = await run([write(FOUR, NONE)], { files: SOURCE, drafters: [candidate(code, [...tests])] })
      expect(verdicts(facts)).toEqual(['regressed'])
      expect(diagnosis?.bestRejected?.gate).toBe('regression')
    }
  })
})
