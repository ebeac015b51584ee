import {
  type BugReport,
  type DraftTask,
  type Excerpt,
  type Expectation,
  type Lesson,
  type MappedFrame,
  type Project,
  type Reproduction,
  reveal,
  type Suspect,
} from '@fixpoint/core'
import { bounded } from './bounded-text.ts'
import { numbered } from './code-reading.ts'
import type { Fence } from './fence.ts'
import type { DraftPlan } from './plan.ts'
import type { Prompts } from './prompts.ts'
import { ownFrames } from './test-words.ts'

const LONGEST_REPORT = 8_000
const LONGEST_FAILURE = 4_000
const LONGEST_TEST = 6_000
const LONGEST_LESSON = 2_000
const SUSPECTS = 8
const REASONS = 3
const FRAMES = 12
const TESTS = 3
const LINES_BEFORE = 3
const LINES_OF_A_TEST = 40
const CHARACTERS_PER_TOKEN = 3.5
/** Of the room that excerpts have. */
const SHARE_FOR_GUIDANCE = 0.75
const NOTHING = '(none)'
const ROLES: Record<Excerpt['role'], string> = {
  edit: 'suspected',
  callee: 'called by a suspect',
  test: 'test',
  example: 'example of use',
  caller: 'caller',
  map: 'overview',
}

/** The first words of a drafter's conversation: all that is known, foreign text fenced. */
export function draftOpening(task: DraftTask, plan: DraftPlan, isHidden: (path: string) => boolean, fence: Fence, prompts: Prompts): string {
  const { report, reproduction, dossier, baseline, lessons, project } = task
  return prompts.fill('drafter-task', {
    failure: prompts.section('failures', plan.failure),
    report: reportText(report, fence),
    tests: fencedLines(
      'names of tests',
      reproduction.tests.map(({ id }) => id),
      fence,
    ),
    code: failingTests(task, isHidden, fence),
    reproduction: reproductionText(reproduction, fence),
    oracle: [`oracle ${reproduction.oracle}`, ...(hasSecond(reproduction) ? ['two tests'] : [])].map((name) => prompts.section('failures', name)).join('\n\n'),
    frames: framesText(task.frames, fence),
    suspects: suspectsText(dossier.suspects, fence),
    excerpts: excerptsText(dossier.excerpts, plan.excerptTokens, fence),
    related: fencedLines(
      'test files',
      dossier.relatedTests.map(({ path }) => path),
      fence,
    ),
    history: fencedLines(
      'subjects of earlier commits',
      dossier.history.map(({ subject }) => subject),
      fence,
    ),
    suite: `${project.runner}: ${baseline.passing.length} tests pass on the base, ${baseline.failing.length} fail, ${baseline.flaky.length} are flaky${narrowed(project.because)}.${buildsOf(project, fence)}`,
    guidance: guidanceText(task, plan, fence, prompts),
    lessons: lessonsText(lessons, fence),
  })
}

/** How code is written here, in the words of its owner; nothing where there are none. */
function guidanceText({ guidance = [] }: DraftTask, { excerptTokens }: DraftPlan, fence: Fence, prompts: Prompts): string {
  if (guidance.length === 0) return ''
  const room = Math.floor((excerptTokens * CHARACTERS_PER_TOKEN * SHARE_FOR_GUIDANCE) / guidance.length)
  const text = guidance.map(({ path, text }) => fence.around(path, bounded(text, room))).join('\n')
  return prompts.section('notes', 'the owner’s guidance', { text })
}

export function reportText({ title, text }: Pick<BugReport, 'title' | 'text'>, fence: Fence): string {
  const [head, body] = [reveal(title), reveal(text)]
  return fence.around('the report', bounded(body.startsWith(head) ? body : `${head}\n\n${body}`, LONGEST_REPORT))
}

/** The code of failing tests that are in the repository, unless an excerpt holds it. */
function failingTests({ reproduction, dossier, source }: DraftTask, isHidden: (path: string) => boolean, fence: Fence): string {
  const shown = new Map<string, string>()
  for (const { file, path } of reproduction.tests.slice(0, TESTS)) {
    const text = isHidden(file) ? undefined : source.text(file)
    if (text === undefined) continue
    const name = path.at(-1) ?? ''
    const line = Math.max(
      0,
      text.split('\n').findIndex((each) => name !== '' && each.includes(name)),
    )
    const first = Math.max(1, line + 1 - LINES_BEFORE)
    const last = line + LINES_OF_A_TEST
    const known = dossier.excerpts.some(({ path: where, lines: [from, to] }) => where === file && from <= line + 1 && line + 1 < to)
    if (!known) shown.set(`${file}:${first}`, fence.around(file, numbered(text, first, last)))
  }
  return [...shown.values()].join('\n')
}

