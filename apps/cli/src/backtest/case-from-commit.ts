import { type CommitSummary, Failure, type FileEdit, type ObjectId, type SourceSnapshot, type TestRun } from '@fixpoint/core'
import { patchFrom, type Workspace } from '@fixpoint/engine'
import type { Composed } from '../compose.ts'
import type { HeldOutFile } from '../evaluation/evaluation-case.ts'
import { runHeldOut, testsAmong } from '../evaluation/held-out-tests.ts'
import type { WrittenCase } from '../evaluation/written-cases.ts'
import { readRepositorySettings } from '../settings-files.ts'
import { workspaceFor } from '../workspace.ts'
import { failingOutput, kindOfFailure, missesNames } from './failing-output.ts'
import { isTestSide, saysFix } from './likely-fix.ts'

/** Beyond this a change is seldom one fix. */
const MOST_LINES = 120

export interface CaseWishes {
  readonly deps?: 'copy' | 'install'
  readonly test?: string
  readonly setup?: string
  readonly withSubject?: boolean
}

export interface Proving {
  readonly hands: Composed
  readonly wishes: CaseWishes
  readonly signal: AbortSignal
}

/** A commit that cannot be a case, and why. */
export class Unusable extends Error {}

/**
 * Makes a case of a fix and proves it: its tests fail on its parent and pass on the fix, twice, in rooms set up as the parent was. Throws
 * `Unusable`.
 */
export async function caseFromCommit(commit: CommitSummary, { hands, wishes, signal }: Proving): Promise<WrittenCase> {
  const { repository } = hands.tools
  const parent = await repository.resolve(`${commit.commit}^`).catch(() => unusable('nothing lies before it here'))
  const base = await repository.snapshot(parent)
  const fix = await repository.snapshot(commit.commit)
  const { files, edits } = sidesOf(commit.paths, base, fix)
  const workspace = await workspaceOf(base, hands, wishes)
  if (workspace.project.runner !== 'command' && testsAmong(files, workspace.project, base).length === 0) unusable('no test file that the runner knows')
  const run = (on: readonly FileEdit[]) => runHeldOut({ tools: hands.tools, source: base, workspace, edits: on, files, signal })
  const { tests, failing } = proved(await run([]), [await run(edits), await run(edits)])
  if (!saysFix(commit.subject) && missesNames(failing)) unusable('its tests ask for what was not there before: a feature')
  const subject = wishes.withSubject ? `# ${commit.subject}\n\n` : ''
  const { test, setup } = { ...readRepositorySettings(base), ...wishes }
  return {
    id: commit.commit.slice(0, 10),
    title: commit.subject,
    kind: kindOfFailure(failing),
    repository: repository.workTree,
    base: parent,
    report: { text: `${subject}${failingOutput(failing)}\n` },
    ...(workspace.recipe.way === 'copy' && { dependencies: 'copy' as const }),
    ...(setup !== undefined && { setup }),
    ...(test !== undefined && { test }),
    heldOut: { commit: commit.commit as ObjectId, paths: files.map(({ path }) => path) },
    tests: [...tests],
    expects: 'fix',
  }
}

/** The test files as the fix made them, and its other changes as edits of its parent. */
function sidesOf(paths: readonly string[], base: SourceSnapshot, fix: SourceSnapshot): { files: readonly HeldOutFile[]; edits: readonly FileEdit[] } {
  const files = paths.filter(isTestSide).flatMap((path) => {
    const content = fix.read(path)
    return content === undefined ? [] : [{ path, content }]
  })
  const edits = paths
    .filter((path) => !isTestSide(path))
    .map((path) => {
      const content = fix.text(path) ?? null
      if (content === null && fix.read(path) !== undefined) unusable(`${path} is not text`)
      return { path, content }
    })
  if (files.length === 0) unusable('its tests are only taken away')
  const lines = patchFrom(
    base,
    edits.filter(({ path }) => !/\.(?:md|json|lock|ya?ml|txt)$/.test(path)),
  )
    .diff.split('\n')
    .filter((line) => /^[+-](?![+-]{2})/.test(line)).length
  if (lines > MOST_LINES) unusable(`changes ${lines} lines: too much for one fix`)
  return { files, edits }
}

async function workspaceOf(base: SourceSnapshot, hands: Composed, wishes: CaseWishes): Promise<Workspace> {
  const settings = readRepositorySettings(base)
  const own = { ...wishes, test: wishes.test ?? settings.test, setup: wishes.setup ?? settings.setup }
  const silent = { note: () => undefined, warn: () => undefined }
  return workspaceFor(hands.tools.repository.workTree, base, own, hands, silent).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'unsupported-project') return unusable(error.message)
    throw error
  })
}

/** The tests that pass on the fix both times, and those of them that fail without it. */
function proved(before: TestRun, after: readonly TestRun[]): { tests: readonly string[]; failing: TestRun['tests'] } {
  const silent = after.find(({ reported }) => !reported)
  if (silent) unusable(`its tests cannot be run on the fix: ${silent.problem ?? 'no report'}`)
  const passed = after.map(({ tests }) => new Set(tests.filter(({ status }) => status === 'passed').map(({ id }) => id)))
  const tests = [...(passed[0] ?? [])].filter((id) => passed.every((ids) => ids.has(id)))
  if (!before.reported) unusable('its tests cannot even be loaded without it: more of a feature')
  const failing = before.tests.filter(({ id, status }) => status === 'failed' && tests.includes(id))
  if (failing.length === 0) unusable(tests.length === 0 ? 'its tests do not pass on the fix, twice, in a room' : 'none of its tests fails without it')
  return { tests, failing }
}

function unusable(why: string): never {
  throw new Unusable(why)
}
