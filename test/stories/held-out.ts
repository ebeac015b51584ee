import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { ObjectId, type RunId } from '@fixpoint/core'
import { detectProject, planTests } from '@fixpoint/test-runners'
import { compose } from '../../apps/cli/src/compose.ts'
import { readEnv } from '../../apps/cli/src/env.ts'
import { git } from './fixture.ts'

/** Runs a test that the run never saw on what the proposal's branch holds, in a room of its own. */
export async function heldOutPasses({ folder, branch, file, home }: { folder: string; branch: string; file: string; home: string }): Promise<boolean> {
  await using hands = await compose(folder, readEnv({ ...process.env, FIXPOINT_HOME: home }))
  const { sandboxes, repository, assets, ids } = hands.tools
  const source = await repository.snapshot(ObjectId.parse(git(folder, 'rev-parse', branch).trim()))
  const detected = detectProject(source, { deps: 'install' })
  if ('unsupported' in detected) throw new Error(detected.unsupported)
  const signal = new AbortController().signal
  const runId = `run_${ids.sortable()}` as RunId
  const environment = await sandboxes.prepare({ recipe: detected.recipe, source, runId }, signal, () => undefined)
  const path = /\/held-out\/[^/]+\/(.+)$/.exec(file)?.[1] ?? basename(file)
  await using room = await sandboxes.open({ runId, environment, source, edits: [{ path, content: await readFile(file, 'utf8') }], tools: assets }, signal)
  const plan = planTests(detected.project, { kind: 'files', files: [path] }, { nonce: ids.nonce(), source })
  const [program = 'false', ...rest] = plan.argv
  const result = await room.exec({ argv: [program, ...rest], env: plan.env, timeoutMs: 120_000 }, signal)
  const run = plan.parse(result, await room.read(plan.reads, 2 ** 22))
  return run.reported && run.tests.length > 0 && run.tests.every((test) => test.status === 'passed')
}
