import { z } from 'zod'
import { bounded } from '../bounded-text.ts'
import { type CodeReading, numbered } from '../code-reading.ts'
import { defineTool, type Tool } from '../tool.ts'

const SHOWN = 5
const LONGEST = 4_000

export function findDefinition(reading: CodeReading): Tool {
  return defineTool(reading.prompts, {
    name: 'find_definition',
    input: z.object({ name: z.string().min(1).describe('`parse` or `Parser.parse`') }),
    async run({ name }) {
      const found = (await reading.symbols.definitions(name, SHOWN + 1)).filter(({ path }) => !reading.isHidden(path))
      if (found.length === 0)
        return { text: 'No definition of this name was recognised: there may be none, or it is assigned or made at run time. Search for the text instead.' }
      const shown = found.slice(0, SHOWN).map(({ path, lines: [first, last], within }) => {
        const code = numbered(reading.text(path) ?? '', first, last)
        const origin = `${path}, lines ${first} to ${last}${within === undefined ? '' : `, in ${within}`}`
        return reading.fence.around(origin, bounded(code, LONGEST))
      })
      return { text: [...shown, ...(found.length > SHOWN ? ['There are more; name it more fully.'] : [])].join('\n') }
    },
  })
}
