import { type EventIn, isSurvivor, type RunIn } from '@fixpoint/core'
import { runProbes } from '@fixpoint/patterns'
import { testStyle } from '@fixpoint/test-runners'
import { patchedSnapshot } from '../patched-snapshot.ts'
import { type Judgement, Judgement as JudgementRecord } from '../records.ts'
import type { StepContext } from '../tools.ts'
import { type RunMaterial, runMaterial, workshopFor } from './run-material.ts'

/** A patch, and calls of what it touches. */
type Probed = Pick<Judgement, 'candidate' | 'probes'>

/** A patch and how it answers the calls on which patches are compared. */
export interface Answered<T extends Probed = Judgement> {
  readonly judgement: T
  readonly answers: ReadonlyMap<string, string>
}

/**
 * Plausible is not correct: several patches may pass every gate. They are compared on the calls recorded while judging. When all answer
 * alike the best ranked is chosen; when they differ the choice is a person's, with the call that tells them apart.
 */
export async function choosePatch(run: RunIn<'informed'>, context: StepContext): Promise<EventIn<'informed'>> {
  const survivors = run.judged.filter(isSurvivor)
  const judgements = await Promise.all(survivors.map((judged) => context.archive.get(JudgementRecord, judged.judgement)))
  const ranked = judgements.map((judgement, index) => ({ judgement, judged: survivors[index] })).sort((a, b) => byRank(a.judgement, b.judgement))
  const best = ranked[0]
  if (!best?.judged) throw new Error('choose-patch needs a patch that survived the judge')
  const answered = survivors.length > 1 ? await answersOf(run, judgements, context) : []
  const rival = rivalOf(best.judgement, answered)
  if (rival) context.note(`${survivors.length} patches pass every gate and disagree: ${rival.call}`)
  return { kind: 'patch-chosen', candidate: best.judged.candidate, judgement: best.judged.judgement, verdict: rival ? 'contested' : 'fixed' }
}

/** What contradicts no test comes first, and a patch that mends before one that only swallows the error; then the drafter's own order. */
function byRank(a: Judgement, b: Judgement): number {
  const contradicts = ({ verdict }: Judgement) => Number(verdict.name === 'contradicting')
  const hides = ({ candidate }: Judgement) => Number(candidate.origin.symptomOnly)
  return contradicts(a) - contradicts(b) || hides(a) - hides(b) || b.candidate.origin.score - a.candidate.origin.score
}

/** The same calls on every patch, each in a fresh room. */
export async function answersOf<T extends Probed>(
  run: RunIn<'informed'> | RunIn<'judged'>,
  judgements: readonly T[],
  context: StepContext,
): Promise<Answered<T>[]> {
  const material: RunMaterial = await runMaterial(run, context)
  const probes = [...new Map(judgements.flatMap((judgement) => judgement.probes).map((probe) => [keyOf(probe), probe])).values()]
  if (probes.length === 0) return []
  const { project } = material.workspace
  const answered: Answered<T>[] = []
  await using workshop = workshopFor(run, material, context)
  for (const judgement of judgements) {
    const room = await workshop.open(judgement.candidate.patch.edits)
    const outcomes = await runProbes(
      {
        room,
        style: testStyle(project, material.source),
        source: patchedSnapshot(material.source, judgement.candidate.patch.edits),
        syntax: context.tools.syntax,
        nonce: () => context.tools.ids.nonce(),
      },
      probes,
      context.signal,
    )
    // A call that could not be made says nothing about either patch.
    const answers = outcomes.filter(({ outcome }) => outcome !== 'was not run' && !outcome.startsWith('cannot be called'))
    answered.push({ judgement, answers: new Map(answers.map(({ call, outcome }) => [keyOf(call), outcome])) })
  }
  return answered
}

export interface Rival {
  readonly other: Judgement
  readonly call: string
  readonly best: string
  readonly theirs: string
}

/** The first survivor of equal standing that answers a call differently. A swallowed error does not compete with a mended cause. */
export function rivalOf(best: Judgement, answered: readonly Answered[]): Rival | undefined {
  const own = answered.find(({ judgement }) => judgement.candidate.patch.diff === best.candidate.patch.diff)
  if (!own) return undefined
  for (const { judgement, answers } of answered) {
    if (judgement.candidate.origin.symptomOnly && !best.candidate.origin.symptomOnly) continue
    for (const [call, theirs] of answers) {
      const ours = own.answers.get(call)
      if (ours !== undefined && ours !== theirs) return { other: judgement, call, best: ours, theirs }
    }
  }
  return undefined
}

function keyOf(probe: { path: string; function: string; arguments: readonly string[] }): string {
  return `${probe.function}(${probe.arguments.join(', ')})`
}
