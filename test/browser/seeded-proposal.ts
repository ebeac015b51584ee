import type { Certificate, Digest, RunId, RunSummary } from '@fixpoint/core'
import { aBaseline, aCandidate, aDossier, aGateResult, aPolicy, aProject, aReport, aReproduction, aVerdict } from '@fixpoint/testkit'
import { type Desk, digest, runId, summary } from '../../apps/server/src/testing.ts'

const BASE = 'b'.repeat(40) as never
const GATES = ['applies', 'integrity', 'reproduction', 'regression', 'static', 'necessity', 'behaviour'] as const

export const DIFF = `diff --git a/src/split.js b/src/split.js
--- a/src/split.js
+++ b/src/split.js
@@ -5,5 +5,6 @@
 export function split(cents, people) {
-  const share = Math.round(cents / people)
+  // The rest goes to whoever comes first.
+  const share = Math.floor(cents / people)
   const shares = people.map(() => share)
   return shares
 }
diff --git a/test/split.test.js b/test/split.test.js
new file mode 100644
--- /dev/null
+++ b/test/split.test.js
@@ -0,0 +1,2 @@
+import { split } from '../src/split.js'
+test('splits ten euros among six', () => expect(sum(split(1000, 6))).toBe(1000))
`

/** The file as the patch leaves it. */
const SPLIT = `// Splits a bill.
// Cents stay whole.
// Nobody pays twice.

export function split(cents, people) {
  // The rest goes to whoever comes first.
  const share = Math.floor(cents / people)
  const shares = people.map(() => share)
  return shares
}
`

/** Every word of it that a stranger may have written. */
export interface Words {
  readonly title?: string
  readonly diff?: string
  readonly test?: string
  readonly failure?: string
  readonly path?: string
  /** Of a drafter or a critic. */
  readonly model?: string
  readonly question?: string
  readonly repository?: string
}

