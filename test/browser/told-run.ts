import { type Exchange, type RunEvent, untrusted } from '@fixpoint/core'
import { aCandidate, aDossier, aGateResult, aPatch, aPolicy, aReport, aUsage, aVerdict } from '@fixpoint/testkit'

import { type Desk, digest, runId, summary } from '../../apps/server/src/testing.ts'

const BASE = 'b'.repeat(40)
const DIFF =
  'diff --git a/src/price.js b/src/price.js\n--- a/src/price.js\n+++ b/src/price.js\n@@ -1,3 +1,3 @@\n export function price(order) {\n-  return order.items[0].amount\n+  return order.items[0]?.amount ?? 0\n }\n'

interface Told {
  /** Written wherever a stranger's words can be. */
  readonly strange?: string
  readonly attempts?: number
  readonly settled?: boolean
}

/** A run with everything that can be told of one: attempts, exchanges, words, a failure, and a diagnosis when it is settled. */
export async function aToldRun({ runs, hands }: Desk, number: number, { strange = '', attempts = 2, settled = false }: Told = {}) {
  const run = runId(number)
  const put = (value: unknown) => hands.artifacts.put(new TextEncoder().encode(JSON.stringify(value)))
  let clock = Date.now() - (settled ? 3_600_000 : 400_000)
  const append = (seconds: number, event: RunEvent) => {
    clock += seconds * 1000
    runs.append(run, event, new Date(clock).toISOString())
  }
  const title = `TypeError: Cannot read properties of undefined (reading 'amount')${strange}`
  const text = `${title}\n    at price (/app/src/price.js:2:15)\n    at checkout (/app/src/cart.js:40:3)\n`
  const why = [{ lane: 'frames', weight: 1, evidence: `innermost frame of the trace ${strange}` }]
  const excerpt = {
    path: `src/price.js${strange}`,
    lines: [1, 3] as [number, number],
    text: `export function price(order) {${strange}\n}\n`,
    role: 'edit' as const,
    why,
  }
  const related = { relatedTests: [{ path: 'test/price.test.js', why }], history: [{ commit: 'c'.repeat(40), subject: `prices ${strange}` }], tokens: 1200 }
  const dossier = aDossier({ excerpts: [excerpt], ...related, excluded: [{ rule: 'generated', files: 3 }] })
  const budget = { attempts: 8, candidates: 600, minutes: 15, tokens: 200_000, money: 2 }
  const policy = aPolicy({
    budget,
    lanes: [
      { name: 'patterns', share: 1 },
      { name: 'cheap', model: 'some/model', share: 1 },
    ],
    critic: 'strong',
  })

  append(0, {
    kind: 'run-opened',
    report: await put(aReport({ title: untrusted(title), text: untrusted(text) })),
    workspace: digest('w'),
    base: BASE as never,
    policy,
  })
  append(42, { kind: 'bug-reproduced', reproduction: digest('r'), baseline: digest('b'), source: 'named-test' })
  append(3, { kind: 'dossier-gathered', dossier: await put(dossier) })
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const usage = aUsage({ inputTokens: 4200, outputTokens: 310, cachedTokens: 1800, cacheWriteTokens: 0 })
    const paid = { lane: 'cheap', conversation: `draft ${attempt}`, model: 'some/model', prompts: '1', request: digest('q'), usage, money: 0.0123 }
    append(12, { kind: 'model-answered', ...paid, exchange: await put(anExchange(attempt, strange)) })
    append(8, { kind: 'patch-drafted', drafter: 'cheap', candidate: digest('c'), pending: [] })
    append(14, { kind: 'patch-minimised', candidate: digest('c'), patch: digest(`patch ${attempt}`) })
    append(25, { kind: 'patch-judged', verdict: 'regressed', judgement: await put(aJudgement(attempt, strange)) })
  }
  append(1, { kind: 'run-steered', by: 'ada', lesson: await put({ by: 'ada', words: `mend the caller ${strange}` }) })
  append(9, { kind: 'step-failed', step: 'draft-patch', code: 'model-overloaded', detail: await put(aFailure(strange)) })
  if (settled) {
    append(2, { kind: 'run-stopped', reason: 'no-patch', detail: digest('d') })
    append(4, { kind: 'run-diagnosed', diagnosis: await put(aDiagnosis(strange)) })
  }
  const owner = { id: 'rep_1', title, source: 'sentry', repository: 'shop/cart', url: undefined }
  const stands = settled ? ({ phase: 'settled', outcome: 'abandoned' } as const) : ({ phase: 'informed' } as const)
  const spent = { money: 0.0246, tokens: 12_620 }
  runs.set(
    summary(number, { ...stands, owner, spent, openedAt: new Date(clock - 300_000), updatedAt: new Date(clock), entries: (await runs.read(run)).length }),
  )
  return { run, append: (event: RunEvent) => runs.append(run, event, new Date().toISOString()) }
}

