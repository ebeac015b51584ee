import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { BacktestHistory } from '../../apps/cli/src/backtest/history.ts'
import { EvaluationResult } from '../../apps/cli/src/evaluation/evaluation-result.ts'
import { fixpoint, git } from './fixture.ts'
import { commitAll, fingerprint, place, put, SHOP } from './small-repository.ts'

const HELD_OUT = `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { last } from '../src/last.js'
test('of one', () => assert.equal(last([{ name: 'a' }]), 'a'))
`

/** Of code that is not there any more. */
const GONE = 'RangeError: Invalid time value\n    at dueDate (file:///srv/app/src/invoice.js:12:20)\n'

it('eval: one case is fixed, as its held-out test says, one is left alone; what is known is not run again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fixpoint-eval-'))
  try {
    await put(folder, {
      ...Object.fromEntries(Object.entries(SHOP).map(([path, content]) => [`shop/${path}`, content])),
      'held-out/test/held-out.test.js': HELD_OUT,
      'last.case.json': JSON.stringify({ id: 'last', kind: 'off by one', repository: 'shop', heldOut: { folder: 'held-out' } }),
      'gone.case.json': JSON.stringify({
        id: 'gone',
        kind: 'gone',
        repository: 'shop',
        report: { text: GONE },
        expects: 'abstain',
      }),
    })
    const out = join(folder, 'out')
    const first = await fixpoint(['eval', folder, '--only', 'gone', '--out', out], join(folder, 'home'))
    expect(first.code, first.stderr).toBe(0)
    const again = await fixpoint(['eval', folder, '--out', out], join(folder, 'home'))
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('--resume') })
    const ended = await fixpoint(['eval', folder, '--out', out, '--resume', '--json'], join(folder, 'home'))
    expect(ended.code, ended.stderr).toBe(0)
    const { results } = EvaluationResult.parse(JSON.parse(await readFile(join(out, 'result.json'), 'utf8')))
    expect(results).toMatchObject([
      { id: 'gone', answer: 'abstained', reason: 'not-reproduced', strength: null },
      { id: 'last', answer: 'resolved', lane: 'patterns', strength: 'verified', scoredBy: 'room', figures: { reproducedBy: 'named-test', turns: 0, money: 0 } },
    ])
    expect(await readFile(join(out, 'report.md'), 'utf8')).toContain(
      '2 cases: **1 resolved**, **0 wrongly proposed**, 1 abstained (1 as they should), 0 failed.',
    )
    expect(await readdir(join(folder, 'home', 'tmp')), 'nothing is left behind').toEqual([])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

const test = (name: string, imported: string, assertion: string) => `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ${imported} } from '../src/shop.js'
test('${name}', () => ${assertion})
`

const WORKS = test('the name is trimmed', 'displayName', `assert.equal(displayName({ profile: { name: ' Ann ' } }), 'Ann')`)

const shop = (name: string, total: string) => `export function displayName(user) {
  return ${name}
}
export function total(prices) {
  return ${total}
}
`

/** A repository with three fixes, of which two can be used, and two other commits. */
async function past() {
  const here = await place({
    'package.json': '{ "name": "shop", "type": "module", "scripts": { "test": "node --test" } }\n',
    'src/shop.js': shop('user.profile.name.trim()', 'prices.reduce((sum, price) => sum - price, 0)'),
    'test/shop.test.js': WORKS,
  })
  const commit = async (subject: string, files: Readonly<Record<string, string>>) => {
    await put(here.folder, files)
    commitAll(here.folder)
    git(here.folder, 'commit', '-q', '--amend', '-m', subject)
  }
  await commit('Fix the sign of totals', {
    'src/shop.js': shop('user.profile.name.trim()', 'prices.reduce((sum, price) => sum + price, 0)'),
    'test/total.test.js': test('prices are added', 'total', 'assert.equal(total([1, 2]), 3)'),
  })
  await commit('Fix crash for users without a profile', {
    'src/shop.js': shop('user.profile?.name.trim()', 'prices.reduce((sum, price) => sum + price, 0)'),
    'test/profile.test.js': test('nobody has no name', 'displayName', 'assert.equal(displayName({}), undefined)'),
  })
  await commit('Say how to install', { 'README.md': 'npm install\n' })
  await commit('Fix wording', {
    'src/shop.js': `// Shop.\n${shop('user.profile?.name.trim()', 'prices.reduce((sum, price) => sum + price, 0)')}`,
    'test/wording.test.js': test('works', 'total', 'assert.equal(total([]), 0)'),
  })
  return here
}

it('backtest: the fixes of the past whose tests prove them are tried, and their owner is told in words; nothing is changed', async () => {
  await using here = await past()
  const before = await fingerprint(here.folder)
  const out = join(here.folder, '..', 'out')
  await mkdir(out)
  await writeFile(join(out, 'unrelated.txt'), '')
  const ended = await fixpoint(['backtest', '--repo', here.folder, '--last', '3', '--out', out], here.home)
  expect(ended.code, ended.stderr).toBe(0)
  const history = BacktestHistory.parse(JSON.parse(await readFile(join(out, 'history.json'), 'utf8')))
  expect(history).toMatchObject({
    looked: 5,
    leftOut: [
      { subject: 'Fix wording', why: 'none of its tests fails without it' },
      { subject: 'as it is', why: 'nothing lies before it here' },
    ],
    cases: [
      { kind: 'crash', tests: ['test/profile.test.js > nobody has no name'], heldOut: { paths: ['test/profile.test.js'] } },
      { kind: 'wrong result', tests: ['test/total.test.js > prices are added'], heldOut: { paths: ['test/total.test.js'] } },
    ],
  })
  const report = history.cases[0]?.report
  expect(report && 'text' in report && report.text).toContain("TypeError: Cannot read properties of undefined (reading 'name')\n    at displayName")
  expect(JSON.stringify(history.cases.map((each) => each.report)), 'neither the subject nor the test is told').not.toMatch(
    /profile[ .]test.*assert\.equal|without a profile/,
  )
  const { results } = EvaluationResult.parse(JSON.parse(await readFile(join(out, 'result.json'), 'utf8')))
  expect(results.map(({ kind, answer, reason }) => [kind, answer, reason])).toEqual([
    ['crash', 'resolved', null],
    ['wrong result', 'abstained', 'not-reproduced'],
  ])
  expect(ended.stderr).toContain(
    'Of the last 2 fixes with a test that could be tried, Fixpoint would have fixed 1, proposed something wrong for 0, and left 1 alone, saying why.',
  )
  expect(ended.stderr).toContain('no pull request was opened')
  expect(await fingerprint(here.folder)).toBe(before)
})
