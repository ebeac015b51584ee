import { BugReport, Certificate, Dossier, type EventIn, isSurvivor, Review, type RunIn, type Strength } from '@fixpoint/core'
import { patchFrom } from '../diff.ts'
import { certificateOf } from '../proposal/certificate.ts'
import { proposalText } from '../proposal/text.ts'
import { Judgement, PlannedProposal } from '../records.ts'
import type { StepContext } from '../tools.ts'
import { answersOf, rivalOf } from './choose-patch.ts'
import { reproductionOf, runMaterial } from './run-material.ts'

/** Decides everything about the proposal and writes it down, so that publishing it twice is publishing it once. */
export async function planProposal(run: RunIn<'judged'>, context: StepContext): Promise<EventIn<'judged'>> {
  const { archive, tools, runId } = context
  const material = await runMaterial(run, context)
  const { reproduction, baseline } = await reproductionOf(run, context)
  const [chosen, dossier, all] = await Promise.all([
    archive.get(Judgement, run.judgement),
    archive.get(Dossier, run.dossier),
    Promise.all(run.judged.map((judged) => archive.get(Judgement, judged.judgement))),
  ])
  const rival = run.contested
    ? rivalOf(
        chosen,
        await answersOf(
          run,
          all.filter((_, index) => run.judged[index] !== undefined && isSurvivor(run.judged[index])),
          context,
        ),
      )
    : undefined
  const strength: Strength = run.contested && chosen.verdict.name === 'fixed' ? 'choice' : (chosen.verdict.strength ?? 'suggestion')
  const edits = [...chosen.candidate.patch.edits, ...reproduction.files.map((file) => ({ path: file.path, content: file.content }))]
  const at = tools.clock.now().toISOString()
  const certificate = Certificate.parse(
    certificateOf({
      runId,
      at,
      run,
      report: await archive.get(BugReport, run.report),
      material,
      reproduction,
      baseline,
      chosen,
      review: run.review === undefined ? undefined : await archive.get(Review, run.review),
      strength,
      all,
      hash: tools.hash,
    }),
  )
  const text = proposalText({ certificate, dossier, rival })
  const branch = await branchOf(run, text.slug, context)
  const proposal = await archive.put(PlannedProposal, {
    strength,
    branch,
    base: run.base,
    title: text.title,
    body: text.body,
    message: text.message,
    edits,
    diff: patchFrom(material.source, edits).diff,
    certificate: `${JSON.stringify(certificate, undefined, 2)}\n`,
    ...(text.question ? { question: text.question } : {}),
    at,
  })
  return { kind: 'proposal-planned', proposal, strength }
}

/** Another attempt at a pull request goes to where the first one went. */
async function branchOf(run: RunIn<'judged'>, slug: string, { archive, runId, tools }: StepContext): Promise<string> {
  if (run.published !== undefined) return (await archive.get(PlannedProposal, run.published.proposal)).branch
  return `fixpoint/${tools.codeHost.branchName?.(slug) ?? slug}-${runId.slice(-6)}`
}
