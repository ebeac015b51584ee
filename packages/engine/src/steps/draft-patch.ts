import { guidanceFor } from '@fixpoint/context'
import { Candidate, type Digest, Dossier, type DraftTask, type DraftTools, type EventIn, type Lesson, type RunIn } from '@fixpoint/core'
import { withStandIns } from '@fixpoint/intake'
import { codeViewOf } from '../code-view.ts'
import { RecordedEdits } from '../edit-session.ts'
import { editedCandidate, PERSON } from '../edited-candidate.ts'
import { interlocutorOf } from '../interlocutors.ts'
import { Findings, Judgement, Words } from '../records.ts'
import type { StepContext } from '../tools.ts'
import { candidateTimeout, WorkshopBench } from '../workshop-bench.ts'
import { nextPending } from './next-pending.ts'
import { allFrames, reproductionOf, runMaterial, workshopFor } from './run-material.ts'

/** A draft that came to nothing new: made small, it was a patch that had been judged. */
function repeated(run: RunIn<'informed'>): Lesson[] {
  if (run.drafts.length <= new Set(run.judged.map(({ patch }) => patch)).size) return []
  const summary =
    'The last patch was one that was judged before, once the hunks were dropped that no test needs. The same parts again lead to the same patch: mend it in another place, or give up and say which part no test sees.'
  return [{ gate: 'necessity', summary, diff: '' }]
}

/** What a person made comes first, then the next survivor that waits; else the drafters are asked, one after the other, until one has candidates. */
export async function draftPatch(run: RunIn<'informed'>, context: StepContext): Promise<EventIn<'informed'>> {
  if (run.edit !== undefined)
    return {
      kind: 'patch-drafted',
      drafter: PERSON,
      candidate: await context.archive.put(Candidate, await editedCandidate(run, run.edit, context)),
      pending: [],
    }
  if (run.pending.length > 0) return nextPending(run, context)

  const { archive, tools, signal, note } = context
  const material = await runMaterial(run, context)
  const { reproduction, baseline } = await reproductionOf(run, context)
  const judgements = await Promise.all(run.judged.map((judged) => archive.get(Judgement, judged.judgement)))
  const dossier = await archive.get(Dossier, run.dossier)
  const said = await Promise.all(
    run.words.map(async (digest): Promise<Lesson> => ({ gate: 'review', summary: (await archive.get(Words, digest)).words, diff: '' })),
  )
  await using workshop = workshopFor(run, material, context)
  const files = reproduction.files.map((file) => ({ path: file.path, content: file.content }))
  const open = () => workshop.open(files)
  const room = await open()
  // A candidate that hangs costs its whole deadline, so the deadline follows what the failing test really takes.
  const { durationMs } = await room.test({ kind: 'tests', tests: reproduction.tests }, signal)
  const bench = new WorkshopBench({ open, parallelRooms: tools.parallelRooms, candidateTimeoutMs: candidateTimeout(durationMs) })
  const task: Omit<DraftTask, 'attempts'> = {
    report: material.report,
    frames: allFrames(material, reproduction),
    reproduction,
    baseline,
    dossier,
    lessons: [...judgements.flatMap((judgement): Lesson[] => (judgement.lesson ? [judgement.lesson] : [])), ...said, ...repeated(run)],
    policy: run.policy,
    project: material.workspace.project,
    source: material.source,
    guidance: guidanceFor(
      material.workspace.guidance ?? [],
      dossier.suspects.map(({ path }) => path),
    ),
  }
  const judged = new Set(judgements.map((judgement) => judgement.candidate.patch.diff))
  const tried: string[] = []
  for (const lane of run.policy.lanes) {
    const drafter = tools.drafters.find((each) => each.name === lane.name)
    const attempts = run.drafts.filter((name) => name === lane.name).length
    const model = interlocutorOf(run, lane.name, `draft ${run.drafts.length}`, context)
    if (drafter === undefined || (lane.model !== undefined && model === undefined)) {
      tried.push(`${lane.name}: ${lane.model ?? 'this drafter'} is not set up here any more`)
      continue
    }
    if (lane.attempts !== undefined && attempts >= lane.attempts) continue
    await room.reset()
    const edits = new RecordedEdits(material.source, material.paths)
    const hands: DraftTools = { edits, bench, room, ...codeViewOf(material.source, tools, signal, () => edits.edits()), model }
    const found: Digest[] = []
    const told = model === undefined ? task.report : withStandIns(task.report)
    for await (const event of drafter.draft({ ...task, report: told, attempts }, hands, signal)) {
      if (event.kind === 'progress') note(event.message)
      else if (event.kind === 'abstained') tried.push(...event.findings)
      else if (!judged.has(event.candidate.patch.diff)) found.push(await archive.put(Candidate, event.candidate))
    }
    const [best, ...others] = [...new Set(found)]
    if (best) return { kind: 'patch-drafted', drafter: drafter.name, candidate: best, pending: others }
    tried.push(`${drafter.name}: no ${judged.size > 0 ? 'further ' : ''}patch to be judged`)
  }
  return { kind: 'drafters-exhausted', findings: await archive.put(Findings, { tried }) }
}
