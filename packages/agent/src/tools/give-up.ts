import { inert } from '@fixpoint/core'
import { z } from 'zod'
import type { Prompts } from '../prompts.ts'
import { defineTool, type Tool } from '../tool.ts'

const LONGEST_REASON = 1500

/** Ends a conversation that cannot reach its aim, with the reason: worth more to a person than the turns that would be left. */
export function giveUp(prompts: Prompts, accept: (reason: string) => void): Tool {
  return defineTool(prompts, {
    name: 'give_up',
    input: z.object({ reason: z.string().min(10).describe('what stands in the way, and what a person should look at') }),
    run({ reason }) {
      accept(inert(reason.replace(/\s+/g, ' ').trim(), LONGEST_REASON))
      return { text: 'Accepted.', ends: true }
    },
  })
}
