import type { Reproduction } from '@fixpoint/core'
import { z } from 'zod'
import type { Prompts } from '../prompts.ts'
import { defineTool, refused, type Tool } from '../tool.ts'
import type { WrittenTest } from '../written-test.ts'

/** Letters alone: it becomes the name of a file. */
const Name = z
  .string()
  .regex(/^[A-Za-z]+(?:[ -][A-Za-z]+){0,5}$/, 'one to six words of plain letters')
  .max(50)

const Expectation = z.object({
  quote: z.string().describe('word for word, a sentence of the report that says what should happen'),
  assertion: z.string().optional().describe('the code of the test that asserts it, copied from the test'),
  unstated: z.string().optional().describe('without an assertion: why the test cannot state it'),
})

/** Ends the conversation with a test that fails as reported. */
export function writeTest(prompts: Prompts, test: WrittenTest, accept: (reproduction: Reproduction) => void): Tool {
  const input = z.object({
    source: z.string().describe('path of the file under test'),
    name: Name.describe('two to five words for the defect, for the name of the file: `empty list of items`'),
    content: z.string().min(1).describe('the whole test file'),
    expectations: z.array(Expectation).max(20).default([]).describe('every sentence of the report that says what should happen; empty when there is none'),
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
