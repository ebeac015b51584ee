import { Dossier, type EventIn, Reproduction, Review, type RunIn } from '@fixpoint/core'
import { withStandIns } from '@fixpoint/intake'
import { interlocutorOf } from '../interlocutors.ts'
import { objectionOf } from '../objection.ts'
import { patchedSnapshot } from '../patched-snapshot.ts'
import { Findings } from '../records.ts'
import { firstBelieved, reproducingHands } from '../reproduce/reproducing.ts'
import { secondOf, withSecond } from '../reproduce/second-test.ts'
import type { StepContext } from '../tools.ts'
import { readersLane } from './review-patch.ts'
import { reproductionOf, runMaterial, workshopFor } from './run-material.ts'

/** The test that a model wrote asks too little, or the wrong thing: it is written again, and believed as the first was. Otherwise the objection stands. */
export async function widenReproduction(run: RunIn<'judged'>, context: StepContext): Promise<EventIn<'judged'>> {
  const { archive, tools, signal } = context
  if (run.doubt === undefined) throw new Error('widen-reproduction needs an objection')
  const objection = objectionOf(await archive.get(Review, run.doubt))
  const { reproduction, baseline } = await reproductionOf(run, context)
  const second = secondOf(reproduction)
  const model = interlocutorOf(run, readersLane(run) ?? '', 'widen', context)
  const author = tools.reproducers.find((each) => each.widen !== undefined)
  const tried: string[] = []
  if (author?.widen !== undefined && model !== undefined) {
    const material = await runMaterial(run, context)
    await using workshop = workshopFor(run, material, context)
    const room = await workshop.open()
    const { source, frames, workspace } = material
    const task = { report: withStandIns(material.report), frames, project: workspace.project, baseline, source, reproduction, objection }
    const hands = {
      ...reproducingHands(material, room, context, patchedSnapshot(source, second?.files ?? [])),
      dossier: () => archive.get(Dossier, run.dossier),
      model,
    }
    const written = await firstBelieved(author.widen(task, hands, signal), material, room, context)
    if (written.reproduction !== undefined) {
      // The second test is nobody's to change who knows the patch.
      const wider = second === undefined ? { ...written.reproduction, second: reproduction.second } : withSecond(written.reproduction, second)
      return { kind: 'reproduction-widened', reproduction: await archive.put(Reproduction, wider) }
    }
    tried.push(...written.tried)
  }
  return { kind: 'run-stopped', reason: 'needs-a-person', detail: await archive.put(Findings, { tried }) }
}
