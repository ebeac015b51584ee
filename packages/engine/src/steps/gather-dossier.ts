import { gatherDossier as gather, IgnoreGate } from '@fixpoint/context'
import { Dossier, type EventIn, type RunIn } from '@fixpoint/core'
import type { StepContext } from '../tools.ts'
import { allFrames, reproductionOf, runMaterial } from './run-material.ts'

const COMMITS_READ = 500

export async function gatherDossier(run: RunIn<'reproduced'>, context: StepContext): Promise<EventIn<'reproduced'>> {
  const { archive, tools, note, signal } = context
  const material = await runMaterial(run, context)
  const { reproduction } = await reproductionOf(run, context)
  const dossier = await gather(
    {
      report: material.report,
      frames: allFrames(material, reproduction),
      reproduction,
      testFiles: material.workspace.project.testFiles,
      ignore: new IgnoreGate(material.source),
    },
    {
      search: { search: (patterns, limit) => tools.search.search(material.source, patterns, { limit, signal }) },
      history: await tools.history.recent(run.base, COMMITS_READ),
      syntax: tools.syntax,
    },
  )
  const top = dossier.suspects[0]
  if (top) note(`${dossier.suspects.length} suspects, first ${top.path}:${top.hotLine ?? top.lines[0]}${top.function ? ` (${top.function})` : ''}`)
  return { kind: 'dossier-gathered', dossier: await archive.put(Dossier, dossier) }
}
