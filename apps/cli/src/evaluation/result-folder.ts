import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '@fixpoint/core'
import { assertWritable } from '../deliver.ts'
import { UsageError } from '../exit-codes.ts'
import { EvaluationResult } from './evaluation-result.ts'

const RESULT = 'result.json'

/** The result in a folder (or in the file itself), or undefined where there is none. Throws `UsageError`. */
export async function readResult(path: string): Promise<EvaluationResult | undefined> {
  const file = path.endsWith('.json') ? path : join(path, RESULT)
  const hint = `Name a folder that \`fixpoint eval\` wrote, or its ${RESULT}.`
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new UsageError(`${file} cannot be read: ${codeOf(error) ?? String(error)}`, hint)
  })
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UsageError(`${file} is not JSON`, hint)
  }
  const parsed = EvaluationResult.safeParse(value)
  const problem = parsed.error?.issues[0]
  if (!parsed.success) throw new UsageError(`${file} is not a result of a version this program knows: ${problem?.path.join('.')}: ${problem?.message}`, hint)
  return parsed.data
}

export interface ResultFolder {
  readonly write: (result: EvaluationResult, report: string) => Promise<void>
}

/** A folder that a result is written into. Throws `UsageError`. */
export async function openResultFolder(out: string): Promise<ResultFolder> {
  await assertWritable(out)
  return {
    async write(result, report) {
      const partial = join(out, `${RESULT}.partial`)
      await writeFile(partial, `${JSON.stringify(result, undefined, 2)}\n`)
      await rename(partial, join(out, RESULT))
      await writeFile(join(out, 'report.md'), report)
    },
  }
}
