import type { CommandResult, Project, SourceSnapshot, TestFile, TestRun, TestSelection } from '@fixpoint/core'
import { afterBuilds } from './build-commands.ts'
import type { Canaries } from './canaries.ts'
import { readCommandRun } from './command-run.ts'
import { readReport } from './read-report.ts'
import { OUT } from './room-places.ts'
import { runnerCommand } from './runner-command.ts'

/** How to run tests in a room, and how to read what comes out. */
export interface TestPlan {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** To lay into the work tree before the command runs. */
  readonly files: readonly TestFile[]
  /** Absolute paths under `/fixpoint/out` that `parse` wants; a missing one is left out of the map. */
  readonly reads: readonly string[]
  parse(result: CommandResult, files: ReadonlyMap<string, Uint8Array>): TestRun
}

export interface PlanOptions {
  /** Letters, digits and `-`; new for each execution: it names the report, so that none can be prepared before. */
  readonly nonce: string
  readonly canaries?: Canaries
  readonly source: SourceSnapshot
}

/** The command for a selection. Whatever else the runner drags in, the parsed run holds the selected tests (and the canaries) only. */
export function planTests(project: Project, selection: TestSelection, options: PlanOptions): TestPlan {
  const { nonce, canaries } = options
  if (!/^[A-Za-z0-9-]+$/.test(nonce)) throw new TypeError('a nonce is letters, digits and dashes')
  if (project.runner === 'command') {
    const argv = ['sh', '-c', project.testCommand ?? 'false']
    const env = { ...project.runnerEnvironment, CI: '1' }
    return { argv, env, files: [], reads: [], parse: (result) => readCommandRun(project.testCommand ?? 'false', argv, result) }
  }
  const report = `${OUT}/${nonce}.json`
  const { argv: plain, env } = runnerCommand(project, withCanaries(selection, canaries), options.source)
  const argv = afterBuilds(project.builds ?? [], plain)
  return {
    argv,
    env: { ...project.runnerEnvironment, CI: '1', NO_COLOR: '1', FORCE_COLOR: '0', FIXPOINT_REPORT: report, ...env },
    files: canaries?.files ?? [],
    reads: [report],
    parse: (result, files) =>
      readReport({ runner: project.runner, nonce, argv, selection: withCanaries(selection, canaries), report: files.get(report), result }),
  }
}

/** The selection with the canaries in it, and the files that bring them. */
export interface PlannedSelection {
  readonly selection: TestSelection
  readonly canaryFiles: readonly string[]
}

function withCanaries(selection: TestSelection, canaries: Canaries | undefined): PlannedSelection {
  return { selection, canaryFiles: canaries?.files.map((file) => file.path) ?? [] }
}
