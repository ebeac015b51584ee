import { type Critic, inert, type LookingTools, type PatchOrigin, type Review, type ReviewTask, type SourceSnapshot } from '@fixpoint/core'
import { bounded } from './bounded-text.ts'
import { type CodeReading, numbered } from './code-reading.ts'
import { Fence } from './fence.ts'
import { hunksBetween } from './line-hunks.ts'
import { converse } from './loop.ts'
import { type AgentOptions, openTalk } from './open-talk.ts'
import { hasSecond, reportText, reproductionText } from './opening.ts'
import type { Prompts } from './prompts.ts'
import { findDefinition } from './tools/find-definition.ts'
import { findReferences } from './tools/find-references.ts'
import { giveVerdict } from './tools/give-verdict.ts'
import { readFile } from './tools/read-file.ts'
import { searchCode } from './tools/search-code.ts'

const TURNS = 10
const AROUND = 25
const LONGEST_PATCH = 20_000
const LONGEST_SURROUNDINGS = 16_000
const LONGEST_CONTRADICTION = 600

/** A mind that has seen nothing of how the patch came about, and can look at the code, its tests and its documentation. */
export function createCritic(options: AgentOptions): Critic {
  return { review: (task, tools, signal) => review(options, task, tools, signal) }
}

async function review({ prompts, hash }: AgentOptions, task: ReviewTask, tools: LookingTools, signal: AbortSignal): Promise<Review | undefined> {
  const { reproduction, candidate, source } = task
  const fence = new Fence(hash, { report: task.report, patch: candidate.patch.diff, reproduction })
  const patched = new Map(candidate.patch.edits.map(({ path, content }) => [path, content]))
  const reading: CodeReading = { ...tools, source, text: (path) => (patched.has(path) ? (patched.get(path) ?? undefined) : source.text(path)), fence, prompts }
  const isModels = reproduction.source === 'agent'
  let verdict: Review | undefined
  const hands = [
    searchCode(reading),
    readFile(reading),
    findDefinition(reading),
    findReferences(reading),
    giveVerdict(prompts, { mayObjectToTest: isModels }, (given) => {
      verdict = given
    }),
  ]
  const talk = openTalk({
    ...{ model: tools.model, name: 'critic', prompts, hash, tools: hands, turns: TURNS },
    system: prompts.fill('critic-system', { mark: fence.mark }),
    opening: opening(task, fence, prompts),
  })
  const conversation = converse(talk, signal)
  let step = await conversation.next()
  while (!step.done) step = await conversation.next()
  if (step.value.kind === 'ended' && step.value.failure !== undefined) throw step.value.failure
  return verdict
}

function opening({ report, reproduction, candidate, evidence, contradicted, source }: ReviewTask, fence: Fence, prompts: Prompts): string {
  const { patch, origin } = candidate
  return prompts.fill('critic-task', {
    report: reportText(report, fence),
    reproduction: reproductionText(reproduction, fence),
    author: prompts.section('failures', authorOf(reproduction)),
    summary: fence.around('the author', origin.summary),
    patch: fence.around('the patch', bounded(patch.diff, LONGEST_PATCH)),
    surroundings: fence.around('the code with the patch', bounded(surroundings(source, patch.edits), LONGEST_SURROUNDINGS)),
    evidence: fence.around('what was checked', evidence.join('\n')),
    contradicted: contradictedText(contradicted, origin, fence, prompts),
  })
}

function authorOf(reproduction: ReviewTask['reproduction']): string {
  if (reproduction.source !== 'agent') return 'test of the repository'
  return hasSecond(reproduction) ? 'tests by two models' : 'test by a model'
}

function contradictedText(contradicted: ReviewTask['contradicted'], { contradicts }: PatchOrigin, fence: Fence, prompts: Prompts): string {
  if (contradicts === undefined) return ''
  const tests = contradicted.map(({ id, assertion, message }) => inert(`${id}\n  ${assertion ?? ''}\n  ${message.split('\n')[0]}`, LONGEST_CONTRADICTION))
  return prompts.section('failures', 'contradicted tests', {
    tests: fence.around('tests that fail with the patch', tests.join('\n')),
    claim: fence.around('the author', `${contradicts.why}\nThe report: "${contradicts.quote}"`),
  })
}

/** The lines around each change, as they are with the patch. */
function surroundings(source: SourceSnapshot, edits: ReviewTask['candidate']['patch']['edits']): string {
  return edits
    .flatMap(({ path, content }) => {
      const after = content ?? ''
      let shift = 0
      let shownTo = 0
      return hunksBetween(source.text(path) ?? '', after).flatMap(({ at, removed, added }) => {
        const first = Math.max(at + shift + 1 - AROUND, shownTo + 1)
        const last = at + shift + added.length + AROUND
        shift += added.length - removed.length
        if (last < first) return []
        shownTo = last
        return [`${path}:\n${numbered(after, first, last)}`]
      })
    })
    .join('\n\n')
}
