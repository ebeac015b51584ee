import { type EventIn, Failure, Reproduction, type RunIn } from '@fixpoint/core'
import { withStandIns } from '@fixpoint/intake'
import { interlocutorOf } from '../interlocutors.ts'
import { patchedSnapshot } from '../patched-snapshot.ts'
import { Findings, Judgement } from '../records.ts'
import { firstBelieved, reproducingHands } from '../reproduce/reproducing.ts'
import { withSecond } from '../reproduce/second-test.ts'
import type { StepContext } from '../tools.ts'
import { dossierOf } from './gather-dossier.ts'
import { readersLane } from './review-patch.ts'
import { reproductionOf, runMaterial, workshopFor } from './run-material.ts'

/**
 * A patch that was made for a model's test shares the test's mistakes. So another mind writes a test from the report alone; it sees neither the first one nor
 * a patch. Minds that read on their own agree on what is meant more often than on the same mistake (CodeT, Chen et al. 2022). Both tests
 * are the reproduction from then on: the judge, the certificate and the proposal have one and the same. Where there is no second, what rests on a
 * reading of the report alone is not proposed; that a reported error is gone still is.
 */
export async function seekSecondTest(run: RunIn<'judged'>, context: StepContext): Promise<EventIn<'judged'>> {
  const { archive, note } = context
  const { reproduction } = await reproductionOf(run, context)
  const { reproduction: second, tried } = await writtenAnew(run, reproduction, context)
  if (second !== undefined) {
    note(`a second test, from the report alone, fails on the base: ${second.tests[0]?.id}`)
    return { kind: 'second-test-sought', found: true, reproduction: await archive.put(Reproduction, withSecond(reproduction, second)) }
  }
  const missing = tried.join('; ') || 'nobody could be asked'
  note(`no second test: ${missing}`)
  const { verdict } = await archive.get(Judgement, run.judgement)
  if (verdict.strength === 'implicit')
    return { kind: 'second-test-sought', found: false, reproduction: await archive.put(Reproduction, { ...reproduction, second: { missing } }) }
  const unproposed = `its test is one reading of the report, and there is no second: ${missing}`
  return { kind: 'run-stopped', reason: 'needs-a-person', detail: await archive.put(Findings, { tried: [`a second test: ${missing}`], unproposed }) }
}

type Written = Awaited<ReturnType<typeof firstBelieved>>

async function writtenAnew(run: RunIn<'judged'>, first: Reproduction, context: StepContext): Promise<Written> {
  const { tools, signal } = context
  const model = interlocutorOf(run, readersLane(run) ?? '', 'second', context)
  const author = tools.reproducers.find((each) => each.second !== undefined)
  if (author?.second === undefined || model === undefined) return { tried: [] }
  const material = await runMaterial(run, context)
  const { baseline } = await reproductionOf(run, context)
  await using workshop = workshopFor(run, material, context)
  const room = await workshop.open()
  const { source, frames, workspace } = material
  const task = { report: withStandIns(material.report), frames, project: workspace.project, baseline, source }
  const hands = {
    ...reproducingHands(material, room, context, patchedSnapshot(source, first.files)),
    // The run's own dossier knows the first test.
    dossier: () => dossierOf(material, undefined, context),
    model,
  }
  try {
    return await firstBelieved(author.second(task, hands, signal), material, room, context)
  } catch (failure) {
    if (failure instanceof Failure && (failure.code === 'budget-exhausted' || failure.code === 'model-spend-limit')) return { tried: [failure.message] }
    throw failure
  }
}
