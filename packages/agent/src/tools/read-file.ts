import { z } from 'zod'
import { type CodeReading, lineCount, numbered, unreadable } from '../code-reading.ts'
import { defineTool, refused, type Tool } from '../tool.ts'

const WINDOW = 200

export function readFile(reading: CodeReading): Tool {
  const input = z.object({
    path: z.string(),
    from: z.number().int().positive().optional().describe('first line, 1 if left out'),
    to: z.number().int().positive().optional().describe(`last line; at most ${WINDOW} lines come at once`),
  })
  return defineTool(reading.prompts, {
    name: 'read_file',
    input,
    run({ path, from = 1, to = from + WINDOW - 1 }) {
      const no = unreadable(path, reading)
      if (no !== undefined) return no
      const text = reading.text(path) ?? ''
      const lines = lineCount(text)
      if (lines === 0) return { text: `${path} is empty.` }
      if (from > lines || to < from) return refused(`${path} has ${lines} lines; there is no line ${from} to ${to}.`)
      const last = Math.min(to, from + WINDOW - 1, lines)
      return { text: `${path}, lines ${from} to ${last} of ${lines}:\n${reading.fence.around(path, numbered(text, from, last))}` }
    },
  })
}
