import { type JournalEntry, RunEvent } from '@fixpoint/core'
import { expect, test } from 'vitest'
import { figuresOf } from './run-figures.ts'

const digest = 'a'.repeat(64)
const usage = (inputTokens: number, cachedTokens: number) => ({ inputTokens, cachedTokens, cacheWriteTokens: 0, outputTokens: 10 })
const asked = (conversation: string, tokens: ReturnType<typeof usage>) => ({
  ...{ kind: 'model-answered', lane: 'cheap', conversation, model: 'local/small', prompts: '1', request: digest, exchange: digest },
  usage: tokens,
  money: 0.25,
})

/** Facts at so many seconds after the first. */
function journal(facts: readonly [number, object][]): JournalEntry[] {
  return facts.map(([second, event], seq) => ({ v: 1, seq, at: new Date(1_700_000_000_000 + second * 1000).toISOString(), event: RunEvent.parse(event) }))
}

test('time between two facts belongs to the step that the later one ends, that of models to the step they were asked in', () => {
  const entries = journal([
    [0, { kind: 'run-opened', report: digest, workspace: digest, base: 'b'.repeat(40), policy: {} }],
    [5, { kind: 'bug-reproduced', reproduction: digest, baseline: digest, source: 'named-test' }],
    [6, { kind: 'dossier-gathered', dossier: digest }],
    [8, asked('cheap: draft 0: loop', usage(100, 0))],
    [10, asked('cheap: draft 0: loop', usage(10, 90))],
    [12, asked('cheap: draft 0: loop', usage(20, 180))],
    [13, asked('cheap: review: once', usage(50, 0))],
    [16, { kind: 'patch-drafted', drafter: 'cheap', candidate: digest, pending: [] }],
    [20, { kind: 'patch-judged', verdict: 'fixed', judgement: digest }],
    [21, { kind: 'proposal-planned', proposal: digest }],
    [22, { kind: 'run-settled', outcome: 'delivered' }],
  ])
  expect(figuresOf(entries)).toEqual({
    reproducedBy: 'named-test',
    attempts: 1,
    turns: 4,
    usage: { inputTokens: 180, cachedTokens: 270, cacheWriteTokens: 0, outputTokens: 40 },
    money: 1,
    laterInput: { tokens: 200, cached: 180 },
    models: ['local/small'],
    prompts: ['1'],
    steps: { reproduce: 5, 'gather context': 1, draft: 10, judge: 4, 'hand over': 2 },
    seconds: 22,
  })
})
