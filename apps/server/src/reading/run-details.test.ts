import { createHash } from 'node:crypto'
import type { Digest, RunEvent } from '@fixpoint/core'
import { aCandidate, aDossier, aGateResult, aPolicy, aReport, aUsage, aVerdict, InMemoryArtifacts, someEntries } from '@fixpoint/testkit'
import { expect, test } from 'vitest'
import { Details } from './details.ts'
import { detailsOf } from './run-details.ts'
import { stepsOf } from './run-steps.ts'

const digest = (text: string) => createHash('sha256').update(text).digest('hex') as Digest
const base = 'b'.repeat(40) as never

async function aRun() {
  const artifacts = new InMemoryArtifacts()
  const put = (value: unknown) => artifacts.put(new TextEncoder().encode(JSON.stringify(value)))
  const judged = {
    candidate: aCandidate(),
    verdict: aVerdict({ name: 'regressed', gates: [aGateResult({ gate: 'regression', status: 'failed' })] }),
    lesson: { gate: 'regression', summary: 'two tests fail', diff: '' },
  }
  const words = await put({ by: 'ada', words: 'mend the caller' })
  const events: RunEvent[] = [
    { kind: 'run-opened', report: await put(aReport()), workspace: digest('workspace'), base, policy: aPolicy() },
    { kind: 'bug-reproduced', reproduction: digest('r'), baseline: digest('b'), source: 'named-test' },
    { kind: 'dossier-gathered', dossier: await put(aDossier()) },
    {
      ...{ kind: 'model-answered', lane: 'cheap', conversation: 'draft 0', model: 'some/model', prompts: '1', request: digest('q') },
      ...{ exchange: digest('x'), usage: aUsage({ inputTokens: 90, outputTokens: 10, cachedTokens: 0, cacheWriteTokens: 0 }), money: 0.25 },
    },
    { kind: 'patch-drafted', drafter: 'cheap', candidate: digest('c'), pending: [] },
    { kind: 'patch-minimised', candidate: digest('c'), patch: digest('p') },
    { kind: 'patch-judged', verdict: 'regressed', judgement: await put(judged) },
    { kind: 'run-steered', by: 'ada', lesson: words },
    { kind: 'step-failed', step: 'draft-patch', code: 'model-overloaded', detail: digest('expired') },
  ]
  return { artifacts, entries: someEntries(events) }
}

test('each step from the fact before it to the fact that ended it; a paid exchange belongs to who asked', async () => {
  const { entries } = await aRun()
  const steps = stepsOf(entries)
  expect(steps.map(({ step, facts, failed }) => [step, facts, failed])).toEqual([
    ['open-run', [0], false],
    ['reproduce-bug', [1], false],
    ['gather-dossier', [2], false],
    ['draft-patch', [3, 4], false],
    ['minimise-patch', [5], false],
    ['judge-patch', [6], false],
    ['draft-patch', [7], false],
    ['draft-patch', [8], true],
    ['draft-patch', [], false],
  ])
  expect(steps[3]).toMatchObject({ startedAt: '2026-01-02T03:04:07.000Z', endedAt: '2026-01-02T03:04:09.000Z' })
  expect(steps.at(-1)?.endedAt).toBeUndefined()
})

test('all that is told of a run; what has expired is left out', async () => {
  const { entries, artifacts } = await aRun()
  const details = Details.parse(await detailsOf(entries, artifacts))
  expect(details).toMatchObject({
    base,
    spent: { money: 0.25, tokens: 100, exchanges: 1, elapsedMs: 8000 },
    attempts: [{ number: 1, verdict: 'regressed', summary: 'turns < into <=', gates: [{ gate: 'regression', status: 'failed' }], lesson: 'two tests fail' }],
    dossier: { suspects: [{ path: 'src/price.js' }] },
    exchanges: [{ seq: 3, lane: 'cheap', model: 'some/model', exchange: digest('x') }],
    words: [{ kind: 'steer', by: 'ada', words: 'mend the caller' }],
    failures: [{ seq: 8, step: 'draft-patch', code: 'model-overloaded' }],
  })
  expect([details.report?.origin, details.diagnosis, details.failures[0]?.message]).toEqual([aReport().origin, undefined, undefined])
})

test('a run of which nothing is left but its journal is told all the same', async () => {
  const { entries } = await aRun()
  expect(Details.parse(await detailsOf(entries, new InMemoryArtifacts()))).toMatchObject({
    attempts: [{ number: 1, verdict: 'regressed' }],
    words: [{ by: 'ada' }],
  })
})
