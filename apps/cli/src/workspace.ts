import { guidanceIn } from '@fixpoint/context'
import { Failure, type SourceSnapshot } from '@fixpoint/core'
import type { Workspace } from '@fixpoint/engine'
import { detectProject } from '@fixpoint/test-runners'
import type { Composed } from './compose.ts'

/** Where what was found out is told. */
export interface Say {
  note(text: string): void
  warn(text: string): void
}

/** Which runner, which tests, how the dependencies get in: decided once, when a run opens. Throws `Failure('unsupported-project')`. */
export async function workspaceFor(
  folder: string,
  source: SourceSnapshot,
  /** `guidanceFrom`: the default branch, where that is not the source. */
  options: { deps?: 'copy' | 'install'; test: string | undefined; setup: string | undefined; guidanceFrom?: SourceSnapshot },
  hands: Pick<Composed, 'tools' | 'probeInstalled'>,
  say: Say,
): Promise<Workspace> {
  const installed = await hands.probeInstalled(hands.tools.repository.workTree, source)
  const deps = options.deps ?? (installed.usable ? 'copy' : 'install')
  const detected = detectProject(source, {
    deps,
    ...(options.test === undefined ? {} : { testCommand: options.test }),
    ...(options.setup === undefined ? {} : { setupCommand: options.setup }),
  })
  if ('unsupported' in detected) throw new Failure('unsupported-project', detected.unsupported, detected.hint)
  const { project, recipe } = detected
  say.note(`${project.runner} on ${project.toolchain}: ${project.because.join('; ')}`)
  if (recipe.way === 'install' && !installed.usable && installed.why) say.note(`dependencies are installed anew: ${installed.why}`)
  if (recipe.way === 'copy' && !installed.usable) say.warn(`--deps copy although ${installed.why}`)
  if (project.runner === 'command') say.warn('a custom test command is judged by its exit code alone: weaker evidence')
  return {
    repository: folder,
    project,
    recipe,
    guidance: guidanceIn(options.guidanceFrom ?? source),
    commands: { ...(options.test ? { test: options.test } : {}), ...(options.setup ? { setup: options.setup } : {}) },
    ...(recipe.way === 'copy' ? { dependencyFolder: hands.tools.repository.workTree } : {}),
  }
}
