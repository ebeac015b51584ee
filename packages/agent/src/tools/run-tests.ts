import type { Baseline, DraftTask, DraftTools, TestRun, TestSelection } from '@fixpoint/core'
import { z } from 'zod'
import type { CodeReading } from '../code-reading.ts'
import type { HiddenText } from '../hidden-text.ts'
import { PASSED } from '../stuckness.ts'
import { countsOf, failuresIn } from '../test-words.ts'
import { type Answer, defineTool, refused, type Tool } from '../tool.ts'

type Hands = Pick<DraftTools, 'bench' | 'edits'> & { readonly hidden: HiddenText }

/** On the edits as they are now, in a clean tree. */
export function runTests(reading: CodeReading, { project, reproduction, baseline }: DraftTask, { bench, edits, hidden }: Hands): Tool {
  const input = z.object({
    which: z.enum(['reproduction', 'all', 'files', 'names']),
    files: z.array(z.string()).min(1).optional().describe('test files, with `files`'),
    names: z.array(z.string().min(2)).min(1).optional().describe('parts of names of tests, with `names`'),
  })
  return defineTool(reading.prompts, {
    name: 'run_tests',
    input,
    async run({ which, files = [], names = [] }, signal) {
      const chosen = which === 'names' ? filesOf(names, baseline) : files
      const known = new Set([...project.testFiles, ...reproduction.files.map((file) => file.path)])
      const strange = chosen.find((file) => !known.has(file))
      if (which === 'files' && strange !== undefined) return refused(`${JSON.stringify(strange)} is not a test file. list_related_tests names some.`)
      if ((which === 'files' || which === 'names') && chosen.length === 0)
        return refused(which === 'files' ? 'say which files.' : 'no test has such a name. list_related_tests names some.')
      const selection: TestSelection =
        which === 'reproduction' ? { kind: 'tests', tests: reproduction.tests } : which === 'all' ? { kind: 'all' } : { kind: 'files', files: chosen }
      const run = await bench.run(selection, edits.edits(), signal)
      return said(which === 'names' ? onlyNamed(run, names) : run, baseline, reading, hidden)
    },
  })
}

function said(run: TestRun, baseline: Baseline, { fence }: CodeReading, hidden: HiddenText): Answer {
  const allPassed = run.reported && run.tests.length > 0 && run.tests.every((test) => test.status !== 'failed')
  if (allPassed) return { text: `${PASSED}: ${countsOf(run)}.` }
  const before = new Set([...baseline.failing, ...baseline.flaky])
  const known = run.reported && run.tests.every((test) => test.status !== 'failed' || before.has(test.id))
  if (known && run.tests.some((test) => test.status === 'passed'))
    return { text: `${PASSED}, but for what failed on the base too: ${countsOf(run)}; no test that passed on the base fails now.` }
  return { text: `Failed: ${countsOf(run)}.\n${fence.around('output of the tests', hidden.without(failuresIn(run, baseline)))}` }
}

/** Runners filter by whole names only: the files are run, and the rest is not told. */
function filesOf(names: readonly string[], { passing, failing, flaky, skipped }: Baseline): string[] {
  const ids = [...passing, ...failing, ...flaky, ...skipped].filter((id) => names.some((name) => id.includes(name)))
  return [...new Set(ids.map((id) => id.split(' > ')[0] ?? id))]
}

function onlyNamed(run: TestRun, names: readonly string[]): TestRun {
  return { ...run, tests: run.tests.filter(({ id }) => names.some((name) => id.includes(name))) }
}
