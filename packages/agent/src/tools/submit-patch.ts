import { z } from 'zod'
import type { CheckedPatch, PatchTrial } from '../patch-trial.ts'
import type { Prompts } from '../prompts.ts'
import { defineTool, refused, type Tool } from '../tool.ts'

export interface Submitted {
  readonly checked: CheckedPatch
  readonly cause: string
  readonly symptomOnly: boolean
  readonly confidence: number
}

/** Ends the conversation, if what was edited passes what the judge will ask first. */
export function submitPatch(prompts: Prompts, trial: PatchTrial, accept: (submitted: Submitted) => void): Tool {
  const input = z.object({
    cause: z.string().min(10).describe('the root cause and what the patch does about it, in one or two sentences'),
    symptom_only: z.boolean().describe('true when it only keeps the error from showing'),
    confidence: z.number().min(0).max(1),
  })
  return defineTool(prompts, {
    name: 'submit_patch',
    input,
    async run({ cause, symptom_only: symptomOnly, confidence }, signal) {
      const checked = await trial.check(signal)
      if ('why' in checked) return refused(checked.why)
      accept({ checked, cause, symptomOnly, confidence })
      return { text: 'Accepted.', ends: true }
    },
  })
}
