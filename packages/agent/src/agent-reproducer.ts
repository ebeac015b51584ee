import { type Dossier, inert, type ReproduceEvent, type Reproducer, type ReproduceTools, type Reproduction } from '@fixpoint/core'
import { bounded } from './bounded-text.ts'
import type { CodeReading } from './code-reading.ts'
import { Fence } from './fence.ts'
import { HiddenText } from './hidden-text.ts'
import { converse, type Ending } from './loop.ts'
import { type AgentOptions, openTalk } from './open-talk.ts'
import { buildsOf, excerptsText, framesText, reportText, reproductionText, suspectsText } from './opening.ts'
import { excerptRoom } from './plan.ts'
import type { Prompts } from './prompts.ts'
import { findDefinition } from './tools/find-definition.ts'
import { findReferences } from './tools/find-references.ts'
import { giveUp } from './tools/give-up.ts'
import { listRelatedTests } from './tools/list-related-tests.ts'
import { readFile } from './tools/read-file.ts'
import { runCommand } from './tools/run-command.ts'
import { searchCode } from './tools/search-code.ts'
import { writeTest } from './tools/write-test.ts'
import { namesError, type TestTask, WrittenTest } from './written-test.ts'

const TURNS = 16
const PLACES = 4
const LONGEST_EXAMPLE = 5_000
/** Stands in a path for the name that the model gives. */
const YOUR_NAME = 'your name'

/** Writes a test that fails as reported, where nothing else made the failure ours. */
export function createAgentReproducer(options: AgentOptions): Reproducer {
  return {
    ...{ name: 'agent', needsModel: true },
    reproduce: (task, tools, signal) => write(options, task, tools, signal),
    widen: (task, tools, signal) => write(options, task, tools, signal),
    second: (task, tools, signal) => write(options, { ...task, isSecond: true }, tools, signal),
  }
}

async function* write({ prompts, hash }: AgentOptions, task: TestTask, tools: ReproduceTools, signal: AbortSignal): AsyncGenerator<ReproduceEvent> {
  const { model, room } = tools
  if (model === undefined) return yield { kind: 'gave-up', tried: ['no model is set up to write a test'] }
  if (task.project.runner === 'command') return yield { kind: 'gave-up', tried: ['no test was written: a custom test command has no test files of its own'] }
  const dossier = await tools.dossier()
  const fence = new Fence(hash, { tree: task.source.tree, report: task.report, objection: task.objection })
  const hidden = new HiddenText(task.source, tools.isHidden)
  const test = new WrittenTest(task, tools, { fence, hidden }, signal)
  const reading: CodeReading = { ...tools, source: task.source, text: (path) => task.source.text(path), fence, prompts }
  let written: Reproduction | undefined
  let obstacle: string | undefined
  const hands = [
    searchCode(reading),
    readFile(reading),
    findDefinition(reading),
    findReferences(reading),
    listRelatedTests(reading, { project: task.project, baseline: task.baseline, related: dossier.relatedTests }),
    runCommand(reading, { room, hidden, edits: () => [] }),
    writeTest(prompts, test, (reproduction) => {
      written = reproduction
    }),
    giveUp(prompts, (reason) => {
      obstacle = reason
    }),
  ]
  const talk = openTalk({
    ...{ model, prompts, hash, name: 'test', tools: hands, turns: TURNS },
    system: prompts.fill('reproducer-system', { mark: fence.mark }),
    opening: opening({ task, tools, dossier, test, fence, prompts, excerptTokens: excerptRoom(model.card) }),
  })
  const ending = yield* converse(talk, signal)
  if (written !== undefined)
    yield { kind: 'reproduction', reproduction: { ...written, because: [...written.because, `written by ${inert(model.card.name, 80)}`] } }
  else if (ending.kind === 'ended' && ending.failure !== undefined) throw ending.failure
  else yield { kind: 'gave-up', tried: [`${inert(model.card.name, 80)} wrote no test that fails as reported: ${obstacle ?? reasonOf(ending)}`] }
}

interface Known {
  readonly task: TestTask
  readonly tools: ReproduceTools
  readonly dossier: Dossier
  readonly test: WrittenTest
  readonly fence: Fence
  readonly prompts: Prompts
  readonly excerptTokens: number
}

function opening({ task, tools, dossier, test, fence, prompts, excerptTokens }: Known): string {
  const { project, source, report, frames } = task
  const tests = new Set(project.testFiles)
  const paths = [...frames.map(({ path }) => path), ...dossier.suspects.map(({ path }) => path)]
  const underTest = [...new Set(paths)].filter((path) => !tests.has(path) && !tools.isHidden(path)).slice(0, PLACES)
  const places = underTest.map((path) => `${path}: ${test.frameFor(path, YOUR_NAME).path}`)
  // A test that the report's own trace goes through shows best how this code is tested.
  const traced = frames.map(({ path }) => path).filter((path) => tests.has(path))
  const example = [...traced, ...dossier.relatedTests.map(({ path }) => path), ...project.testFiles].find(
    (path) => !tools.isHidden(path) && source.text(path) !== undefined,
  )
  const [first] = underTest
  return prompts.fill('reproducer-task', {
    report: reportText(report, fence),
    again: again(task, fence, prompts),
    error: prompts.section('failures', namesError(task) ? 'error named' : 'error not named'),
    frames: framesText(frames, fence),
    suspects: suspectsText(dossier.suspects, fence),
    excerpts: excerptsText(dossier.excerpts, excerptTokens, fence),
    runner: `The tests are run with ${project.runner}.${buildsOf(project, fence)}`,
    places: places.length === 0 ? '(choose the file under test yourself)' : fence.around('places of tests', places.join('\n')),
    example: example === undefined ? '(there is none)' : fence.around(example, bounded(source.text(example) ?? '', LONGEST_EXAMPLE)),
    frame: first === undefined ? '(none)' : fence.around('the frame of a test', test.frameFor(first, YOUR_NAME).content),
  })
}

/** Of a test that is written again: how it was, and what is said against it. Of a second one only that it is one. */
function again({ reproduction, objection, isSecond }: TestTask, fence: Fence, prompts: Prompts): string {
  if (isSecond) return prompts.section('failures', 'second test')
  if (reproduction === undefined || objection === undefined) return ''
  return prompts.section('failures', 'test again', { test: reproductionText(reproduction, fence), objection: fence.around('a reader of the test', objection) })
}

function reasonOf(ending: Ending): string {
  return ending.kind === 'stuck' ? `stuck (${ending.in})` : ending.kind === 'ended' ? ending.why : 'it ended without one'
}
