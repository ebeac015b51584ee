import { z } from 'zod'
import { firstLines } from '../bounded-text.ts'
import { type CodeReading, shortened } from '../code-reading.ts'
import { defineTool, refused, type Tool } from '../tool.ts'

const SHOWN = 60
const LOOKED_AT = 1_000

export function searchCode(reading: CodeReading): Tool {
  const input = z.object({
    text: z.string().min(2).describe('literal text, not a regular expression'),
    under: z.string().optional().describe('only paths that begin with this'),
  })
  return defineTool(reading.prompts, {
    name: 'search_code',
    input,
    async run({ text, under = '' }) {
      if (text.includes('\n')) return refused('the search is line by line: give text of one line.')
      const matches = (await reading.search.search([text], LOOKED_AT)).filter(({ path }) => path.startsWith(under) && !reading.isHidden(path))
      if (matches.length === 0) return { text: `No line ${under === '' ? '' : 'there '}holds this text. Upper and lower case count.` }
      const lines = matches.map(({ path, line, text: found }) => `${path}:${line}: ${shortened(found.trimEnd()).slice(0, 240)}`)
      const files = new Set(matches.map(({ path }) => path)).size
      const shown = firstLines(lines, SHOWN, 'search for something rarer, or under one folder')
      return { text: `${matches.length} lines in ${files} files:\n${reading.fence.around('code', shown)}` }
    },
  })
}
