import { Failure, Reproduction } from '@fixpoint/core'
import { verifyCertificate } from '@fixpoint/engine'
import { describe, expect, it } from 'vitest'
import { answersIn, FOUR, kinds, NARROW, NONE, patch, RIGHT, read, run, say, seen, verdicts, WRONG, write } from './scripted-runs.ts'

// A model wrote the test and a model the patch that passes it: another mind writes a test from the report alone before anything is proposed.

const BLESSED = read('none', 'It adds all prices.', seen(FOUR, 'yes', true), seen(NONE, 'yes', true))
const SAID = 'A second test, written from the report by a mind that saw neither the first test nor a patch, fails on the base and passes with the patch.'
const broke = () => {
  throw new Failure('budget-exhausted', 'the budget of 100 tokens is used up', 'Raise it.')
}
const GIVEN_UP = say(['give_up', { reason: 'the report can be read in two ways' }])

describe('a second mind writes a test from the report alone', () => {
  it('both agree: the patch is judged by both tests, and both go with the proposal', async () => {
    const { facts, model, certificate, proposal, tools } = await run([write(...NARROW), patch(RIGHT), write(FOUR, NONE), BLESSED])
    expect(verdicts(facts)).toEqual(['fixed', 'fixed'])
    expect(certificate).toMatchObject({
      strength: 'suggestion',
      reproduction: { expectations: NARROW, second: { expectations: [FOUR, NONE] } },
      verdict: {
        gates: expect.arrayContaining([expect.objectContaining({ gate: 'reproduction', summary: expect.stringContaining('so does a second test') })]),
      },
    })
    expect(proposal?.body).toContain(SAID)
    expect(proposal?.edits.map(({ path }) => path)).toEqual(['src/total.js', 'test/total-of-two.test.js', 'test/total-of-two-2.test.js'])
    const opening = JSON.stringify(model.requests[2])
    expect(opening).toContain('You see neither, on purpose')
    for (const known of ['one example is enough', 'total-of-two', 'reduce', 'only the first item']) expect(opening).not.toMatch(new RegExp(known))
    if (certificate === undefined) return
    const again = { tools, dependencyFolder: undefined, note: () => undefined, signal: new AbortController().signal }
    expect(await verifyCertificate({ certificate, ...again })).toMatchObject({ holds: true, doubts: [] })
  })

  it('they disagree: the author sees the second test, and makes a patch that passes both', async () => {
    const { facts, model, certificate } = await run([write(...NARROW), patch(WRONG), write(FOUR, NONE), patch(RIGHT), BLESSED])
    expect(kinds(facts).slice(6, -3)).toEqual([
      ...['patch-chosen', 'second-test-sought', 'patch-drafted', 'patch-minimised', 'patch-judged'],
      ...['patch-drafted', 'patch-minimised', 'patch-judged', 'patch-chosen', 'patch-reviewed'],
    ])
    expect(verdicts(facts)).toEqual(['fixed', 'still-broken', 'fixed'])
    const opening = JSON.stringify(model.requests[3])
    expect(opening).toContain('Two minds wrote a test each')
    expect(opening).toMatch(/total-of-two-2\.test\.js > total of two: NaN == 0/)
    expect(certificate?.patch.diff).toContain(RIGHT)
  })

  it('no patch passes both: a person gets both readings, and nothing is proposed', async () => {
    const { diagnosis, certificate } = await run([write(...NARROW), patch(WRONG), write(FOUR, NONE), say(['give_up', { reason: 'the tests want two things' }])])
    expect(certificate).toBeUndefined()
    expect(diagnosis).toMatchObject({ reason: 'needs-a-person', bestRejected: { gate: 'reproduction', diff: expect.stringContaining(WRONG) } })
    expect(diagnosis?.summary).toBe('Two minds read the report; each wrote a test that fails on the base, and no patch passes both. Nothing is proposed.')
    expect(diagnosis?.tried.slice(0, 2)).toEqual([
      `the first test, test/total-of-two.test.js > total of two, expects: ${FOUR.assertion} ("${FOUR.quote}")`,
      `the second test, test/total-of-two-2.test.js > total of two, expects: ${FOUR.assertion} ("${FOUR.quote}"); ${NONE.assertion} ("${NONE.quote}")`,
    ])
  })

  it.each([
    ['it gives up', GIVEN_UP, 'the report can be read in two ways'],
    ['there is no money for it', broke, 'the budget of 100 tokens is used up'],
  ])('there is none (%s): one reading of a report in words is not proposed', async (_, said, why) => {
    const { diagnosis, certificate } = await run([write(...NARROW), patch(RIGHT), said])
    expect(certificate).toBeUndefined()
    expect(diagnosis).toMatchObject({ reason: 'needs-a-person', bestRejected: { gate: 'review', diff: expect.stringContaining(RIGHT) } })
    expect(diagnosis?.bestRejected?.why).toMatch(new RegExp(`one reading of the report, and there is no second: .*${why}`))
  })

  it('there is none, but the report names the error: that it is gone is proposed, and said to be all', async () => {
    const files = {
      'package.json': '{"name":"shop","scripts":{"test":"node --test"}}',
      'src/total.js': 'exports.total = (cart) => cart.items.length\n',
      'test/total.test.js':
        "const { total } = require('../src/total.js')\nconst assert = require('node:assert')\nrequire('node:test').test('one', () => assert.strictEqual(total({ items: [7] }), 1))\n",
    }
    const report =
      "The total fails\n\nTypeError: Cannot read properties of undefined (reading 'length')\n    at exports.total (/srv/shop/src/total.js:1:44)\n    at main (/srv/shop/main.js:3:1)\n"
    const content =
      "const { test } = require('node:test')\nconst { total } = require('../src/total.js')\n\ntest('a cart without items', () => {\n  total({})\n})\n"
    const first = say(['write_test', { source: 'src/total.js', name: 'a cart without items', content, expectations: [] }])
    const mended = say(
      ['edit_file', { path: 'src/total.js', search: 'cart.items.length', replace: '(cart.items ?? []).length' }],
      ['submit_patch', { cause: 'a cart may have no items', symptom_only: false, confidence: 0.9 }],
    )
    const { facts, certificate, proposal } = await run([first, mended, GIVEN_UP, read('none', 'It counts none.')], { files, report })
    expect(verdicts(facts)).toEqual(['fixed'])
    expect(certificate).toMatchObject({ strength: 'implicit', reproduction: { second: { missing: expect.stringContaining('two ways') } } })
    expect(proposal?.body).toContain('There is no second test: ')
  })

  it('a test that is widened later keeps the second one beside it', async () => {
    const { facts, archive } = await run([
      ...[write(...NARROW), patch(RIGHT), write(...NARROW), read('test', 'Nothing asks for the empty list.', seen(NONE, 'unclear', false)), write(FOUR, NONE)],
      BLESSED,
    ])
    const widened = facts.find((fact) => fact.kind === 'reproduction-widened')
    const both = widened && (await archive.get(Reproduction, widened.reproduction))
    expect(both?.files.map(({ path }) => path)).toEqual(['test/total-of-two.test.js', 'test/total-of-two-2.test.js'])
    expect(both).toMatchObject({ expectations: [FOUR, NONE], second: { expectations: NARROW } })
  })

  it('killed while it is written, and after, it is paid once', async () => {
    const looked = say(['read_file', { path: 'src/total.js' }])
    const { facts, model } = await run([write(...NARROW), patch(RIGHT), looked, write(FOUR, NONE), BLESSED], { killedAt: [9, 10, 11] })
    expect(facts.slice(8, 12).map(({ kind }) => kind)).toEqual(['patch-chosen', 'model-answered', 'model-answered', 'second-test-sought'])
    expect(model.requests).toHaveLength(5)
    expect(answersIn(model.requests[3])[0]).toContain('list[0]')
  })
})
