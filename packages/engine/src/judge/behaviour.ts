import type { BehaviourDifference, GateResult, ProbeCall } from '@fixpoint/core'
import { compareOutcomes, runProbes } from '@fixpoint/patterns'
import { testStyle } from '@fixpoint/test-runners'
import { patchedSnapshot } from '../patched-snapshot.ts'
import type { TestRoom } from '../test-room.ts'
import type { CallsOnBase } from './calls-on-base.ts'
import { constantAnswer } from './constant-answer.ts'
import { failed, notApplicable, passed } from './evidence.ts'
import { type JudgeTools, type Subject, testTextsOf } from './subject.ts'

const SHOWN = 20
const THROWS = /^(?:throws|rejects)\b/
/** How assertion libraries say that something should have failed and did not. */
const MISSING_EXCEPTION =
  /missing expected (?:exception|rejection)|to (?:be )?thrown?\b|to throw|did not (?:raise|throw)|should have thrown|not rejected|resolve.* instead of reject/i

/**
 * Gate 7: calls of the touched functions, as the suite makes them and mutated, are replayed on base and patch. Whatever differs is
 * shown. After a reported crash a patch may answer where the base crashed and must leave every other answer alone: a call that
 * the suite makes, that answered and throws now, fails the gate; another difference (also of a call that nobody makes: an object in place
 * of a list) makes the proposal a choice. After a wrong answer differences are what
 * was asked for, unless a call throws that nobody wanted to throw.
 */
export async function behaviour(
  subject: Subject,
  room: TestRoom,
  tools: JudgeTools,
  calls: CallsOnBase,
): Promise<{ result: GateResult; probes: readonly ProbeCall[] }> {
  if ('none' in calls) return { result: notApplicable('behaviour', calls.none), probes: [] }
  const before = calls.answered
  const probes = before.map(({ call }) => call)
  const source = patchedSnapshot(subject.source, subject.candidate.patch.edits)
  const style = testStyle(subject.workspace.project, subject.source)
  await room.reset()
  const after = await runProbes({ room, style, nonce: () => tools.ids.nonce(), syntax: tools.syntax, source }, probes, tools.signal)
  await room.reset()

  const differences = compareOutcomes(before, after, subject.reproduction.failure).map((difference) => ({
    ...difference,
    // Nonsense that was refused is still refused, in other words.
    expected: difference.expected || (THROWS.test(difference.before) && THROWS.test(difference.after)) || wasAskedFor(difference, subject),
  }))
  const shown = [...differences].sort((a, b) => Number(a.expected) - Number(b.expected)).slice(0, SHOWN)
  const madeUp = new Set(probes.filter((probe) => probe.madeUp).map((probe) => `${probe.function}(${probe.arguments.join(', ')})`))
  const broken = differences.find(
    (difference) => !difference.expected && !madeUp.has(difference.call) && THROWS.test(difference.after) && !THROWS.test(difference.before),
  )
  if (broken)
    return { result: failed('behaviour', `${broken.call} ${broken.before} on the base and ${broken.after} with the patch`, { differences: shown }), probes }
  const copied = constantAnswer(differences, testTextsOf(subject))
  if (copied) return { result: failed('behaviour', copied, { differences: shown }), probes }
  const surprising = differences.filter((difference) => !difference.expected).length
  const where = `${differences.length - surprising} differ where the failure is, ${surprising === 0 ? 'none' : surprising} elsewhere`
  const summary = `${probes.length} calls replayed on both sides: ${differences.length === 0 ? 'all answer as before' : where}`
  return { result: passed('behaviour', summary, { differences: shown }), probes }
}

/** A test that states another answer asks for other answers; one that states an error asks for errors. */
function wasAskedFor(difference: BehaviourDifference, { reproduction }: Subject): boolean {
  const assertion = reproduction.oracle === 'specified' && /assert|expect/i.test(`${reproduction.failure.errorType ?? ''} ${reproduction.failure.message}`)
  if (!assertion) return false
  return THROWS.test(difference.after) && !THROWS.test(difference.before) ? MISSING_EXCEPTION.test(reproduction.failure.message) : true
}
