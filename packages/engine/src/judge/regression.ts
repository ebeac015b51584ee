import type { ContradictedTest, GateResult, TestResult, TestRun, TestSelection } from '@fixpoint/core'
import { mapFrames, parseStackTraces } from '@fixpoint/intake'
import type { TestRoom } from '../test-room.ts'
import { evidenceOf, failed, firstFew, notApplicable, passed } from './evidence.ts'
import type { JudgeTools, Subject } from './subject.ts'

interface Regression {
  readonly result: GateResult
  readonly contradicted: readonly ContradictedTest[]
}

/**
 * Gate 4: no test that passed on the base fails. What fails is run again, on the patch and on the base, before it counts. Where the patch's
 * author named tests that demand what the report calls wrong, exactly these fail, and the gate holds no longer: that is a person's to decide.
 */
export async function regression(subject: Subject, suite: TestRun, room: TestRoom, tools: JudgeTools): Promise<Regression> {
  const { baseline } = subject
  const named = subject.candidate.origin.contradicts?.tests ?? []
  const only = (result: GateResult): Regression => ({ result, contradicted: [] })
  const commands = [await evidenceOf(suite, 'patch', tools.keep)]
  if (baseline.problem) return only(notApplicable('regression', `the suite was not usable on the base: ${baseline.problem}`, { commands }))
  const flaky = new Set(baseline.flaky)
  const counted = new Set(baseline.passing.filter((id) => !flaky.has(id)))
  const fallen = suite.tests.filter((test) => test.status === 'failed' && counted.has(test.id))
  if (fallen.length === 0)
    return only(
      named.length === 0
        ? passed('regression', `all ${counted.size} tests that passed on the base pass`, { commands })
        : failed('regression', `the patch says that ${named[0]} contradicts the report, and it does not fail`, { commands }),
    )

  const again: TestSelection =
    subject.workspace.project.runner === 'command' ? { kind: 'all' } : { kind: 'files', files: [...new Set(fallen.map((test) => test.file))] }
  await room.reset()
  const onPatch = await room.test(again, tools.signal)
  await room.reset()
  await room.lay([], subject.candidate.patch.edits)
  const onBase = await room.test(again, tools.signal)
  await room.reset()
  commands.push(await evidenceOf(onPatch, 'patch', tools.keep), await evidenceOf(onBase, 'base', tools.keep))
  const fails = (run: TestRun, id: string) => !run.tests.some((test) => test.id === id && test.status === 'passed')
  const real = fallen.filter((test) => fails(onPatch, test.id) && !fails(onBase, test.id))
  const other = real.filter((test) => !named.includes(test.id))
  if (other.length > 0)
    return only(
      failed('regression', `${other.length} test${other.length === 1 ? '' : 's'} that passed on the base fail${other.length === 1 ? 's' : ''} with the patch`, {
        findings: firstFew(other.map(messageOf)),
        commands,
      }),
    )
  const spared = named.find((id) => !real.some((test) => test.id === id))
  if (spared !== undefined) return only(failed('regression', `the patch says that ${spared} contradicts the report, and it does not fail`, { commands }))
  if (real.length > 0) {
    const summary = `${real.length} test${real.length === 1 ? '' : 's'} that passed on the base fail${real.length === 1 ? 's' : ''}, as the patch says: what they demand, the report calls wrong`
    return {
      result: notApplicable('regression', summary, { findings: firstFew(real.map(messageOf)), commands }),
      contradicted: real.map((test) => contradictedBy(test, subject)),
    }
  }
  return only(
    passed('regression', `no test fails that passes on the base; ${fallen.length} failed once and not again`, {
      commands,
      findings: firstFew(fallen.map((test) => test.id)),
    }),
  )
}

function messageOf({ id, failure }: TestResult): string {
  return `${id}: ${failure?.message.split('\n')[0] ?? 'failed'}`
}

/** With the line of the test that demands otherwise. */
function contradictedBy({ id, file, failure }: TestResult, { source }: Subject): ContradictedTest {
  const { message = 'failed', stack = '' } = failure ?? {}
  const frames = parseStackTraces(`${message}\n${stack}`).flatMap((trace) => mapFrames(trace, source))
  const line = frames.find((frame) => frame.path === file)?.line
  const assertion = line === undefined ? undefined : source.text(file)?.split('\n')[line - 1]?.trim()
  return { id, ...(assertion ? { assertion } : {}), message: message.slice(0, 500) }
}
