import type { EvaluationCase } from './evaluation-case.ts'
import type { CaseResult } from './evaluation-result.ts'

export interface EvaluateOptions {
  readonly cases: readonly EvaluationCase[]
  readonly parallel: number
  readonly run: (each: EvaluationCase, signal: AbortSignal) => Promise<CaseResult>
  /** Told of each as it is known; awaited, so that nothing measured is lost. */
  readonly known: (result: CaseResult) => Promise<void>
  readonly signal: AbortSignal
}

/** Runs cases, some at a time. Throws when it is cancelled; what was known by then was told. */
export async function evaluate({ cases, parallel, run, known, signal }: EvaluateOptions): Promise<void> {
  const waiting = [...cases]
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  let telling = Promise.resolve()
  const work = async () => {
    for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) {
      either.throwIfAborted()
      const result = await run(each, either)
      telling = telling.then(() => known(result))
      await telling
    }
  }
  const workers = await Promise.allSettled(
    Array.from({ length: Math.max(1, parallel) }, () =>
      work().catch((error: unknown) => {
        stop.abort(error)
        throw error
      }),
    ),
  )
  const lost = workers.find((each) => each.status === 'rejected')
  if (lost) throw lost.reason
}