function anExchange(number: number, strange: string): Exchange {
  const ask = { kind: 'text' as const, text: `The report says: ${strange} price fails.\n`.repeat(4) }
  const call = { kind: 'tool-call' as const, id: 'call_1', name: 'read_file', input: { path: `src/price.js${strange}` } }
  const request = {
    system: `You mend defects.${strange}`,
    tools: [{ name: 'read_file', description: `Reads a file ${strange}`, input: { type: 'object', properties: { path: { type: 'string' } } } }],
    messages: [
      { role: 'user' as const, content: [ask] },
      { role: 'assistant' as const, content: [call] },
      { role: 'user' as const, content: [{ kind: 'tool-result' as const, id: 'call_1', text: `export function price() {}${strange}` }] },
    ],
    maxOutputTokens: 4000,
  }
  const content = [
    { kind: 'thinking' as const, text: `The order may have no items. ${strange}` },
    { kind: 'text' as const, text: `Exchange ${number}: guard the first item.${strange}` },
  ]
  const usage = { inputTokens: 4200, cachedTokens: 1800, cacheWriteTokens: 0, outputTokens: 310 }
  return {
    model: 'some/model',
    request,
    reply: { content, stop: 'end', usage, servedBy: `model-2026${strange}` },
    at: '2026-01-02T03:04:05.000Z',
    durationMs: 3210,
  }
}

function aJudgement(attempt: number, strange: string) {
  const commands = [{ argv: ['node', '--test', `test/price.test.js${strange}`], exitCode: 1, outputDigest: digest('o'), durationMs: 812 }]
  const differences = [{ call: `price({})${strange}`, before: 'threw TypeError', after: `returns 0${strange}`, expected: false }]
  const failed = aGateResult({
    gate: 'regression',
    status: 'failed',
    summary: `two tests fail${strange}`,
    findings: [`prices an order${strange}`],
    commands,
    differences,
  })
  return {
    candidate: aCandidate(aPatch(undefined, { diff: DIFF + strange }), {
      drafter: 'cheap',
      kind: 'guard',
      summary: `guards the first item, ${attempt}${strange}`,
    }),
    verdict: aVerdict({ name: 'regressed', gates: [aGateResult(), aGateResult({ gate: 'reproduction', summary: 'it passes three of three' }), failed] }),
    lesson: { gate: 'regression', summary: `an empty order must be refused${strange}`, diff: '' },
  }
}

function aFailure(strange: string) {
  return { step: 'draft-patch', code: 'model-overloaded', message: `The model is overloaded${strange}`, hint: `It is asked again${strange}` }
}

function aDiagnosis(strange: string) {
  return {
    reason: 'no-patch',
    summary: `Every patch that guards the first item lets an empty order through.${strange}`,
    suspects: aDossier().suspects,
    tried: [`guarding the first item${strange}`],
    bestRejected: { diff: DIFF, gate: 'regression', why: `two tests fail${strange}` },
    missingFact: `What should an empty order cost?${strange}`,
    nextCommand: `fixpoint fix --say "an empty order costs nothing"${strange}`,
  }
}
