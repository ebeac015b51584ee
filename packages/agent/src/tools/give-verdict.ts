import { inert, type Review } from '@fixpoint/core'
import { z } from 'zod'
import type { Prompts } from '../prompts.ts'
import { defineTool, refused, type Tool } from '../tool.ts'

const LONGEST_WHY = 1_000
const LONGEST_QUOTE = 300

const Expectation = z.object({
  quote: z.string().min(1).describe('word for word, a sentence of the report that says what should happen'),
  met: z.enum(['yes', 'no', 'unclear']).describe('whether the code does it with the patch'),
  asserted: z.boolean().describe('whether an assertion of the test fails where it is not done'),
  contradicted_by: z.string().optional().describe('the place of the documentation, or the test of the repository, that says otherwise'),
})

/** Ends a reading. What it finds unmet cannot be passed over: the verdict has to follow from the expectations. */
export function giveVerdict(prompts: Prompts, { mayObjectToTest }: { mayObjectToTest: boolean }, accept: (review: Review) => void): Tool {
  const input = z.object({
    expectations: z.array(Expectation).max(20).describe('each thing that the report says should happen'),
    objection: z.enum(mayObjectToTest ? ['none', 'patch', 'test'] : ['none', 'patch']),
    why: z.string().min(1),
  })
  return defineTool(prompts, {
    name: 'give_verdict',
    input,
    run({ expectations, objection, why }) {
      const unmet = expectations.find(({ met }) => met === 'no')
      if (objection === 'none' && unmet !== undefined)
        return refused(`by your own words the patch does not do this: ${shown(unmet.quote)}. Object, or correct that.`)
      const unseen = expectations.find(({ met, asserted }) => met === 'unclear' && !asserted)
      if (objection === 'none' && mayObjectToTest && unseen !== undefined)
        return refused(`nobody knows whether the patch does this: ${shown(unseen.quote)}. Find out, or object to the test, which could have asserted it.`)
      accept({
        expectations: expectations.map(({ quote, met, asserted, contradicted_by: by }) => ({
          ...{ quote: inert(quote, LONGEST_QUOTE), met, asserted },
          ...(by === undefined ? {} : { contradictedBy: inert(by, LONGEST_QUOTE) }),
        })),
        objection,
        why: inert(why, LONGEST_WHY),
      })
      return { text: 'Given.', ends: true }
    },
  })
}

function shown(quote: string): string {
  return JSON.stringify(inert(quote, 160))
}
