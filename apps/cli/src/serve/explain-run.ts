import { type Artifacts, BugReport, Dossier, type Explanation, type Journal, Reproduction, type RunEvent, type RunId, timeLimit } from '@fixpoint/core'
import { Archive, codeViewOf } from '@fixpoint/engine'
import { mapFrames, withStandIns } from '@fixpoint/intake'
import { DirectInterlocutor } from '../direct-interlocutor.ts'
import { runFacts } from '../present/run-facts.ts'
import type { ServiceRuns } from './service-runs.ts'

const PATIENCE_MS = 5 * 60_000

interface ExplainingHands {
  readonly runs: Pick<ServiceRuns, 'handsFor'>
  readonly stores: { readonly journal: Journal; readonly artifacts: Artifacts }
}

/** What the strongest model of a run's lanes says of the cause, out of the run's own money. Undefined: none is among them, or it gave no answer. */
export async function explainRun(run: RunId, { runs, stores }: ExplainingHands): Promise<Explanation | undefined> {
  const entries = await stores.journal.read(run)
  const events = entries.map(({ event }) => event)
  const opened = newest(events, 'run-opened')
  const lane = opened?.policy.lanes.findLast(({ model }) => model !== undefined)
  if (opened === undefined || lane === undefined) return undefined
  await using hands = await runs.handsFor(run)
  const { tools } = hands
  const model = tools.models?.get(lane.name)
  if (model === undefined || tools.explainer === undefined) return undefined

  const archive = new Archive(stores.artifacts)
  const source = await tools.repository.snapshot(newest(events, 'base-moved')?.base ?? opened.base)
  const reproduced = newest(events, 'bug-reproduced')
  const gathered = newest(events, 'dossier-gathered')
  const report = withStandIns(await archive.get(BugReport, opened.report))
  const task = {
    ...{ report, source, frames: report.traces.flatMap((trace) => mapFrames(trace, source)), findings: await runFacts(entries, archive) },
    reproduction: reproduced && (await archive.get(Reproduction, reproduced.reproduction)),
    dossier: gathered && (await archive.get(Dossier, gathered.dossier)),
  }
  const signal = timeLimit(PATIENCE_MS)
  // Awaited here: the models are open as long as the hands are.
  return await tools.explainer.explain(task, { ...codeViewOf(source, tools, signal), model: new DirectInterlocutor(model) }, signal)
}

function newest<K extends RunEvent['kind']>(events: readonly RunEvent[], kind: K): Extract<RunEvent, { kind: K }> | undefined {
  return events.findLast((event): event is Extract<RunEvent, { kind: K }> => event.kind === kind)
}
