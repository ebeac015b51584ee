import { compare } from '../evaluation/comparison.ts'
import { comparisonReport } from '../evaluation/comparison-report.ts'
import type { EvaluationResult } from '../evaluation/evaluation-result.ts'
import { readResult } from '../evaluation/result-folder.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'

/** Two results on the same cases: what flipped, and whether that can be told from chance. */
export async function compareResults(a: string, b: string, options: { json?: boolean }): Promise<ExitCode> {
  const [before, after] = [await known(a), await known(b)]
  process.stdout.write(options.json ? `${JSON.stringify(compare(before, after))}\n` : comparisonReport(before, after))
  return ExitCode.delivered
}

async function known(path: string): Promise<EvaluationResult> {
  const result = await readResult(path)
  if (result === undefined) throw new UsageError(`there is no result at ${path}`, 'Name a folder that `fixpoint eval` wrote.')
  return result
}
