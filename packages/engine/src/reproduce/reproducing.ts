import type { ReproduceEvent, ReproduceTools, Reproduction, SourceSnapshot, TestSelection } from '@fixpoint/core'
import { matcher, namesError } from '@fixpoint/intake'
import { testStyle } from '@fixpoint/test-runners'
import { codeViewOf } from '../code-view.ts'
import type { RunMaterial } from '../steps/run-material.ts'
import type { TestRoom } from '../test-room.ts'
import type { StepContext } from '../tools.ts'

/** A reproduction is believed when it fails as reported this many times, each in a cleaned room. */
const CONFIRMATIONS = 2

/** What a reproducer works with, but for the dossier and a model. */
export function reproducingHands(
  material: RunMaterial,
  room: TestRoom,
  { tools, signal }: StepContext,
  // Paths of new tests are free ones of this tree.
  taken: SourceSnapshot = material.source,
): Omit<ReproduceTools, 'model' | 'dossier'> {
  const isReported = matcher(material.report, material.source)
  return {
    room,
    ...codeViewOf(material.source, tools, signal),
    style: testStyle(material.workspace.project, taken),
    matches: (failure) => isReported(failure).matched,
    matchesAnew: matcherAnew(material),
  }
}

/** The first of these tests that is believed, and what else was tried. */
export async function firstBelieved(
  events: AsyncIterable<ReproduceEvent>,
  material: RunMaterial,
  room: TestRoom,
  { note, signal }: StepContext,
): Promise<{ readonly reproduction?: Reproduction; readonly tried: readonly string[] }> {
  const tried: string[] = []
  for await (const event of events) {
    if (event.kind === 'progress') note(event.message)
    else if (event.kind === 'gave-up') tried.push(...event.tried)
    else {
      const doubt = await confirm(event.reproduction, material, room, signal)
      if (doubt === undefined) return { reproduction: event.reproduction, tried }
      tried.push(`a written test: ${doubt}`)
    }
  }
  return { tried }
}

/** Why the reproduction is not believed; undefined when it failed as reported every time. */
export async function confirm(reproduction: Reproduction, material: RunMaterial, room: TestRoom, signal: AbortSignal): Promise<string | undefined> {
  const selection: TestSelection = { kind: 'tests', tests: reproduction.tests }
  for (let time = 0; time < CONFIRMATIONS; time++) {
    await room.reset()
    await room.write(reproduction.files)
    const run = await room.test(selection, signal)
    const failures = run.tests.filter((test) => test.status === 'failed')
    if (!run.reported && material.workspace.project.runner !== 'command') return `run alone, it gave no report (${run.problem ?? 'no reason given'})`
    if (failures.length < reproduction.tests.length)
      return `run alone, ${reproduction.tests.length - failures.length} of ${reproduction.tests.length} tests pass`
    const stated = namesError(material.report) && reproduction.oracle !== 'exit-code'
    const matches = reproduction.source === 'agent' ? matcherAnew(material) : matcher(material.report, material.source)
    if (stated && !failures.some((test) => test.failure && matches(test.failure).matched)) return 'run alone, it fails with another error'
  }
  await room.reset()
  return undefined
}

/** For a test that was written just now: a place in a test of the reporter's own cannot be met. */
function matcherAnew({ report, source, workspace }: RunMaterial) {
  const tests = new Set(workspace.project.testFiles)
  return matcher(report, source, { placeless: (path) => tests.has(path) })
}
