import { describe, expect, it } from 'vitest'
import { IllegalEvent } from '../words/failure.ts'
import { Digest, type ObjectId } from '../words/ids.ts'
import { Policy } from '../words/policy.ts'
import type { RunEvent } from './events.ts'
import { evolve } from './evolve.ts'
import { lifecycle } from './lifecycle.ts'
import { nextStep } from './next-step.ts'
import { type Run, shownProposal } from './run.ts'

const digest = (letter: string) => Digest.parse(letter.repeat(64))
const [A, B, C, D, E] = ['a', 'b', 'c', 'd', 'e'].map(digest) as [Digest, Digest, Digest, Digest, Digest]
const BASE = '1'.repeat(40) as ObjectId

function opened(budget: object = {}): RunEvent {
  return { kind: 'run-opened', report: A, workspace: B, base: BASE, policy: Policy.parse({ budget }) }
}
const reproduced: RunEvent = { kind: 'bug-reproduced', reproduction: C, baseline: D, source: 'named-test' }
const gathered: RunEvent = { kind: 'dossier-gathered', dossier: E }
const drafted = (candidate: Digest, ...pending: Digest[]): RunEvent => ({ kind: 'patch-drafted', drafter: 'patterns', candidate, pending })
const minimised = (patch: Digest): RunEvent => ({ kind: 'patch-minimised', candidate: patch, patch })
const chose = (candidate: Digest, judgement: Digest): RunEvent => ({ kind: 'patch-chosen', candidate, judgement, verdict: 'fixed' })
const judged = (verdict: 'fixed' | 'regressed' | 'contradicting', judgement: Digest): RunEvent => ({ kind: 'patch-judged', verdict, judgement })

function tell(...events: RunEvent[]): Run {
  return events.reduce<Run>(evolve, { phase: 'unopened' })
}
const wish = (...events: RunEvent[]) => nextStep(tell(...events)).kind