/** A run whose proposal waits for a person, in the stores of a server on fakes. */
export async function seededProposal(desk: Desk, number: number, words: Words = {}, changes: Partial<RunSummary> = {}): Promise<RunId> {
  const run = runId(number)
  const put = (value: unknown) => desk.hands.artifacts.put(new TextEncoder().encode(JSON.stringify(value)))
  const { title = `Fix BalanceError in split ${number}`, diff = DIFF, test = 'split > splits ten euros among six', model = 'change round to floor' } = words
  const keep = (text: string) => desk.hands.artifacts.put(new TextEncoder().encode(text))
  const ran = { argv: ['npx', 'vitest', 'test/split.test.js'], durationMs: 400 }
  const passing = { ...ran, exitCode: 0, on: 'patch' as const, outputDigest: await keep(`\u001b[32m✓\u001b[0m ${test}\n`) }
  const failing = { ...ran, exitCode: 1, on: 'base' as const, outputDigest: await keep(`\u001b[31m✗\u001b[0m ${test}\nexpected 1000, got 1002\n`) }
  const gates = GATES.map((gate) =>
    aGateResult({
      gate,
      summary: gate === 'reproduction' ? 'passes 3 of 3 with the patch and fails again without it' : `${model} (${gate})`,
      status: gate === 'static' ? 'not-applicable' : 'passed',
      findings: gate === 'behaviour' ? [model] : [],
      commands:
        gate === 'regression'
          ? [{ argv: ['npx', 'vitest', test], exitCode: 0, outputDigest: digest('output'), durationMs: 1200 }]
          : gate === 'reproduction'
            ? [passing, failing]
            : [],
      differences: gate === 'behaviour' ? [{ call: `split(1000, 6) ${model}`, before: `throws ${test}`, after: 'returns 6 shares', expected: true }] : [],
    }),
  )
  const verdict = aVerdict({
    gates,
    testsBefore: [
      { id: test, status: 'failed' },
      { id: 'money > adds', status: 'passed' },
    ],
    testsAfter: [
      { id: test, status: 'passed' },
      { id: 'money > adds', status: 'passed' },
    ],
  })
  const candidate = aCandidate({ base: BASE, diff, edits: [] }, { drafter: 'patterns', summary: model })
  const path = words.path ?? 'src/split.js'
  const why = [{ lane: 'frames', weight: 1, evidence: `innermost frame ${model}` }]
  const certificate: Certificate = {
    ...{ schema: 'https://fixpoint.dev/schema/certificate-1.json', version: 1, runId: run, issuedAt: '2026-01-02T03:04:05Z', strength: 'verified' },
    report: { title, groupKey: 'group-1' },
    base: { commit: BASE, tree: BASE },
    patch: { diff, origin: candidate.origin },
    project: aProject(),
    environment: { recipe: { toolchain: 'node', install: [] } as never, key: 'k', image: 'i', imageId: 'i', manifests: {} },
    policy: aPolicy(),
    reproduction: aReproduction({
      tests: [{ id: test, file: 'test/split.test.js', path: [test] }],
      failure: {
        errorType: 'BalanceError',
        message: words.failure ?? 'Shares of 1000 cents among 6 add up to 1002',
        stack: words.failure ?? 'BalanceError: \u001b[31mShares\u001b[0m\n    at split (src/split.js:6:9)',
      },
    }),
    baseline: aBaseline(),
    protectedFiles: {},
    verdict,
    review: { expectations: [{ quote: model, met: 'yes', asserted: true }], objection: 'none', why: model },
    rejected: [],
    asked: [],
  }
  const planned = {
    strength: 'verified',
    branch: `fixpoint/split-${number}`,
    base: BASE,
    title,
    body: title,
    diff,
    certificate: JSON.stringify(certificate),
    edits: [
      { path: 'src/split.js', content: SPLIT },
      {
        path: 'test/split.test.js',
        content: "import { split } from '../src/split.js'\ntest('splits ten euros among six', () => expect(sum(split(1000, 6))).toBe(1000))\n",
      },
    ],
    ...(words.question && { question: words.question }),
  }
  const proposal = await put(planned)
  const judgement = await put({ candidate, verdict })
  const rejected = await put({
    candidate: aCandidate(candidate.patch, { drafter: 'patterns', summary: 'change round to ceil' }),
    verdict: aVerdict({ name: 'regressed', gates: [aGateResult({ gate: 'regression', status: 'failed', summary: `two tests fail: ${test}` })] }),
    lesson: { gate: 'regression', summary: `two tests fail: ${test}`, diff: '' },
  })
  const dossier = aDossier({
    suspects: [{ path, function: 'split', lines: [5, 9], hotLine: 6, score: 1, why }],
    excerpts: [{ path, lines: [5, 9], text: `export function split(cents, people) {\n  ${model}\n}`, role: 'edit', why }],
  })
  desk.runs.set(
    summary(number, {
      ...{
        phase: 'proposing',
        awaiting: true,
        proposal: proposal as Digest,
        openedAt: new Date(Date.now() - 3_600_000),
        updatedAt: new Date(Date.now() - 60_000),
      },
      owner: { id: `rep_${number}`, title, source: 'sentry', repository: words.repository ?? 'tabs', url: undefined },
      ...changes,
    }),
  )
  desk.runs.append(run, { kind: 'run-opened', report: await put(aReport()), workspace: digest('workspace'), base: BASE, policy: aPolicy() })
  desk.runs.append(run, { kind: 'bug-reproduced', reproduction: digest('r'), baseline: digest('b'), source: 'named-test' })
  desk.runs.append(run, { kind: 'dossier-gathered', dossier: await put(dossier) })
  for (const [verdictName, judged] of [
    ['regressed', rejected],
    ['fixed', judgement],
  ] as const) {
    desk.runs.append(run, { kind: 'patch-drafted', drafter: 'patterns', candidate: digest(judged), pending: [] })
    desk.runs.append(run, { kind: 'patch-minimised', candidate: digest(judged), patch: digest(judged) })
    desk.runs.append(run, { kind: 'patch-judged', verdict: verdictName, judgement: judged })
  }
  desk.runs.append(run, { kind: 'patch-chosen', candidate: digest(judgement), judgement, verdict: 'fixed' })
  desk.runs.append(run, { kind: 'proposal-planned', proposal: proposal as Digest, strength: 'verified' })
  return run
}

/** What a person made of the patch was judged, and refused. */
export async function attemptOfPerson({ runs, hands }: Desk, run: RunId): Promise<void> {
  const put = (value: unknown) => hands.artifacts.put(new TextEncoder().encode(JSON.stringify(value)))
  const candidate = aCandidate(undefined, { drafter: 'person', kind: 'edit', summary: 'change round to trunc, edited by ada', by: 'ada' })
  const gate = aGateResult({ gate: 'necessity', status: 'failed', summary: '1 of 2 hunks change nothing that a test sees' })
  const judgement = await put({ candidate, verdict: aVerdict({ name: 'inconclusive', gates: [gate] }) })
  runs.append(run, { kind: 'patch-edited', by: 'ada', edit: digest('edit') })
  runs.append(run, { kind: 'patch-drafted', drafter: 'person', candidate: digest('mine'), pending: [] })
  runs.append(run, { kind: 'patch-minimised', candidate: digest('mine'), patch: digest('mine') })
  runs.append(run, { kind: 'patch-judged', verdict: 'inconclusive', judgement })
}
