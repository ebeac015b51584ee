import type { BugReport, Contradiction } from '@fixpoint/core'
import { z } from 'zod'
import type { CheckedPatch, PatchTrial } from '../patch-trial.ts'
import type { Prompts } from '../prompts.ts'
import { isInReport } from '../report-sentences.ts'
import { defineTool, refused, type Tool } from '../tool.ts'

export interface Submitted {
  readonly checked: CheckedPatch
  readonly cause: string
  readonly symptomOnly: boolean
  readonly confidence: number
  readonly contradicts?: Contradiction | undefined
}

const MOST_TESTS = 10

const Contradicting = z.object({
  tests: z.array(z.string().min(1)).min(1).max(MOST_TESTS).describe('names of these tests, as run_tests tells them'),
  quote: z.string().describe('word for word, the sentence of the report that says that what they demand is wrong'),
  why: z.string().min(10).describe('what they demand, and what the report says instead'),
})

/** Ends the conversation, if what was edited passes what the judge will ask first. */
export function submitPatch(prompts: Prompts, trial: PatchTrial, report: BugReport, accept: (submitted: Submitted) => void): Tool {
  const input = z.object({
    cause: z.string().min(10).describe('the root cause and what the patch does about it, in one or two sentences'),
    symptom_only: z.boolean().describe('true when it only keeps the error from showing'),
    confidence: z.number().min(0).max(1),
    contradicts: Contradicting.optional().describe('only where existing tests demand what the report calls wrong'),
  })
  return defineTool(prompts, {
    name: 'submit_patch',
    input,
    async run({ cause, symptom_only: symptomOnly, confidence, contradicts }, signal) {
      if (contradicts !== undefined && !isInReport(contradicts.quote, report))
        return refused('the sentence that is quoted for `contradicts` is not in the report. Copy it as it stands there; if there is none, the tests are right.')
      const checked = await trial.check(signal, contradicts?.tests)
      if ('why' in checked) return refused(checked.why)
      accept({ checked, cause, symptomOnly, confidence, contradicts })
      return { text: 'Accepted.', ends: true }
    },
  })
}
