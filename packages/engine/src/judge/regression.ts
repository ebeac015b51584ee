import type { GateResult, TestRun, TestSelection } from '@fixpoint/core'
import type { TestRoom } from '../test-room.ts'
import { evidenceOf, failed, firstFew, notApplicable, passed } from './evidence.ts'
import type { JudgeTools, Subject } from './subject.ts'

/** Gate 4: no test that passed on the base fails. What fails is run again, on the patch and on the base, before it counts. */
export async function regression(subject: Subject, suite: TestRun, room: TestRoom, tools: JudgeTools): Promise<GateResult> {
  const { baseline } = subject
  if (baseline.problem)
    return notApplicable('regression', `the suite was not usable on the base: ${baseline.problem}`, { commands: [evidenceOf(suite, tools.hash)] })
  const flaky = new Set(baseline.flaky)
  const counted = new Set(baseline.passing.filter((id) => !flaky.has(id)))
  const fallen = suite.tests.filter((test) => test.status === 'failed' && counted.has(test.id))
  const commands = [evidenceOf(suite, tools.hash)]
  if (fallen.length === 0) return passed('regression', `all ${counted.size} tests that passed on the base pass`, { commands })

  const again: TestSelection =
    subject.workspace.project.runner === 'command' ? { kind: 'all' } : { kind: 'files', files: [...new Set(fallen.map((test) => test.file))] }
  await room.reset()
  const onPatch = await room.test(again, tools.signal)
  await room.reset()
  await room.lay([], subject.candidate.patch.edits)
  const onBase = await room.test(again, tools.signal)
  await room.reset()
  commands.push(evidenceOf(onPatch, tools.hash), evidenceOf(onBase, tools.hash))
  const fails = (run: TestRun, id: string) => !run.tests.some((test) => test.id === id && test.status === 'passed')
  const real = fallen.filter((test) => fails(onPatch, test.id) && !fails(onBase, test.id))
  const findings = firstFew(real.map((test) => `${test.id}: ${test.failure?.message.split('\n')[0] ?? 'failed'}`))
  if (real.length > 0)
    return failed(
      'regression',
      `${real.length} test${real.length === 1 ? '' : 's'} that passed on the base fail${real.length === 1 ? 's' : ''} with the patch`,
      { findings, commands },
    )
  return passed('regression', `no test fails that passes on the base; ${fallen.length} failed once and not again`, {
    commands,
    findings: firstFew(fallen.map((test) => test.id)),
  })
}
