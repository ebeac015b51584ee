import { type Candidate, type Contradiction, type DraftEvent, type Drafter, type DraftTask, type DraftTools, type Interlocutor, inert } from '@fixpoint/core'
import type { CodeReading } from './code-reading.ts'
import { Fence } from './fence.ts'
import { HiddenText } from './hidden-text.ts'
import { normalDiff } from './line-hunks.ts'
import { converse, type Ending, type Progress } from './loop.ts'
import { type AgentOptions, openTalk } from './open-talk.ts'
import { draftOpening } from './opening.ts'
import { PatchTrial } from './patch-trial.ts'
import { type DraftPlan, planDraft } from './plan.ts'
import { editFile } from './tools/edit-file.ts'
import { findDefinition } from './tools/find-definition.ts'
import { findReferences } from './tools/find-references.ts'
import { giveUp } from './tools/give-up.ts'
import { listRelatedTests } from './tools/list-related-tests.ts'
import { readFile } from './tools/read-file.ts'
import { runCommand } from './tools/run-command.ts'
import { runTests } from './tools/run-tests.ts'
import { searchCode } from './tools/search-code.ts'
import { type Submitted, submitPatch } from './tools/submit-patch.ts'

const LONGEST_SUMMARY = 600
/** What several conversations came to on their own is likelier right than what a model says it is sure of. */
const AGREEMENT = 1
const CONFIDENCE = 0.5
const PROBABILITY = 0.1

/** The drafter that asks a model: the same tools for every lane, a different mind behind them. */
export function createAgentDrafter(options: AgentOptions & { readonly name: string }): Drafter {
  return { name: options.name, draft: (task, tools, signal) => draft(options, task, tools, signal) }
}

const SURE = 0.8

/** Where a test states what should happen and passes, others would say the same again, for money. What a model's own test is worth, a second test tells. */
function isSettled({ confidence, symptomOnly, checked, contradicts }: Draft, { reproduction }: DraftTask): boolean {
  const isDoubtful = symptomOnly || checked.onlyGuards || contradicts !== undefined
  return reproduction.oracle === 'specified' && confidence >= SURE && !isDoubtful
}

/** What one conversation came to. */
interface Draft extends Submitted {
  readonly logProbability: number | undefined
}

async function* draft(options: AgentOptions & { name: string }, task: DraftTask, tools: DraftTools, signal: AbortSignal): AsyncGenerator<DraftEvent> {
  const { name, hash } = options
  if (tools.model === undefined) {
    yield { kind: 'abstained', findings: [`${name}: no model is set up for this lane`] }
    return
  }
  const plan = planDraft(task, tools.model.card, name)
  // The same for every attempt of a run, so that what comes before the lessons can be read from a provider's cache.
  const about = { tree: task.source.tree, report: task.report, reproduction: task.reproduction }
  const desk = { ...options, task, tools, plan, model: tools.model, fence: new Fence(hash, about) }
  const drafts: Draft[] = []
  const findings: string[] = []
  for (const each of plan.conversations) {
    tools.edits.reset()
    const { ending, draft: found, finding } = yield* oneCandidate(desk, each, signal)
    if (found !== undefined) drafts.push(found)
    findings.push(`${name}: ${finding}`)
    if (found !== undefined && isSettled(found, task)) break
    if (ending.kind !== 'ended') continue
    // What was edited before the money ended has been tried; without it, the run is told why there is no more.
    if (ending.failure !== undefined && drafts.length === 0) throw ending.failure
    if (ending.isSpent) break
  }
  tools.edits.reset()
  for (const candidate of ranked(drafts, name)) yield { kind: 'candidate', candidate }
  if (drafts.length === 0) yield { kind: 'abstained', findings }
}

interface Desk extends AgentOptions {
  readonly task: DraftTask
  readonly tools: DraftTools
  readonly plan: DraftPlan
  readonly model: Interlocutor
  readonly fence: Fence
}

