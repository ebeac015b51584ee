import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Env } from '../env.ts'
import { UsageError } from '../exit-codes.ts'
import { exists } from '../folders.ts'
import { type BenchOptions, isBench, readBenchCases } from './bench-cases.ts'
import type { EvaluationCase } from './evaluation-case.ts'
import { readFixtureCases } from './fixture-cases.ts'
import { readWrittenCases } from './written-cases.ts'

export interface CaseSet {
  readonly name: string
  readonly cases: readonly EvaluationCase[]
  /** Why cases of the set are not among them. */
  readonly leftOut: readonly string[]
}

const HINT = 'Name a file of cases (.json, .jsonl), a folder of *.case.json files, `fixtures`, or `bench` (with FIXPOINT_BENCH set); docs/evaluation.md.'
const FIXTURES = fileURLToPath(new URL('../../../../fixtures', import.meta.url))

/** The cases that a person names. Throws `UsageError`. */
export async function readCaseSet(name: string, options: BenchOptions, env: Env): Promise<CaseSet> {
  if (name === 'bench' && env.bench === undefined)
    throw new UsageError('FIXPOINT_BENCH is not set', 'Set it to the folder of the bench, and FIXPOINT_BENCH_REPOS to the one with the bare clones.')
  const path = resolve(name === 'bench' ? (env.bench ?? '') : name === 'fixtures' && !(await exists(name)) ? FIXTURES : name)
  if (!(await exists(path))) throw new UsageError(`there are no cases at ${path}`, HINT)
  const set = await readFrom(path, options)
  if (set.cases.length === 0) throw new UsageError(`${path} holds no case`, HINT)
  const twice = set.cases.find((each, index) => set.cases.findIndex(({ id }) => id === each.id) !== index)
  if (twice) throw new UsageError(`two cases are called ${twice.id}`, 'Results are compared by id: give each its own.')
  return { name, ...set }
}

async function readFrom(path: string, options: BenchOptions): Promise<Omit<CaseSet, 'name'>> {
  if ((await stat(path)).isDirectory()) {
    if (await isBench(path)) return readBenchCases(path, options)
    if ((await exists(join(path, 'repos'))) && (await exists(join(path, 'reports')))) return { cases: await readFixtureCases(path), leftOut: [] }
  }
  return { cases: await readWrittenCases(path), leftOut: [] }
}

/** Those of a set that are named. Throws `UsageError` for a name that none has. */
export function chosenCases({ cases }: CaseSet, only: string | undefined): readonly EvaluationCase[] {
  if (only === undefined) return cases
  const ids = only.split(',').map((id) => id.trim())
  const unknown = ids.find((id) => !cases.some((each) => each.id === id))
  if (unknown !== undefined)
    throw new UsageError(
      `no case is called ${JSON.stringify(unknown)}`,
      `There are ${cases
        .map(({ id }) => id)
        .slice(0, 12)
        .join(', ')}${cases.length > 12 ? ', …' : ''}.`,
    )
  return cases.filter(({ id }) => ids.includes(id))
}
