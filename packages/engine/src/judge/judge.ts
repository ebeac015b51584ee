import type { ContradictedTest, GateResult, Lesson, ProbeCall, Strength, TestRun, Verdict, VerdictName } from '@fixpoint/core'
import { namesError, redact } from '@fixpoint/intake'
import { canaries } from '@fixpoint/test-runners'
import { applies } from './applies.ts'
import { behaviour } from './behaviour.ts'
import { callsOnBase } from './calls-on-base.ts'
import { failed } from './evidence.ts'
import { integrity, readsHonest } from './integrity.ts'
import { Meanwhile } from './meanwhile.ts'
import { necessity } from './necessity.ts'
import { regression } from './regression.ts'
import { reproduction } from './reproduction.ts'
import { staticChecks } from './static-checks.ts'
import type { JudgeTools, Subject } from './subject.ts'

export interface JudgedSubject {
  readonly verdict: Verdict
  readonly lesson: Lesson | undefined
  readonly probes: readonly ProbeCall[]
}

/**
 * Judges one patch in a fresh room: the base tree, the patch, the reproduction's own files, nothing else. The gates come in
 * a fixed order and the first that fails ends the matter. What the last one needs of the base is found out beside them, in another room.
 */
export async function judge(subject: Subject, tools: JudgeTools): Promise<JudgedSubject> {
  const gates: GateResult[] = []
  let suite: TestRun | undefined
  let contradicted: readonly ContradictedTest[] = []
  const end = async (name: VerdictName, probes: readonly ProbeCall[] = []): Promise<JudgedSubject> => ({
    verdict: verdict(name, { gates, contradicted, suite }, subject),
    lesson: await lessonOf(gates, subject),
    probes,
  })
  const add = (gate: GateResult) => {
    gates.push(gate)
    tools.note(`${mark(gate)} ${gate.gate}: ${gate.summary}`)
    return gate.status !== 'failed'
  }

  const first = await applies(subject, tools)
  if (!add(first.result)) return end(first.tampering ? 'tampered' : 'unappliable')
  const suspicious = readsHonest(subject)
  if (suspicious.length > 0) {
    add(failed('integrity', `looks like a way around the tests: ${suspicious[0]}`, { findings: suspicious }))
    return end('tampered')
  }

  const reproductionFiles = subject.reproduction.files.map((file) => ({ path: file.path, content: file.content }))
  const planted = canaries(subject.workspace.project, subject.source, tools.ids.nonce())
  await using room = await tools.open([...subject.candidate.patch.edits, ...reproductionFiles])
  await using calls = new Meanwhile((signal) => callsOnBase(subject, tools, signal), tools)

  suite = await room.testWith({ kind: 'all' }, tools.signal, { canaries: planted })
  if (!add(await integrity(subject, suite, planted, tools))) return end(suite.reported ? 'tampered' : 'inconclusive')
  const reproduced = await reproduction(subject, room, tools)
  if (!add(reproduced.result)) return end(reproduced.tampering ? 'tampered' : 'still-broken')
  const kept = await regression(subject, suite, room, tools)
  if (!add(kept.result)) return end('regressed')
  contradicted = kept.contradicted
  if (!add(await staticChecks(subject, room, tools))) return end('regressed')
  if (!add(await necessity(subject, room, tools))) return end('inconclusive')
  const acted = await behaviour(subject, room, tools, await calls.result())
  if (!add(acted.result)) return end('regressed', acted.probes)
  return end(contradicted.length > 0 ? 'contradicting' : 'fixed', acted.probes)
}

interface Found {
  readonly gates: readonly GateResult[]
  readonly contradicted: readonly ContradictedTest[]
  readonly suite: TestRun | undefined
}

function verdict(name: VerdictName, { gates, contradicted, suite }: Found, subject: Subject): Verdict {
  const { baseline } = subject
  const before = [
    ...baseline.passing.map((id) => ({ id, status: 'passed' })),
    ...baseline.failing.map((id) => ({ id, status: 'failed' })),
    ...baseline.flaky.map((id) => ({ id, status: 'flaky' })),
    ...baseline.skipped.map((id) => ({ id, status: 'skipped' })),
  ]
  const after = (suite?.tests ?? []).map((test) => ({ id: test.id, status: test.status }))
  const strength = name === 'contradicting' ? 'suggestion' : name === 'fixed' ? strengthOf(gates, subject) : undefined
  return {
    ...{ name, gates: [...gates], testsBefore: before, testsAfter: after },
    ...(strength ? { strength } : {}),
    ...(contradicted.length > 0 ? { contradicted: [...contradicted] } : {}),
  }
}

/** What the evidence amounts to. Only a test that states what should happen, and every gate that can be applied, make it `verified`. */
function strengthOf(gates: readonly GateResult[], subject: Subject): Strength {
  if (gates.some((gate) => gate.gate === 'behaviour' && gate.differences.some((difference) => !difference.expected))) return 'choice'
  // What a model wrote about a report that names no error is a reading of it; where the error is the reported one, the crash at least is real.
  if (subject.reproduction.source === 'agent') return subject.report === undefined || namesError(subject.report) ? 'implicit' : 'suggestion'
  if (subject.reproduction.oracle !== 'specified') return 'implicit'
  // A repository without a type check or lint has nothing to weaken its evidence; every other gap does.
  const gap = gates.some((gate) => gate.status === 'not-applicable' && gate.gate !== 'static')
  return gap ? 'implicit' : 'verified'
}

/** It goes into prompts: a patch that was refused for a secret must not carry it there. */
async function lessonOf(gates: readonly GateResult[], subject: Subject): Promise<Lesson | undefined> {
  const refused = gates.find((gate) => gate.status === 'failed')
  if (refused === undefined) return undefined
  const { text: diff } = await redact(subject.candidate.patch.diff)
  return { gate: refused.gate, summary: [refused.summary, ...refused.findings.slice(0, 3)].join('\n').slice(0, 2000), diff }
}

function mark(gate: GateResult): string {
  return gate.status === 'passed' ? '✔' : gate.status === 'failed' ? '✘' : '–'
}
