import { join, resolve } from 'node:path'
import { Failure, inert, type RunId, type SourceSnapshot } from '@fixpoint/core'
import { Archive, drive, openRun, type Workspace } from '@fixpoint/engine'
import { detectProject } from '@fixpoint/test-runners'
import { UnsettledRun } from '../complain.ts'
import { type Composed, compose } from '../compose.ts'
import { assertWritable } from '../deliver.ts'
import type { Env } from '../env.ts'
import type { ExitCode } from '../exit-codes.ts'
import { typed } from '../present/outcome.ts'
import { type Screen, showProgress } from '../present/terminal.ts'
import { parseBudget, policyFrom, readRepositorySettings } from '../settings.ts'
import { interruptible } from './interruptible.ts'
import { readReport } from './report-input.ts'
import { type Rest, rest } from './rest.ts'

export interface FixOptions {
  readonly repo: string
  readonly report?: string
  readonly test?: string
  readonly setup?: string
  readonly deps?: 'copy' | 'install'
  readonly budget?: string
  readonly dirty?: boolean
  readonly out?: string
  readonly json?: boolean
}

/** From a report to a patch with a certificate, or to a diagnosis. */
export async function fix(options: FixOptions, env: Env, screen: Screen): Promise<ExitCode> {
  const budget = parseBudget(options.budget)
  const folder = resolve(options.repo)
  await using hands = await compose(folder, env)
  const report = await readReport(options.report, screen)
  const source = await sourceOf(hands, options, screen)
  const settings = readRepositorySettings(source)
  const wishes = { ...options, test: options.test ?? settings.test, setup: options.setup ?? settings.setup }
  const workspace = await workspaceFor(folder, source, wishes, hands, screen)
  if (options.out !== undefined) await assertWritable(options.out)
  await reapFirst(hands, screen)
  // Awaited here: the hands are put away as soon as this function returns.
  return await driveToRest(hands, { out: options.out, json: options.json, screen }, async () => {
    const runId = await openRun(
      { report, workspace, base: source.commit, policy: policyFrom(settings, budget) },
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
  readonly out: string | undefined
  readonly json: boolean | undefined
  readonly screen: Screen
}

/** Drives a run that is in the journal, shows what comes of it, and writes it down. Ctrl-C settles it from its first fact on. */
export async function driveToRest(hands: Composed, { out, json, screen }: DriveToRestOptions, open: () => Promise<RunId>): Promise<ExitCode> {
  const { runId, run } = await interruptible(screen, async (signal) => {
    const runId = await open()
    const run = await drive({
      runId,
      journal: hands.journal,
      tools: hands.tools,
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
  const own = join(hands.runFolder(runId), 'out')
  const folders = out === undefined ? [own] : [resolve(out), own]
  const { exitCode, files, result } = await rest(run, { runId, journal: hands.journal, archive: new Archive(hands.tools.artifacts), folders, screen })
  showLedger(hands, files.all, result, screen)
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`)
  return exitCode
}

async function sourceOf(hands: Composed, options: FixOptions, screen: Screen): Promise<SourceSnapshot> {
  const { repository } = hands.tools
  if (options.dirty) return repository.snapshot(await repository.commitWorkTree())
  const base = await repository.resolve()
  const changed = await repository.changedPaths()
  if (changed.length > 0)
    screen.line(
      screen.colors.yellow(
        `${changed.length} uncommitted change${changed.length === 1 ? '' : 's'} (${changed.slice(0, 3).map(shown).join(', ')}${changed.length > 3 ? ', …' : ''}) left out; --dirty takes them in`,
      ),
    )
  return repository.snapshot(base)
}

async function workspaceFor(
  folder: string,
  source: SourceSnapshot,
  options: { deps?: 'copy' | 'install'; test: string | undefined; setup: string | undefined },
  hands: Composed,
  screen: Screen,
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
  screen.line(screen.colors.dim(`${project.runner} on ${project.toolchain}: ${project.because.join('; ')}`))
  if (recipe.way === 'install' && !installed.usable && installed.why) screen.line(screen.colors.dim(`dependencies are installed anew: ${installed.why}`))
  if (recipe.way === 'copy' && !installed.usable) screen.line(screen.colors.yellow(`--deps copy although ${installed.why}`))
  if (project.runner === 'command') screen.line(screen.colors.yellow('a custom test command is judged by its exit code alone: weaker evidence'))
  return {
    repository: folder,
    project,
    recipe,
    commands: { ...(options.test ? { test: options.test } : {}), ...(options.setup ? { setup: options.setup } : {}) },
    ...(recipe.way === 'copy' ? { dependencyFolder: hands.tools.repository.workTree } : {}),
  }
}

/** A file name on one line: it may hold anything. */
function shown(path: string): string {
  return inert(/[\n"]/.test(path) ? JSON.stringify(path) : path, 120)
}

/** What left this machine and what was written, to the byte and to the file; and what a person does with it. */
function showLedger(hands: Composed, files: readonly string[], result: Rest['result'], screen: Screen): void {
  const { dim, bold } = screen.colors
  screen.line('')
  screen.line(dim(`sent      0 bytes to models · ${hands.tools.sandboxes.downloadedBytes} bytes from registries`))
  screen.line(dim(`rooms     ${hands.tools.sandboxes.rooms} opened, all closed · ${(result.durationMs / 1000).toFixed(1)} s`))
  if (result.branch) screen.line(`branch    ${result.branch}`)
  for (const file of files) screen.line(`wrote     ${file}`)
  screen.line(dim(`run       ${result.runId}`))
  const repo = hands.tools.repository.workTree
  if (result.branch) screen.line(`${bold('look')}      git -C ${typed(repo)} show ${result.branch}`)
  if (result.certificate) screen.line(`${bold('prove')}     fixpoint verify --repo ${typed(repo)} ${typed(result.certificate)}`)
}
