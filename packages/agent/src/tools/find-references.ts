import { z } from 'zod'
import { firstLines } from '../bounded-text.ts'
import { type CodeReading, shortened } from '../code-reading.ts'
import { defineTool, type Tool } from '../tool.ts'

const SHOWN = 40
const LOOKED_AT = 400

export function findReferences(reading: CodeReading): Tool {
  return defineTool(reading.prompts, {
    name: 'find_references',
    input: z.object({ name: z.string().min(1) }),
    async run({ name }) {
      const found = (await reading.symbols.references(name, LOOKED_AT)).filter(({ path }) => !reading.isHidden(path))
      if (found.length === 0) return { text: 'This name is nowhere in this repository.' }
      const lines = found.map(
        ({ path, lines: [line], text, within }) => `${path}:${line}${within === undefined ? '' : ` (in ${within})`}: ${shortened(text).slice(0, 200)}`,
      )
      return { text: `${found.length} places:\n${reading.fence.around('code', firstLines(lines, SHOWN, 'search for the name with what stands beside it'))}` }
    },
  })
}
