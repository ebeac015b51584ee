import type { Reproduction } from '@fixpoint/core'
import { z } from 'zod'
import type { Prompts } from '../prompts.ts'
import { defineTool, refused, type Tool } from '../tool.ts'
import type { WrittenTest } from '../written-test.ts'

/** Ends the conversation with a test that fails as reported. */
export function writeTest(prompts: Prompts, test: WrittenTest, accept: (reproduction: Reproduction) => void): Tool {
  const input = z.object({
    source: z.string().describe('path of the file under test'),
    content: z.string().min(1).describe('the whole test file'),
    quote: z.string().optional().describe('word for word, the sentence of the report that says what should happen; left out when there is none'),
  })
  return defineTool(prompts, {
    name: 'write_test',
    input,
    async run(draft) {
      const answer = await test.check(draft)
      if ('why' in answer) return refused(answer.why)
      accept(answer)
      return { text: 'Accepted.', ends: true }
    },
  })
}
