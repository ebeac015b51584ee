import { gatherDossier as gather, IgnoreGate } from '@fixpoint/context'
import { Dossier, type EventIn, type Reproduction, type RunIn } from '@fixpoint/core'
import type { ExecutedFunctions } from '@fixpoint/patterns'
import { executionOf } from '../execution.ts'
import type { StepContext } from '../tools.ts'
import { allFrames, type RunMaterial, reproductionOf, runMaterial } from './run-material.ts'

const COMMITS_READ = 500

export async function gatherDossier(run: RunIn<'reproduced'>, context: StepContext): Promise<EventIn<'reproduced'>> {
  const material = await runMaterial(run, context)
  const known = await reproductionOf(run, context)
  const dossier = await dossierOf(material, known.reproduction, context, await executionOf(run, material, known, context))
  const top = dossier.suspects[0]
  if (top) context.note(`${dossier.suspects.length} suspects, first ${top.path}:${top.hotLine ?? top.lines[0]}${top.function ? ` (${top.function})` : ''}`)
  return { kind: 'dossier-gathered', dossier: await context.archive.put(Dossier, dossier) }
}

/** Without a reproduction: what the report alone leads to. */
export async function dossierOf(
  material: RunMaterial,
  reproduction: Reproduction | undefined,
  { tools, signal }: StepContext,
  executed?: ExecutedFunctions,
): Promise<Dossier> {
  const { report, source, workspace } = material
  return gather(
    {
      report,
      frames: reproduction === undefined ? material.frames : allFrames(material, reproduction),
      ...(reproduction && { reproduction }),
      ...(executed && { executed }),
      testFiles: workspace.project.testFiles,
      ignore: new IgnoreGate(source),
    },
    {
      search: { search: (patterns, limit) => tools.search.search(source, patterns, { limit, signal }) },
      history: await tools.history.recent(source.commit, COMMITS_READ),
      syntax: tools.syntax,
    },
  )
}
