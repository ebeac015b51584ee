import { join, resolve } from 'node:path'
import { type Budget, costByLane, type LaneCost, type Run, type RunId, type SourceSnapshot } from '@fixpoint/core'
import { Archive, drive, openRun } from '@fixpoint/engine'
import type { GitRepository, GitSnapshot } from '@fixpoint/source'
import { UnsettledRun } from '../complain.ts'
import { type Composed, compose } from '../compose.ts'
import { assertWritable } from '../deliver.ts'
import type { Env } from '../env.ts'
import type { ExitCode } from '../exit-codes.ts'
import { lanesFor } from '../lanes.ts'
import { costInWords } from '../present/cost.ts'
import { leftOutOf, oneLine } from '../present/left-out.ts'
import { typed } from '../present/outcome.ts'
import { type Screen, showProgress } from '../present/terminal.ts'
import { lanesSetUp, openableLanes, openRunModels, operatorsModels } from '../run-models.ts'
import { parseBudget, policyFrom } from '../settings.ts'
import { readRepositorySettings } from '../settings-files.ts'
import { workspaceFor } from '../workspace.ts'
import { exchangesIn } from './exchanges.ts'
import { interruptible } from './interruptible.ts'
import { readReport } from './report-input.ts'
import { type Rest, rest } from './rest.ts'

export interface FixOptions {
  readonly repo: string
  readonly report?: string
  readonly test?: string
  readonly setup?: string
  readonly deps?: 'copy' | 'install'
  readonly lane?: string
  readonly model?: string
  readonly budget?: string
  readonly dirty?: boolean
  readonly out?: string
  readonly json?: boolean
}

/** From a report to a patch with a certificate, or to a diagnosis. */
export async function fix(options: FixOptions, env: Env, screen: Screen): Promise<ExitCode> {
  return runReport(options, parseBudget(options.budget), env, screen, (hands, open) =>
    driveToRest(hands, { env, out: options.out, json: options.json, screen }, open),
  )
}

/** Opens a run for a report with a budget, and hands it to whoever drives it. */
export async function runReport(
  options: FixOptions,
  budget: Partial<Budget>,
  env: Env,
  screen: Screen,
  drive: (hands: Composed, open: () => Promise<RunId>) => Promise<ExitCode>,
): Promise<ExitCode> {
  const folder = resolve(options.repo)
  await using hands = await compose(folder, env)
  const report = await readReport(options.report, screen)
  const source = await sourceOf(hands, options, screen)
  const settings = readRepositorySettings(source)
  const { models } = await operatorsModels(env)
  const warn = (text: string) => screen.line(screen.colors.yellow(text))
  const wished = options.lane !== undefined || options.model !== undefined
  const lanes = await openableLanes(lanesFor(options, lanesSetUp(models)), wished, { env, settings: models, warn })
  const wishes = { ...options, test: options.test ?? settings.test, setup: options.setup ?? settings.setup }
  const workspace = await workspaceFor(folder, source, wishes, hands, {
    note: (text) => screen.line(screen.colors.dim(text)),
    warn: (text) => screen.line(screen.colors.yellow(text)),
  })
  if (options.out !== undefined) await assertWritable(options.out)
  await reapFirst(hands, screen)
  // Awaited here: the hands are put away as soon as this function returns.
  return await drive(hands, async () => {
    const runId = await openRun(
      { report, workspace, base: source.commit, policy: policyFrom(settings, budget, lanes) },
      { journal: hands.journal, archive: new Archive(hands.tools.artifacts), clock: hands.tools.clock, ids: hands.tools.ids },
    )
    screen.line(screen.colors.dim(`run ${runId}`))
    return runId
  })
}

/** What a process that was killed left behind goes first. An engine that does not answer is the run's to tell. */
export async function reapFirst(hands: Composed, screen: Screen): Promise<void> {
  const removed = await hands.tools.sandboxes.reap().catch(() => 0)
  if (removed > 0) screen.line(screen.colors.dim(`removed ${removed} room${removed === 1 ? '' : 's'} that a killed process had left`))
}

export interface DriveToRestOptions {
  readonly env: Env
  readonly out: string | undefined
  readonly json: boolean | undefined
  readonly screen: Screen
}

