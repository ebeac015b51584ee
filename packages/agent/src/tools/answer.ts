import { z } from 'zod'
import type { Prompts } from '../prompts.ts'
import { defineTool, type Tool } from '../tool.ts'

const Given = z.object({
  text: z.string().min(1),
  evidence: z.array(z.object({ path: z.string(), from: z.number().int().positive(), to: z.number().int().positive(), why: z.string() })).max(20),
})
export type Given = z.infer<typeof Given>

/** Ends a conversation that only looks. */
export function giveAnswer(prompts: Prompts, accept: (given: Given) => void): Tool {
  return defineTool(prompts, {
    name: 'answer',
    input: Given,
    run(given) {
      accept(given)
      return { text: 'Given.', ends: true }
    },
  })
}