describe('the life of a run', () => {
  it('goes from a report to a delivered proposal', () => {
    const road: RunEvent[] = [
      opened(),
      reproduced,
      gathered,
      drafted(A),
      minimised(A),
      judged('fixed', B),
      { kind: 'patch-chosen', candidate: A, judgement: B, verdict: 'fixed' },
      { kind: 'proposal-planned', proposal: C },
      { kind: 'proposal-published', commit: BASE },
      { kind: 'run-settled', outcome: 'delivered' },
    ]
    const wishes = road.map((_, index) => wish(...road.slice(0, index + 1)))
    expect(wishes).toEqual([
      'reproduce-bug',
      'gather-dossier',
      'draft-patch',
      'minimise-patch',
      'judge-patch',
      'choose-patch',
      'plan-proposal',
      'publish-proposal',
      'settle-run',
      'rest',
    ])
    expect(tell(...road)).toMatchObject({ phase: 'settled', outcome: 'delivered', proposal: C })
  })

  it('judges every waiting survivor before it chooses', () => {
    expect(wish(opened(), reproduced, gathered, drafted(A, B), minimised(A), judged('fixed', C))).toBe('draft-patch')
  })

  it('chooses when those that wait do what the patch does that passed', () => {
    const passed = [opened(), reproduced, gathered, drafted(A, B, C), minimised(A), judged('fixed', C)]
    expect(wish(...passed, { kind: 'pending-dismissed', count: 2 })).toBe('choose-patch')
    expect(tell(...passed, { kind: 'pending-dismissed', count: 2 })).toMatchObject({ phase: 'informed', pending: [], drafts: ['patterns'] })
  })

  it('does not judge a patch twice when two candidates shrink to the same', () => {
    const run = tell(opened(), reproduced, gathered, drafted(A, B), minimised(A), judged('regressed', C), drafted(B), minimised(A))
    expect(run).toMatchObject({ phase: 'informed', pending: [] })
  })

  it.each([
    ['not reproduced', [opened(), { kind: 'bug-not-reproduced', findings: A }], 'not-reproduced'],
    ['no attempt allowed', [opened({ attempts: 0 }), reproduced, gathered], 'budget-exhausted'],
    ['attempts used up', [opened({ attempts: 1 }), reproduced, gathered, drafted(A, B), minimised(A), judged('regressed', C)], 'budget-exhausted'],
    ['nothing drafted', [opened(), reproduced, gathered, { kind: 'drafters-exhausted', findings: A }], 'no-patch'],
    [
      'all refused',
      [opened(), reproduced, gathered, drafted(A), minimised(A), judged('regressed', C), { kind: 'drafters-exhausted', findings: A }],
      'needs-a-person',
    ],
    ['stopped', [opened(), { kind: 'run-stopped', reason: 'environment', detail: A }], 'environment'],
  ] as [string, RunEvent[], string][])('%s: it is diagnosed', (_name, events, reason) => {
    const run = tell(...events)
    expect(run).toMatchObject({ phase: 'stuck', reason })
    expect(nextStep(run).kind).toBe('diagnose-run')
  })

  it('a fixed patch within the budget is chosen even when the budget is used up by it', () => {
    expect(wish(opened({ attempts: 1 }), reproduced, gathered, drafted(A, B), minimised(A), judged('fixed', C))).toBe('choose-patch')
  })

  it('can be cancelled in every phase but the last', () => {
    expect(tell(opened(), { kind: 'run-cancelled' })).toMatchObject({ phase: 'settled', outcome: 'cancelled' })
    expect(() => tell(opened(), { kind: 'run-cancelled' }, { kind: 'run-cancelled' })).toThrow(IllegalEvent)
  })

  describe('a proposal that waits for a person', () => {
    const waiting: RunEvent[] = [
      { ...opened(), policy: Policy.parse({ approval: 'person' }) } as RunEvent,
      reproduced,
      gathered,
      drafted(A),
      minimised(A),
      judged('fixed', B),
      { kind: 'patch-chosen', candidate: A, judgement: B, verdict: 'fixed' },
      { kind: 'proposal-planned', proposal: C },
    ]

    it.each([
      ['waits', [], 'await-decision'],
      ['is published when approved', [{ kind: 'proposal-approved', by: 'ann' }], 'publish-proposal'],
      ['is drafted anew when changes are wanted', [{ kind: 'changes-requested', by: 'ann', lesson: D }], 'draft-patch'],
      ['is over when rejected', [{ kind: 'proposal-rejected', by: 'ann', reason: D }], 'rest'],
      ['still waits when it is steered', [{ kind: 'run-steered', by: 'ann', lesson: D }], 'await-decision'],
    ] as [string, RunEvent[], string][])('%s', (_name, said, next) => {
      expect(wish(...waiting, ...said)).toBe(next)
    })

    it('keeps what people said, once, and does not choose again what they turned down', () => {
      const steered: RunEvent = { kind: 'run-steered', by: 'ann', lesson: E }
      const run = tell(...waiting, steered, steered, { kind: 'changes-requested', by: 'ann', lesson: D })
      expect(run).toMatchObject({ phase: 'informed', words: [E, D], judged: [{ patch: A, turnedDown: true }] })
      expect(run).not.toHaveProperty('proposal')
    })

    it('is kept and not published by somebody who only observes', () => {
      const observing = waiting.with(0, { ...opened(), policy: Policy.parse({ autonomy: 'observe' }) } as RunEvent)
      expect(wish(...observing)).toBe('withhold-proposal')
      expect(tell(...observing, { kind: 'proposal-withheld' })).toMatchObject({ phase: 'settled', outcome: 'delivered', proposal: C })
    })
  })

  describe('a proposal on a host that reports back', () => {
    const published: RunEvent[] = [
      { ...opened(), policy: Policy.parse({ autonomy: 'draft-pr' }) } as RunEvent,
      reproduced,
      gathered,
      drafted(A),
      minimised(A),
      judged('fixed', B),
      { kind: 'patch-chosen', candidate: A, judgement: B, verdict: 'fixed' },
      { kind: 'proposal-planned', proposal: C, strength: 'verified' },
      { kind: 'proposal-published', commit: BASE, pull: 7 },
    ]
    const again: RunEvent[] = [...published, { kind: 'changes-requested', by: 'ann', lesson: D }]

    it.each([
      ['waits for what becomes of it', published, 'await-outcome'],
      ['is drafted anew when changes are wanted', again, 'draft-patch'],
      [
        'stands as it stood when nothing better is found',
        [...again, { kind: 'drafters-exhausted', findings: E }, { kind: 'run-diagnosed', diagnosis: E }],
        'await-outcome',
      ],
      ['stands as it stood when the attempt is cancelled', [...again, { kind: 'run-cancelled' }], 'await-outcome'],
      ['is over when it is merged', [...published, { kind: 'run-settled', outcome: 'merged', merge: BASE }], 'rest'],
    ] as [string, RunEvent[], string][])('%s', (_name, events, next) => {
      expect(wish(...events)).toBe(next)
    })

    it('goes to the same pull request the second time, and keeps what was said', () => {
      const second = tell(
        ...again,
        drafted(D),
        minimised(D),
        judged('fixed', E),
        { kind: 'patch-chosen', candidate: D, judgement: E, verdict: 'fixed' },
        { kind: 'proposal-planned', proposal: E, strength: 'verified' },
      )
      expect(second).toMatchObject({ phase: 'proposing', published: { proposal: C, pull: 7 }, words: [D] })
      expect(evolve(second, { kind: 'proposal-published', commit: BASE, pull: 7 })).toMatchObject({ phase: 'proposed', proposal: E, pull: 7 })
      expect(evolve(second, { kind: 'proposal-published', commit: BASE, pull: 7 })).not.toHaveProperty('published')
    })

    it.each([
      ['verified', 'publish-proposal'],
      ['implicit', 'await-decision'],
      ['suggestion', 'await-decision'],
      [undefined, 'await-decision'],
    ] as const)('evidence that is %s: %s', (strength, next) => {
      expect(wish(...published.slice(0, -2), { kind: 'proposal-planned', proposal: C, ...(strength && { strength }) })).toBe(next)
    })

    it('what turns tests of the repository red never goes out without a person', () => {
      const lenient = { ...opened(), policy: Policy.parse({ autonomy: 'pr', unattended: ['verified', 'suggestion'] }) } as RunEvent
      const planned: RunEvent = { kind: 'proposal-planned', proposal: C, strength: 'suggestion' }
      const [, ...later] = published.slice(0, -2)
      expect(wish(lenient, ...later, planned)).toBe('publish-proposal')
      const against = later.map((event) => (event.kind === 'patch-judged' ? judged('contradicting', B) : event))
      expect(wish(lenient, ...against, planned)).toBe('await-decision')
    })

    it('a base that moved is followed once: reproduced again, and the same patch judged first where nothing of it moved', () => {
      const moved: RunEvent[] = [...published.slice(0, -1), { kind: 'base-moved', base: '2'.repeat(40), carried: A }]
      expect(tell(...moved)).toMatchObject({ phase: 'opened', base: '2'.repeat(40), moved: true })
      expect(tell(...moved, reproduced, gathered)).toMatchObject({ phase: 'informed', pending: [A] })
      expect(tell(...moved, { kind: 'bug-not-reproduced', findings: A })).toMatchObject({ phase: 'stuck', reason: 'overtaken' })
    })
  })

  describe('a patch that a person edits', () => {
    const F = digest('f')
    const offered: RunEvent[] = [
      ...[opened({ attempts: 1 }), reproduced, gathered, drafted(A), minimised(A), judged('fixed', B), chose(A, B)],
      { kind: 'proposal-planned', proposal: C, strength: 'verified' },
    ]
    const edited: RunEvent[] = [...offered, { kind: 'patch-edited', by: 'ann', edit: F }]
    const again: RunEvent[] = [...edited, drafted(D), minimised(D)]

    it('is judged as it was made, even when the attempts are spent; until then the proposal is shown', () => {
      expect(
        edited
          .slice(-1)
          .concat(again.slice(-2))
          .map((_, index) => wish(...again.slice(0, edited.length + index))),
      ).toEqual(['draft-patch', 'minimise-patch', 'judge-patch'])
      expect(shownProposal(tell(...again))).toBe(C)
    })

    it('becomes the proposal when every gate lets it pass', () => {
      const passed: RunEvent[] = [...again, judged('fixed', E), chose(D, E), { kind: 'proposal-planned', proposal: F, strength: 'verified' }]
      expect(tell(...passed)).toMatchObject({ phase: 'proposing', proposal: F, approved: false, judged: [{ turnedDown: true }, { candidate: D }] })
      expect(tell(...passed)).not.toHaveProperty('offered')
    })

    it.each([
      ['a gate refuses it', judged('regressed', E)],
      ['its judgement cannot be made', { kind: 'run-stopped', reason: 'environment', detail: E } as RunEvent],
    ])('when %s, the proposal stands as it stood', (_name, event) => {
      expect(tell(...again, event)).toMatchObject({ phase: 'proposing', proposal: C, approved: false, candidate: A })
      expect(wish({ ...opened(), policy: Policy.parse({ approval: 'person' }) } as RunEvent, ...again.slice(1), event)).toBe('await-decision')
    })

    it('is refused by whoever reads it, too, and nothing is drafted instead', () => {
      const read: RunEvent[] = [...again, judged('fixed', E), chose(D, E), { kind: 'patch-reviewed', lane: 'strong', approved: false, review: F }]
      expect(tell(...read)).toMatchObject({ phase: 'proposing', proposal: C, judged: [{ candidate: A }, { candidate: D, turnedDown: true, objection: F }] })
    })

    it('can be cancelled with its run', () => {
      expect(tell(...again, { kind: 'run-cancelled' })).toMatchObject({ phase: 'settled', outcome: 'cancelled' })
    })
  })

  describe('a patch that somebody else reads first', () => {
    const [F, G] = ['f', '0'].map(digest) as [Digest, Digest]
    const chosen = (source: 'agent' | 'named-test', verdict: 'fixed' | 'contradicting' = 'fixed'): RunEvent[] => [
      opened(),
      { ...reproduced, source } as RunEvent,
      gathered,
      drafted(A, B),
      minimised(A),
      judged(verdict, B),
      drafted(B),
      minimised(B),
      judged('fixed', C),
      chose(A, B),
    ]
    const reviewed = (objection?: 'patch' | 'test'): RunEvent =>
      objection === undefined
        ? { kind: 'patch-reviewed', lane: 'strong', approved: true, review: F }
        : { kind: 'patch-reviewed', lane: 'strong', approved: false, lesson: E, review: F, objection }
    const sought = (found: boolean): RunEvent => ({ kind: 'second-test-sought', found, reproduction: found ? F : C })
    /** Another mind was asked for a test, and none came of it. */
    const alone = (source: 'agent' | 'named-test' = 'agent') => [...chosen(source), sought(false)]
    const widened: RunEvent = { kind: 'reproduction-widened', reproduction: G }

    it.each([
      ['a test of the repository states what should happen: nobody needs to', chosen('named-test'), 'plan-proposal'],
      ['a model wrote the test: another mind is asked for one', chosen('agent'), 'seek-second-test'],
      ['there is none, and it stands', alone(), 'review-patch'],
      ['there is one: the patch is judged by both', [...chosen('agent'), sought(true)], 'draft-patch'],
      [
        'nobody is asked twice',
        [...chosen('agent'), sought(true), drafted(A, B), minimised(A), judged('fixed', D), drafted(B), minimised(B), judged('fixed', E), chose(A, D)],
        'review-patch',
      ],
      ['it turns tests of the base red', chosen('named-test', 'contradicting'), 'review-patch'],
      ['there is no objection', [...alone(), reviewed()], 'plan-proposal'],
      ['an objection to the patch sends it back', [...alone(), reviewed('patch')], 'choose-patch'],
      ['an objection to the test goes to the test', [...alone(), reviewed('test')], 'widen-reproduction'],
      [
        'a second objection ends it',
        [...alone(), reviewed('test'), widened, drafted(A), minimised(A), judged('fixed', D), chose(A, D), reviewed('patch')],
        'diagnose-run',
      ],
    ] as [string, RunEvent[], string][])('%s', (_name, events, next) => {
      expect(wish(...events)).toBe(next)
    })

    it('what passed the narrower test is judged again by the wider one', () => {
      const run = tell(...alone(), reviewed('test'), widened)
      expect(run).toMatchObject({ phase: 'informed', reproduction: G, pending: [A, B], judged: [{ outdated: true, objection: F }, { outdated: true }] })
      expect(wish(...alone(), reviewed('test'), widened)).toBe('draft-patch')
      expect(tell(...alone(), reviewed('test'), widened, drafted(A, B), minimised(A))).toMatchObject({ phase: 'minimised' })
    })

    it('what both tests judge was drafted once, and when none passes both a person decides', () => {
      const narrow = chosen('agent').with(0, opened({ attempts: 4 }))
      const again = tell(...narrow, sought(true), drafted(A, B), minimised(A))
      expect(again).toMatchObject({ phase: 'minimised', reproduction: F, drafts: ['patterns', 'patterns'] })
      const split = tell(...narrow, sought(true), drafted(A, B), minimised(A), judged('regressed', D), drafted(B), minimised(B), judged('regressed', E))
      expect(split).toMatchObject({ phase: 'stuck', reason: 'needs-a-person' })
    })

    it('the second objection leaves the patch and what was said of it', () => {
      const run = tell(...alone(), reviewed('patch'), chose(B, C), reviewed('patch'))
      expect(run).toMatchObject({
        phase: 'stuck',
        reason: 'needs-a-person',
        judged: [
          { objection: F, turnedDown: true },
          { objection: F, turnedDown: true },
        ],
      })
    })
  })

  it('counts failures of one step and forgets them at the next fact', () => {
    const failed: RunEvent = { kind: 'step-failed', step: 'reproduce-bug', code: 'room-lost', detail: A }
    expect(tell(opened(), failed, failed)).toMatchObject({ phase: 'opened', failures: 2 })
    expect(tell(opened(), failed, reproduced)).toMatchObject({ phase: 'reproduced', failures: 0 })
  })

  it('refuses every fact that the table does not allow', () => {
    const samples: RunEvent[] = [opened(), reproduced, gathered, drafted(A), minimised(A), judged('fixed', B), { kind: 'run-settled', outcome: 'merged' }]
    const run = tell(opened())
    const allowed: readonly string[] = lifecycle.opened
    for (const event of samples) {
      if (allowed.includes(event.kind)) expect(() => evolve(run, event)).not.toThrow()
      else expect(() => evolve(run, event)).toThrow(IllegalEvent)
    }
  })
})