/** Drives a run that is in the journal, shows what comes of it, and writes it down. */
export async function driveToRest(hands: Composed, { env, out, json, screen }: DriveToRestOptions, open: () => Promise<RunId>): Promise<ExitCode> {
  const { runId, run } = await driveInSight(hands, { env, json, screen }, open)
  const own = join(hands.runFolder(runId), 'out')
  const folders = out === undefined ? [own] : [resolve(out), own]
  const { exitCode, files, result } = await rest(run, { runId, journal: hands.journal, archive: new Archive(hands.tools.artifacts), folders, screen })
  showLedger(hands, files.all, result, costByLane(exchangesIn(await hands.journal.read(runId))), screen)
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`)
  return exitCode
}

/** Drives a run, its progress on the screen. Ctrl-C settles it from its first fact on. */
export async function driveInSight(
  hands: Composed,
  { env, json, screen }: Omit<DriveToRestOptions, 'out'>,
  open: () => Promise<RunId>,
): Promise<{ readonly runId: RunId; readonly run: Run }> {
  return interruptible(screen, async (signal) => {
    const runId = await open()
    const { models: settings, perRun } = await operatorsModels(env)
    const warn = (text: string) => screen.line(screen.colors.yellow(text))
    const entries = await hands.journal.read(runId)
    await using models = await openRunModels(hands.tools, runId, entries, hands.tools.repository.workTree, { env, settings, perRun, warn })
    const run = await drive({
      runId,
      journal: hands.journal,
      tools: models.tools,
      signal,
      progress: (progress) => {
        if (json && progress.kind === 'fact')
          process.stdout.write(`${JSON.stringify({ type: 'event', durationMs: Math.round(progress.durationMs), ...progress.entry })}\n`)
        showProgress(screen, progress)
      },
    })
      .catch((error: unknown) => {
        throw new UnsettledRun(runId, error)
      })
      .finally(() => screen.doing(undefined))
    return { runId, run }
  })
}

async function sourceOf(hands: Composed, options: FixOptions, screen: Screen): Promise<SourceSnapshot> {
  const repository: GitRepository = hands.tools.repository
  if (options.dirty) return laidOut(await repository.snapshot(await repository.commitWorkTree()), screen)
  const base = await repository.resolve()
  const changed = await repository.changedPaths()
  if (changed.length > 0)
    screen.line(
      screen.colors.yellow(
        `${changed.length} uncommitted change${changed.length === 1 ? '' : 's'} (${changed.slice(0, 3).map(oneLine).join(', ')}${changed.length > 3 ? ', …' : ''}) left out; --dirty takes them in`,
      ),
    )
  return laidOut(await repository.snapshot(base), screen)
}

function laidOut(source: GitSnapshot, screen: Screen): GitSnapshot {
  const leftOut = leftOutOf(source.list(), source.leftOut)
  if (leftOut !== undefined) screen.line(screen.colors.yellow(leftOut))
  return source
}

/** What left this machine and what was written, to the byte and to the file; and what a person does with it. */
function showLedger(hands: Composed, files: readonly string[], result: Rest['result'], costs: readonly LaneCost[], screen: Screen): void {
  const { dim, bold } = screen.colors
  screen.line('')
  const registries = `${hands.tools.sandboxes.downloadedBytes} bytes from registries`
  screen.line(dim(`sent      ${costs.length === 0 ? `0 bytes to models · ${registries}` : registries}`))
  for (const cost of costs) screen.line(dim(`asked     ${costInWords(cost)}`))
  const { rooms, unclosed } = hands.tools.sandboxes
  const closed = unclosed === 0 ? 'all closed' : `${unclosed} could not be closed: the next fixpoint command removes what is left`
  screen.line(dim(`rooms     ${rooms} opened, ${closed} · ${(result.durationMs / 1000).toFixed(1)} s`))
  if (result.branch) screen.line(`branch    ${result.branch}`)
  for (const file of files) screen.line(`wrote     ${file}`)
  screen.line(dim(`run       ${result.runId}`))
  const repo = hands.tools.repository.workTree
  if (result.patch && !result.branch) screen.line(`${bold('apply')}     proved, and not published: git -C ${typed(repo)} apply ${typed(result.patch)}`)
  if (result.branch) screen.line(`${bold('look')}      git -C ${typed(repo)} show ${result.branch}`)
  if (result.certificate) screen.line(`${bold('prove')}     fixpoint verify --repo ${typed(repo)} ${typed(result.certificate)}`)
}
