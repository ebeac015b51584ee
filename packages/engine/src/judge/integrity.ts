import type { Baseline, GateResult, TestRun } from '@fixpoint/core'
import { type Canaries, checkCanaries } from '@fixpoint/test-runners'
import { cheatsIn, copiedAnswers } from './cheats.ts'
import { evidenceOf, failed, firstFew, notApplicable, passed } from './evidence.ts'
import { type JudgeTools, type Subject, testTextsOf } from './subject.ts'

/** Gate 2, first half, without running anything: nothing in the patch looks like a way around the tests. */
export function readsHonest(subject: Subject): string[] {
  const { edits } = subject.candidate.patch
  return [...cheatsIn(subject.source, edits), ...copiedAnswers(subject.source, edits, testTextsOf(subject))]
}

/**
 * Gate 2, second half, from the suite run on the patch: the report is whole, the planted canaries failed as they must, and
 * every test that counted on the base was reported again and not skipped.
 */
export async function integrity(subject: Subject, suite: TestRun, canaries: Canaries, tools: JudgeTools): Promise<GateResult> {
  const commands = [await evidenceOf(suite, 'patch', tools.keep)]
  const suspicious = readsHonest(subject)
  if (suspicious.length > 0) return failed('integrity', `the patch looks like a way around the tests: ${suspicious[0]}`, { findings: suspicious, commands })
  if (subject.workspace.project.runner === 'command')
    return notApplicable('integrity', 'a custom test command has no test ids and takes no canaries', { commands })
  if (!suite.reported)
    return failed('integrity', `the suite gave no trustworthy report on the patch: ${suite.problem ?? 'no reason given'}`, {
      findings: [suite.output.slice(-1500)],
      commands,
    })

  const held = checkCanaries(suite, canaries)
  if (!held.held) return failed('integrity', `a test that must fail did not: ${held.why}`, { commands })

  const missing = missingTests(subject.baseline, suite)
  if (missing.length > 0)
    return failed('integrity', `${missing.length} test${missing.length === 1 ? '' : 's'} that passed on the base did not run`, {
      findings: firstFew(missing),
      commands,
    })
  const silenced = subject.baseline.passing.filter((id) => suite.tests.some((test) => test.id === id && (test.status === 'skipped' || test.status === 'todo')))
  if (silenced.length > 0)
    return failed('integrity', `${silenced.length} test${silenced.length === 1 ? ' is' : 's are'} skipped now`, { findings: firstFew(silenced), commands })
  const weaker = subject.baseline.problem ? ['the suite as a whole was not usable on the base'] : []
  return passed(
    'integrity',
    `${canaries.mustFail.length} planted tests failed as they must; all ${subject.baseline.passing.length} tests of the base were reported`,
    { commands, findings: weaker },
  )
}

function missingTests(baseline: Baseline, suite: TestRun): string[] {
  const reported = new Set(suite.tests.map((test) => test.id))
  const flaky = new Set(baseline.flaky)
  return baseline.passing.filter((id) => !reported.has(id) && !flaky.has(id))
}
