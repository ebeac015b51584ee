import { type Dossier, type Explainer, type Explanation, inert, type LookingTools, type SourceSnapshot } from '@fixpoint/core'
import { type CodeReading, lineCount, unreadable } from './code-reading.ts'
import { Fence } from './fence.ts'
import { converse } from './loop.ts'
import { type AgentOptions, openTalk } from './open-talk.ts'
import { excerptsText, framesText, reportText, reproductionText, suspectsText } from './opening.ts'
import { excerptRoom } from './plan.ts'
import { type Given, giveAnswer } from './tools/answer.ts'
import { findDefinition } from './tools/find-definition.ts'
import { findReferences } from './tools/find-references.ts'
import { readFile } from './tools/read-file.ts'
import { searchCode } from './tools/search-code.ts'

const TURNS = 12
const LONGEST_TEXT = 4_000
const LONGEST_WHY = 300
const NOTHING = '(none)'

/** A question of the person who is served, and what is known that may answer it. */
export interface Question {
  readonly question: string
  /** A sentence each: from the journal of a run, from the index. */
  readonly facts: readonly string[]
  readonly dossier: Dossier | undefined
  readonly source: SourceSnapshot
}

export interface AgentExplainer extends Explainer {
  /** Undefined: no answer was given. */
  ask(question: Question, tools: LookingTools, signal: AbortSignal): Promise<Explanation | undefined>
}

/** Only looks. What it says about the code carries places that were checked to be there. */
export function createExplainer(options: AgentOptions): AgentExplainer {
  const { prompts, hash } = options
  return {
    async explain(task, tools, signal) {
      const { report, frames, reproduction, dossier, findings, source } = task
      const fence = new Fence(hash, { tree: source.tree, report, reproduction, findings })
      const opening = prompts.fill('explain-task', {
        report: reportText(report, fence),
        frames: framesText(frames, fence),
        reproduction: reproduction === undefined ? NOTHING : reproductionText(reproduction, fence),
        findings: findings.length === 0 ? NOTHING : fence.around('findings', findings.join('\n')),
        suspects: suspectsText(dossier?.suspects ?? [], fence),
        excerpts: excerptsText(dossier?.excerpts ?? [], excerptRoom(tools.model.card), fence),
      })
      return explanation({ ...options, source, fence, opening, name: 'explain' }, tools, signal)
    },
    async ask({ question, facts, dossier, source }, tools, signal) {
      const fence = new Fence(hash, { tree: source.tree, question, facts })
      const opening = prompts.fill('ask-task', {
        question: inert(question, LONGEST_TEXT),
        facts: facts.length === 0 ? NOTHING : fence.around('facts', facts.join('\n')),
        excerpts: excerptsText(dossier?.excerpts ?? [], excerptRoom(tools.model.card), fence),
      })
      return explanation({ ...options, source, fence, opening, name: 'ask' }, tools, signal)
    },
  }
}

interface Looking extends AgentOptions {
  readonly source: SourceSnapshot
  readonly fence: Fence
  readonly opening: string
  readonly name: string
}

async function explanation(looking: Looking, tools: LookingTools, signal: AbortSignal): Promise<Explanation | undefined> {
  const { prompts, hash, source, fence, opening, name } = looking
  const reading: CodeReading = { ...tools, source, text: (path) => source.text(path), fence, prompts }
  let given: Given | undefined
  const accept = (each: Given) => {
    given = each
  }
  const hands = [searchCode(reading), readFile(reading), findDefinition(reading), findReferences(reading), giveAnswer(prompts, accept)]
  const talk = openTalk({
    ...{ model: tools.model, prompts, hash, name, opening, tools: hands, turns: TURNS },
    system: prompts.fill('explainer-system', { mark: fence.mark }),
  })
  const conversation = converse(talk, signal)
  let step = await conversation.next()
  while (!step.done) step = await conversation.next()
  if (step.value.kind === 'ended' && step.value.failure !== undefined) throw step.value.failure
  return given === undefined ? undefined : checked(given, reading, tools.model.card.name)
}

/** Evidence that is not there, or may not be shown, is not shown. */
function checked({ text, evidence }: Given, reading: CodeReading, model: string): Explanation {
  const there = evidence.flatMap(({ path, from, to, why }): Explanation['evidence'] => {
    if (unreadable(path, reading) !== undefined || to < from || to > lineCount(reading.text(path) ?? '')) return []
    return [{ path, lines: [from, to], why: inert(why, LONGEST_WHY) }]
  })
  return { text: inert(text, LONGEST_TEXT), evidence: there, model }
}