async function* oneCandidate(
  desk: Desk,
  { name, temperature }: DraftPlan['conversations'][number],
  signal: AbortSignal,
): AsyncGenerator<Progress, { ending: Ending; draft: Draft | undefined; finding: string }> {
  const { task, tools, plan, model, fence, prompts, hash } = desk
  const hidden = new HiddenText(task.source, tools.isHidden)
  const trial = new PatchTrial(task, tools, { fence, hidden })
  let submitted: Submitted | undefined
  let obstacle: string | undefined
  const hands = [
    ...toolsOf(desk, hidden, trial, (each) => {
      submitted = each
    }),
    giveUp(desk.prompts, (reason) => {
      obstacle = reason
    }),
  ]
  const talk = openTalk({
    ...{ model, name, prompts, hash, tools: hands, temperature, turns: plan.turns, thinkingTokens: plan.thinkingTokens },
    system: prompts.fill('drafter-system', { mark: fence.mark }),
    opening: draftOpening(task, plan, tools.isHidden, fence, prompts),
    state: () => tools.edits.patch().diff,
  })
  const ending = yield* converse(talk, signal)
  if (obstacle === undefined) submitted ??= await unsubmitted(trial, signal)
  const logProbability = talk.transcript.meanLogProbability()
  return {
    ending,
    draft: submitted === undefined ? undefined : { ...submitted, logProbability },
    finding: obstacle === undefined ? findingOf(ending, tools) : `gave up: ${obstacle}`,
  }
}

function toolsOf({ task, tools, fence, prompts }: Desk, hidden: HiddenText, trial: PatchTrial, accept: (submitted: Submitted) => void) {
  const { edits, search, symbols, isHidden, syntaxError, bench, room } = tools
  const reading: CodeReading = { source: task.source, text: (path) => edits.text(path), search, symbols, isHidden, fence, prompts }
  return [
    searchCode(reading),
    readFile(reading),
    findDefinition(reading),
    findReferences(reading),
    listRelatedTests(reading, { project: task.project, baseline: task.baseline, related: task.dossier.relatedTests }),
    editFile(reading, { edits, syntaxError }),
    runTests(reading, task, { bench, edits, hidden }),
    runCommand(reading, { room, hidden, edits: () => edits.edits() }),
    submitPatch(prompts, trial, task.report, accept),
  ]
}

/** A conversation that ended before it said that it was done may have been. */
async function unsubmitted(trial: PatchTrial, signal: AbortSignal): Promise<Submitted | undefined> {
  const checked = await trial.check(signal)
  if ('why' in checked) return undefined
  return { checked, cause: 'makes the reproduction pass; the model did not say why', symptomOnly: false, confidence: 0 }
}

function findingOf(ending: Ending, { edits }: DraftTools): string {
  const left = edits.patch().edits.length === 0 ? 'nothing was edited' : 'its edits do not pass'
  if (ending.kind === 'stuck') return `stuck (${ending.in}); ${left}`
  return ending.kind === 'ended' ? `${ending.why}; ${left}` : 'submitted a patch'
}

/** The same patch from several conversations is one candidate, and a better one. */
function ranked(drafts: readonly Draft[], drafter: string): Candidate[] {
  const alike = new Map<string, Draft[]>()
  for (const each of drafts) {
    const key = normalDiff(each.checked.patch.diff)
    alike.set(key, [...(alike.get(key) ?? []), each])
  }
  const candidates = [...alike.values()].flatMap((same): Candidate[] => {
    const [first] = [...same].sort((a, b) => b.confidence - a.confidence)
    if (first === undefined) return []
    const probability = first.logProbability === undefined ? 0 : Math.exp(first.logProbability)
    const score = AGREEMENT * same.length + CONFIDENCE * first.confidence + PROBABILITY * probability
    const summary = inert(first.cause.replace(/\s+/g, ' ').trim(), LONGEST_SUMMARY)
    const symptomOnly = first.symptomOnly || first.checked.onlyGuards
    const contradicts = first.contradicts === undefined ? {} : { contradicts: shortened(first.contradicts) }
    return [{ patch: first.checked.patch, origin: { drafter, kind: 'agent', summary, symptomOnly, score, ...contradicts } }]
  })
  return candidates.sort((a, b) => b.origin.score - a.origin.score)
}

function shortened({ tests, quote, why }: Contradiction): Contradiction {
  return { tests, quote: inert(quote, LONGEST_SUMMARY), why: inert(why, LONGEST_SUMMARY) }
}
