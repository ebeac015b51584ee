import type { Baseline, Dossier, Project } from '@fixpoint/core'
import { z } from 'zod'
import { firstLines } from '../bounded-text.ts'
import type { CodeReading } from '../code-reading.ts'
import { defineTool, type Tool } from '../tool.ts'

const SHOWN = 20
const MENTIONS = 400

/** What is known of the suite. */
export interface KnownTests {
  readonly project: Project
  readonly baseline: Baseline
  readonly related: Dossier['relatedTests']
}

export function listRelatedTests(reading: CodeReading, { project, baseline, related }: KnownTests): Tool {
  return defineTool(reading.prompts, {
    name: 'list_related_tests',
    input: z.object({ path: z.string().optional().describe('a source file; left out, the tests nearest to the failure') }),
    async run({ path }) {
      const files = path === undefined ? related.map((test) => test.path) : await testsNaming(path, project, reading)
      if (files.length === 0) return { text: 'No test file is known to belong to it. Search for the name of a function in the tests.' }
      const failing = new Set(baseline.failing)
      const lines = files.flatMap((file) => {
        const tests = [...baseline.passing, ...baseline.failing].filter((id) => id.startsWith(`${file} > `))
        return [
          `${file}: ${tests.length} tests`,
          ...tests.slice(0, SHOWN).map((id) => `  ${id.slice(file.length + 3)}${failing.has(id) ? ' (fails on the base)' : ''}`),
        ]
      })
      return { text: reading.fence.around('names of tests', firstLines(lines, 4 * SHOWN, 'read the file')) }
    },
  })
}

/** Test files that mention the name of a source file, as an import does. */
async function testsNaming(path: string, project: Project, reading: CodeReading): Promise<string[]> {
  const stem =
    path
      .split('/')
      .at(-1)
      ?.replace(/\.\w+$/, '') ?? path
  if (stem.length < 2) return []
  const tests = new Set(project.testFiles)
  const matches = await reading.search.search([stem], MENTIONS)
  return [...new Set(matches.map((match) => match.path))].filter((each) => tests.has(each) && !reading.isHidden(each))
}