/** The failure, and the test files that came with it. */
export function reproductionText({ failure, files, because, expectations = [], second }: Reproduction, fence: Fence): string {
  const other = second !== undefined && 'tests' in second ? second : undefined
  const failed = fence.around('the failure', failureText(failure))
  const failedToo = other === undefined ? [] : [fence.around('the failure of the second test', failureText(other.failure))]
  const how = because.length === 0 ? [] : [fence.around('how it was reproduced', bounded(because.join('\n'), LONGEST_FAILURE))]
  const tests = files.map(({ path, content }) => fence.around(path, bounded(content, LONGEST_TEST)))
  const notes = notesOn([...expectations, ...(other?.expectations ?? [])])
  return [failed, ...failedToo, ...how, ...tests, ...(notes.length === 0 ? [] : [fence.around('what the test was written from', notes.join('\n'))])].join('\n')
}

/** Each sentence of the report once, with everything that asserts it. */
function notesOn(expectations: readonly Expectation[]): readonly string[] {
  const byQuote = new Map<string, string[]>()
  for (const { quote, assertion, unstated } of expectations) {
    const note = assertion === undefined ? `not asserted: ${unstated}` : `asserted by ${assertion}`
    byQuote.set(quote, [...new Set([...(byQuote.get(quote) ?? []), note])])
  }
  return [...byQuote].map(([quote, notes]) => `"${quote}": ${notes.join('; ')}`)
}

function failureText({ errorType, message, stack }: Reproduction['failure']): string {
  const frames = ownFrames(stack)
  const head = errorType === undefined || message.startsWith(errorType) ? message : `${errorType}: ${message}`
  return bounded(frames.includes(message) ? frames : `${head}\n${frames}`, LONGEST_FAILURE)
}

/** Two minds wrote a test each. */
export function hasSecond({ second }: Reproduction): boolean {
  return second !== undefined && 'tests' in second
}

export function framesText(frames: readonly MappedFrame[], fence: Fence): string {
  const lines = frames
    .slice(0, FRAMES)
    .map(({ path, line, function: name }) => `${path}${line === undefined ? '' : `:${line}`}${name === undefined ? '' : ` in ${name}`}`)
  return fencedLines('frames of the trace', lines, fence)
}

export function suspectsText(suspects: readonly Suspect[], fence: Fence): string {
  const lines = suspects.slice(0, SUSPECTS).map(({ path, function: name, lines: [first, last], why }) => {
    const reasons = [...why]
      .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
      .slice(0, REASONS)
      .map(({ evidence }) => evidence)
    return `${path}, lines ${first} to ${last}${name === undefined ? '' : `, ${name}`}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`
  })
  return fencedLines('suspects', lines, fence)
}

/** Names of files and commits are strangers' words too. */
function fencedLines(origin: string, lines: readonly string[], fence: Fence): string {
  return lines.length === 0 ? NOTHING : fence.around(origin, lines.join('\n'))
}

/** In the order of the dossier, which has the likeliest first, until the room that there is for them is used. */
export function excerptsText(excerpts: readonly Excerpt[], tokens: number, fence: Fence): string {
  const shown: string[] = []
  let room = tokens * CHARACTERS_PER_TOKEN
  for (const { path, lines, text, role, why } of excerpts) {
    if (text.length > room) continue
    room -= text.length
    // An overview has its own numbers.
    const code = role === 'map' ? text : withNumbers(text, lines[0])
    const execution = role === 'edit' ? why.find(({ lane }) => lane === 'executed') : undefined
    shown.push(fence.around(`${path}, lines ${lines[0]} to ${lines[1]} (${[ROLES[role], ...(execution ? [execution.evidence] : [])].join('; ')})`, code))
  }
  return shown.length === 0 ? NOTHING : shown.join('\n')
}

/** Where an excerpt leaves lines out it says which, and is numbered on from there. */
function withNumbers(text: string, first: number): string {
  let next = first
  return text
    .split('\n')
    .map((line) => {
      const gap = /^… lines \d+–(\d+) left out$/.exec(line)
      if (gap !== null) next = Number(gap[1]) + 1
      return gap === null ? `${next++}| ${line}` : line
    })
    .join('\n')
}

/** Told where tests load what is made first: a command finds it only where somebody made it. */
export function buildsOf({ builds = [] }: { readonly builds?: Project['builds'] }, fence: Fence): string {
  if (builds.length === 0) return ''
  return ` Before them this is run, which run_command does not do by itself:\n${fencedLines(
    'commands of the repository',
    builds.map((build) => build.join(' ')),
    fence,
  )}`
}

/** Told where a forgotten `.only` keeps most of the suite from running: that all passes says little then. */
function narrowed(because: readonly string[]): string {
  return because.some((reason) => reason.startsWith('`.only`'))
    ? '; a forgotten `.only` keeps other tests from running, here and in the judgement; run_tests with `files` does run them'
    : ''
}

/** What earlier attempts taught: which gate said no, and to what. */
function lessonsText(lessons: readonly Lesson[], fence: Fence): string {
  if (lessons.length === 0) return NOTHING
  return lessons
    .map(({ gate, summary, diff }, index) => {
      const what = gate === 'review' ? 'somebody who read it said' : `the gate "${gate}" refused it`
      return `${index + 1}. ${what}:\n${fence.around('an earlier attempt', bounded(`${summary}${diff === '' ? '' : `\n\n${diff}`}`, LONGEST_LESSON))}`
    })
    .join('\n')
}
