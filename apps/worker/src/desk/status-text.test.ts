import { Digest, RunId } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { checksOf } from './check-text.ts'
import { needsPerson, refusalOfRound } from './rounds.ts'
import type { RunStatus } from './run-status.ts'
import { commentText, headline, type ThreadStatus } from './status-text.ts'

const run: RunStatus = {
  run: RunId.parse(`run_${'0'.repeat(26)}`),
  phase: 'opened',
  base: 'b'.repeat(40),
  reproduced: false,
  judged: [],
  proposal: undefined,
  published: undefined,
  awaitsApproval: false,
  diagnosis: undefined,
  outcome: undefined,
  rounds: [],
  tokens: 0,
  money: 0,
  minutes: 0,
}
const proposal = {
  strength: 'verified',
  title: 'Fix TypeError in parse',
  branch: 'fixpoint/x',
  diff: '+ok',
  question: undefined,
  digest: Digest.parse('a'.repeat(64)),
} as const
const thread = (more: Partial<RunStatus>, rest: Partial<ThreadStatus> = {}): ThreadStatus => ({
  ...{ asked: 'ann', held: undefined, parked: false, missing: undefined, runUrl: undefined, needsPerson: undefined },
  ...rest,
  run: { ...run, ...more },
})
const published = { commit: 'c'.repeat(40), pull: 7 }

describe('what the one comment says', () => {
  it.each([
    ['Fixpoint is making the failure happen', thread({})],
    ['Fixpoint is looking for a fix', thread({ phase: 'informed', reproduced: true })],
    ['Fixpoint has a patch that waits for your word', thread({ phase: 'proposing', awaitsApproval: true, proposal })],
    ['Fixpoint proposes a fix: #7', thread({ phase: 'proposed', proposal, published })],
    ['Fixpoint is working on the changes that were asked for', thread({ phase: 'informed', proposal, published })],
    ['Fixpoint needs a person', thread({ phase: 'proposed', proposal, published }, { needsPerson: 'it tried twice' })],
    ['Fixed and merged', thread({ phase: 'settled', outcome: 'merged', published })],
    ['Fixpoint needs more to go on', { ...thread({}), run: undefined, missing: 'a stack trace' }],
    ['Fixpoint does not begin yet', { ...thread({}), run: undefined, held: 'daily cap' }],
  ] as const)('%s', (words, status) => {
    expect(headline(status)).toBe(words)
    expect(commentText(status)).toContain(`### ${words}\n`)
  })

  it('ends with a reason, and with what would help', () => {
    const text = commentText(
      thread({
        phase: 'settled',
        outcome: 'abandoned',
        reproduced: true,
        judged: [{ summary: 'guard', verdict: 'regressed', gate: 'regression' }],
        diagnosis: {
          ...{ reason: 'no-patch', summary: 'No pattern makes it pass.', tried: ['a guard'], missingFact: 'what parse should return', nextCommand: 'x' },
          suspects: [{ path: 'src/a.js', function: 'parse', lines: [3, 9], score: 1, why: [] }],
        },
      }),
    )
    expect(text).toContain('**Why:** No pattern makes it pass.')
    expect(text).toContain('**What would help:** what parse should return')
    expect(text).toContain('**What to do:** x')
    expect(text).toContain('`src/a.js:3` in `parse`')
    expect(text).toContain('regressed (regression)')
    expect(text).toContain('`/fixpoint retry`')
  })

  it('keeps what strangers wrote from doing anything', () => {
    const evil = 'hi @everyone <img src=x> ![](https://evil.example/a.png) fixes #1 ``` </details>'
    const text = commentText(
      thread(
        {
          phase: 'settled',
          outcome: 'abandoned',
          diagnosis: {
            reason: 'no-patch',
            summary: evil,
            tried: [evil],
            missingFact: evil,
            nextCommand: '',
            suspects: [],
            bestRejected: { diff: '```\n</details>@everyone', gate: 'static', why: evil },
          },
        },
        { asked: evil },
      ),
    )
    const outside = text.replaceAll(/(`{3,})diff\n[\s\S]*?\n\1/g, '')
    expect(outside).not.toMatch(/@everyone|<img|https:\/\/evil|\]\(/)
    expect(outside.match(/<\/details>/g)).toHaveLength(2)
    expect(text).toContain('````diff\n```\n</details>@everyone\n````')
  })
})

describe('our checks', () => {
  it('say on the commit of before how the work goes, and are never red there', () => {
    for (const phase of ['opened', 'informed', 'judged', 'proposing'] as const)
      expect(checksOf(thread({ phase })).map(({ state }) => state)).toEqual(['in-progress'])
    expect(checksOf(thread({ phase: 'settled', outcome: 'abandoned' }))).toMatchObject([{ state: 'neutral', commit: run.base, buttons: [{ action: 'retry' }] }])
    expect(checksOf(thread({ phase: 'settled', outcome: 'cancelled' }))).toMatchObject([{ state: 'cancelled' }])
  })

  it('go over to the commit that is proposed', () => {
    expect(checksOf(thread({ phase: 'proposed', proposal, published }))).toMatchObject([
      { commit: run.base, state: 'neutral', buttons: [] },
      { commit: published.commit, state: 'success', buttons: [{ action: 'ready' }] },
    ])
  })
})

describe('how often a pull request is worked on again', () => {
  const settings = { rounds: { reviews: 2, checks: 1 } }
  const by = (name: string, commit?: string) => ({ by: name, review: undefined, commit })
  const proposed = { ...run, phase: 'proposed', published } as const

  it.each([
    ['the first time', [], 'ann', false],
    ['as often as the settings allow', [by('ann', 'x')], 'ann', false],
    ['no more than that', [by('ann', 'x'), by('bob', 'y')], 'ann', true],
    ['red checks are counted apart', [by('ann', 'x'), by('checks', 'y')], 'ann', false],
    ['red checks once here', [by('checks', 'x')], 'checks', true],
  ] as const)('%s', (_name, rounds, who, refused) => {
    expect(refusalOfRound({ ...proposed, rounds }, who, settings) !== undefined).toBe(refused)
  })

  it('a person is needed when two attempts came to nothing, and is told so', () => {
    const vain = { ...proposed, rounds: [by('ann'), by('ann')] }
    expect(refusalOfRound(vain, 'ann', { rounds: { reviews: 9, checks: 9 } })).toMatch(/came to nothing/)
    expect(needsPerson(vain, { rounds: { reviews: 9, checks: 9 } })).toMatch(/came to nothing/)
    expect(needsPerson(proposed, settings)).toBeUndefined()
  })
})
