import { type FileEdit, type Project, RunId, type SourceSnapshot, type TestRun } from '@fixpoint/core'
import type { EngineTools, Workspace } from '@fixpoint/engine'
import { detectProject, planTests } from '@fixpoint/test-runners'
import { type HeldOutFile, laidOver } from './evaluation-case.ts'

/** Reports are small; one of this size was forged or flooded. */
const REPORT_LIMIT = 32 * 2 ** 20
const TIMEOUT_MS = 300_000

export interface HeldOutRun {
  readonly tools: Pick<EngineTools, 'sandboxes' | 'assets' | 'ids'>
  readonly source: SourceSnapshot
  readonly workspace: Workspace
  /** What was proposed. */
  readonly edits: readonly FileEdit[]
  readonly files: readonly HeldOutFile[]
  readonly signal: AbortSignal
}

/** Runs held-out tests on a tree with edits, in a room of its own. The held-out files are laid over everything else. */
export async function runHeldOut({ tools, source, workspace, edits, files, signal }: HeldOutRun): Promise<TestRun> {
  const { recipe, dependencyFolder } = workspace
  const runId = RunId.parse(`run_${tools.ids.sortable()}`)
  const request = { recipe, source, runId, ...(dependencyFolder === undefined ? {} : { folder: dependencyFolder }) }
  const environment = await tools.sandboxes.prepare(request, signal, () => undefined)
  await using room = await tools.sandboxes.open({ runId, environment, source, edits, tools: tools.assets }, signal)
  const tests = testsAmong(files, workspace.project, source)
  const selection = tests.length === 0 ? ({ kind: 'all' } as const) : ({ kind: 'files', files: tests } as const)
  const plan = planTests(workspace.project, selection, { nonce: tools.ids.nonce(), source: laidOver(source, files) })
  await room.write([...files, ...plan.files])
  const [program = 'false', ...rest] = plan.argv
  const result = await room.exec({ argv: [program, ...rest], env: plan.env, timeoutMs: TIMEOUT_MS }, signal)
  return plan.parse(result, plan.reads.length > 0 ? await room.read(plan.reads, REPORT_LIMIT) : new Map())
}

/** The named tests passed; without names at least one did, and none failed. */
export function heldOutPass(run: TestRun, tests?: readonly string[]): boolean {
  if (!run.reported) return false
  const passed = new Set(run.tests.filter(({ status }) => status === 'passed').map(({ id }) => id))
  if (tests !== undefined) return tests.every((id) => passed.has(id))
  return passed.size > 0 && run.tests.every(({ status }) => status !== 'failed')
}

/** Files that the runner takes for tests; the others are what these stand on. */
export function testsAmong(files: readonly HeldOutFile[], project: Project, source: SourceSnapshot): string[] {
  if (project.runner === 'command') return []
  const detected = detectProject(laidOver(source, files), { deps: 'install' })
  const known = new Set('unsupported' in detected ? [] : detected.project.testFiles)
  return files.map(({ path }) => path).filter((path) => known.has(path))
}
