import { join, resolve } from 'node:path'
import { Failure, type SourceSnapshot } from '@fixpoint/core'
import { Archive, drive, openRun, type Workspace } from '@fixpoint/engine'
import { detectProject } from '@fixpoint/test-runners'
import { type Composed, compose } from '../compose.ts'
import type { Env } from '../env.ts'
import { type ExitCode, UsageError } from '../exit-codes.ts'
import { type Screen, showProgress } from '../present/terminal.ts'
import { parseBudget, policyFrom, readRepositorySettings } from '../settings.ts'
import { interruptible } from './interruptible.ts'
import { readReport } from './report-input.ts'
import { rest } from './rest.ts'

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
  if (options.deps !== undefined && options.deps !== 'copy' && options.deps !== 'install')
    throw new UsageError(`--deps ${String(options.deps)}`, 'It is `copy` (take the installed dependencies of the folder) or `install`.')
  const folder = resolve(options.repo)
  await using hands = await compose(folder, env)
  const report = await readReport(options.report)
  const source = await sourceOf(hands, options, screen)
  const settings = readRepositorySettings(source)
  const workspace = await workspaceFor(
    folder,
    source,
    { ...options, test: options.test ?? settings.test, setup: options.setup ?? settings.setup },
    hands,
    screen,
  )
  const archive = new Archive(hands.tools.artifacts)
  const runId = await openRun(
    { report, workspace, base: source.commit, policy: policyFrom(settings, budget) },
    { journal: hands.journal, archive, clock: hands.tools.clock, ids: hands.tools.ids },
  )
  screen.line(screen.colors.dim(`run ${runId}`))
  return driveToRest(hands, runId, { out: options.out, json: options.json, screen })
}

/** Drives a run that is in the journal, shows what comes of it, and writes it down. */
export async function driveToRest(
  hands: Composed,
  runId: Parameters<typeof drive>[0]['runId'],
  { out, json, screen }: { out: string | undefined; json: boolean | undefined; screen: Screen },
): Promise<ExitCode> {
  const archive = new Archive(hands.tools.artifacts)
  const run = await interruptible(screen, (signal) =>
    drive({
      runId,
      journal: hands.journal,
      tools: hands.tools,
      signal,
      progress: (progress) => {
        if (json && progress.kind === 'fact')
          process.stdout.write(`${JSON.stringify({ type: 'event', durationMs: Math.round(progress.durationMs), ...progress.entry })}\n`)
        showProgress(screen, progress)
      },
    }),
  )
  const destination = out === undefined ? join(hands.runFolder(runId), 'out') : resolve(out)
  const { exitCode, files, result } = await rest(run, { runId, journal: hands.journal, archive, folder: destination, screen })
  showLedger(hands, files.all, result.branch, result.durationMs, screen)
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`)
  return exitCode
}

async function sourceOf(hands: Composed, options: FixOptions, screen: Screen): Promise<SourceSnapshot> {
  const { repository } = hands.tools
  const changed = await repository.changedPaths()
  if (options.dirty) return repository.snapshot(await repository.commitWorkTree())
  const base = await repository.resolve()
  if (changed.length > 0)
    screen.line(
      screen.colors.yellow(
        `${changed.length} uncommitted change${changed.length === 1 ? '' : 's'} (${changed.slice(0, 3).join(', ')}${changed.length > 3 ? ', …' : ''}) left out; --dirty takes them in`,
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
  const installed = await hands.probeInstalled(folder, source)
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
    ...(recipe.way === 'copy' ? { dependencyFolder: folder } : {}),
  }
}

/** What left this machine and what was written, to the byte and to the file. */
function showLedger(hands: Composed, files: readonly string[], branch: string | null, durationMs: number, screen: Screen): void {
  const { dim } = screen.colors
  screen.line('')
  screen.line(dim(`sent      0 bytes to models · ${hands.tools.sandboxes.downloadedBytes} bytes from registries`))
  screen.line(dim(`rooms     ${hands.tools.sandboxes.rooms} opened, all closed · ${(durationMs / 1000).toFixed(1)} s`))
  if (branch) screen.line(`branch    ${branch}`)
  for (const file of files) screen.line(`wrote     ${file}`)
}
