import type { CommandEvidence, GateResult, Reproduction, TestRun, TestSelection } from '@fixpoint/core'
import { contraryTests } from '@fixpoint/test-runners'
import { secondTestOf } from '../reproduce/second-test.ts'
import type { TestRoom } from '../test-room.ts'
import { passes } from '../test-room.ts'
import { evidenceOf, failed, passed } from './evidence.ts'
import type { JudgeTools, Subject } from './subject.ts'

const TIMES = 3
const AGREEMENT = '; so does a second test, which a mind wrote from the report that saw neither the first one nor a patch'

/**
 * Gate 3: with the patch the reproduction passes, three of three; with the patch reverted in the same room it fails again; and it fails
 * when it wants something else, so that it is the patch that is right and not the test that is blind.
 */
export async function reproduction(
  subject: Subject,
  room: TestRoom,
  tools: JudgeTools,
): Promise<{ result: GateResult; flip: TestRun | undefined; tampering: boolean }> {
  const selection: TestSelection = { kind: 'tests', tests: subject.reproduction.tests }
  const commands: CommandEvidence[] = []
  for (let time = 1; time <= TIMES; time++) {
    await room.reset()
    const run = await room.test(selection, tools.signal)
    commands.push(await evidenceOf(run, 'patch', tools.keep))
    if (!passes(run, selection)) {
      const why = run.reported ? redness(run, subject.reproduction) : (run.problem ?? 'no report')
      return {
        result: failed('reproduction', `the reproduction still fails (run ${time} of ${TIMES}): ${why.slice(0, 300)}`, { commands }),
        flip: undefined,
        tampering: false,
      }
    }
  }
  await room.reset()
  await room.lay([], subject.candidate.patch.edits)
  const flip = await room.test(selection, tools.signal)
  await room.reset()
  commands.push(await evidenceOf(flip, 'base', tools.keep))
  const status = new Map(flip.tests.map((test) => [test.id, test.status]))
  const stillPasses = subject.reproduction.tests.filter((test) => status.get(test.id) === 'passed')
  if (stillPasses.length > 0)
    return {
      result: failed('reproduction', `with the patch reverted ${stillPasses[0]?.id} passes: the patch is not what makes it pass`, { commands }),
      flip,
      tampering: false,
    }
  const blind = await blindness(subject, room, tools)
  if (blind !== undefined) return { result: failed('reproduction', blind, { commands }), flip, tampering: true }
  const summary = `passes ${TIMES} of ${TIMES} with the patch and fails again without it${secondTestOf(subject.reproduction) === undefined ? '' : AGREEMENT}`
  return { result: passed('reproduction', summary, { commands }), flip, tampering: false }
}

/** What the first of the tests that is not green says; of several, which it is. */
function redness(run: TestRun, { tests }: Reproduction): string {
  const red = tests.flatMap(({ id }) => run.tests.find((test) => test.id === id && test.status !== 'passed') ?? [])[0]
  const message = red?.failure?.message ?? 'a test was not reported'
  return red === undefined || tests.length === 1 ? message : `${red.id}: ${message}`
}

/** Why the reproduction's tests would pass whatever they want; undefined when they would not. */
async function blindness(subject: Subject, room: TestRoom, tools: JudgeTools): Promise<string | undefined> {
  const { reproduction, source, workspace } = subject
  const textOf = (file: string) => reproduction.files.find((each) => each.path === file)?.content ?? source.text(file)
  const contrary = contraryTests(workspace.project, reproduction.tests, textOf, tools.ids.nonce(), (file, text) => tools.syntax.error(file, text) === undefined)
  if (contrary.files.length === 0) return undefined
  const run = await room.testWith({ kind: 'files', files: contrary.files.map((file) => file.path) }, tools.signal, { canaries: contrary })
  await room.reset()
  // What does not run at all (a type checker refuses it, an assertion ends the process) is loud, not blind.
  const passing = run.tests.find((test) => test.status === 'passed' && contrary.mustFail.includes(test.id))
  return passing === undefined ? undefined : `the tests pass although they were changed to want something else: ${passing.id}`
}
