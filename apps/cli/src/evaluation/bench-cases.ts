import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Failure } from '@fixpoint/core'
import { z } from 'zod'
import { exists } from '../folders.ts'
import type { EvaluationCase } from './evaluation-case.ts'

const CASES = 'bugs-dev.jsonl'
const PROGRAM = 'case.py'

/** What is read of a case: never what would tell its answer. */
const Bug = z.object({
  id: z.string(),
  title: z.string(),
  report: z.string(),
  trace: z.string(),
  symptom: z.string(),
  defect_kind: z.string(),
  runner: z.string(),
})

/** The runners that Fixpoint knows by now; cases of others are left out. */
const KNOWN_RUNNERS: ReadonlySet<string> = new Set(['mocha', 'jest', 'node:test', 'vitest'])

export interface BenchOptions {
  /** Without the fix's tests in the tree: the harder way, and the more honest one. */
  readonly hideTests: boolean
}

export function isBench(folder: string): Promise<boolean> {
  return exists(join(folder, CASES))
}

/** Historical bugs with a program of their own that lays them out and scores them. */
export async function readBenchCases(folder: string, { hideTests }: BenchOptions): Promise<{ cases: readonly EvaluationCase[]; leftOut: readonly string[] }> {
  const lines = (await readFile(join(folder, CASES), 'utf8')).split('\n').filter((line) => line.trim() !== '')
  const bugs = lines.map((line) => Bug.parse(JSON.parse(line)))
  const known = bugs.filter(({ runner }) => KNOWN_RUNNERS.has(runner))
  const leftOut = bugs.filter((bug) => !known.includes(bug)).map(({ id, runner }) => `${id}: ${runner} is not a runner that Fixpoint knows`)
  return { cases: known.map((bug) => caseOf(bug, folder, hideTests)), leftOut }
}

function caseOf(bug: z.infer<typeof Bug>, folder: string, hideTests: boolean): EvaluationCase {
  const program = async (signal: AbortSignal, ...args: string[]) => {
    const ran = promisify(execFile)('python3', [join(folder, PROGRAM), ...args], { signal, maxBuffer: 2 ** 26 })
    const { stdout } = await ran.catch((error: unknown) => {
      signal.throwIfAborted()
      throw new Failure('repository-unreadable', `${PROGRAM} ${args[0]} ${bug.id}: ${lastLine(error)}`, 'Is FIXPOINT_BENCH_REPOS set, and python3 installed?', {
        cause: error,
      })
    })
    return stdout
  }
  return {
    id: bug.id,
    title: bug.title,
    kind: bug.defect_kind,
    // The failing output is of a test: who has no test has seen a crash at most.
    report: `# ${bug.title}\n\n${bug.report}\n${hideTests && bug.symptom !== 'crash' ? '' : `\n\`\`\`\n${bug.trace}\n\`\`\`\n`}`,
    wishes: { deps: 'copy' },
    expects: 'fix',
    scoring: {
      kind: 'program',
      passes: async (tree, signal) => z.object({ resolved: z.boolean() }).parse(JSON.parse(await program(signal, 'score', bug.id, tree))).resolved,
    },
    layOut: async (to, signal) => {
      await program(signal, 'prepare', bug.id, to, ...(hideTests ? ['--hide-tests'] : []))
      return { committed: 'every-file' }
    },
  }
}

function lastLine(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  return text.trim().split('\n').at(-1)?.slice(0, 300) ?? ''
}
