import { type Critic, Failure, type Interlocutor, inert, type ReviewTask, type SourceSnapshot } from '@fixpoint/core'
import { z } from 'zod'
import { bounded } from './bounded-text.ts'
import { numbered } from './code-reading.ts'
import { Fence } from './fence.ts'
import { hunksBetween } from './line-hunks.ts'
import { type AgentOptions, replyLimit } from './open-talk.ts'
import { reportText, reproductionText } from './opening.ts'

type Review = { readonly approved: boolean; readonly why: string }

const Verdict = z.object({ approve: z.boolean(), why: z.string().min(1) })
const AROUND = 25
const LONGEST_PATCH = 20_000
const LONGEST_SURROUNDINGS = 16_000
const LONGEST_WHY = 1_000

/** One question to a mind that has seen nothing of how the patch came about. */
export function createCritic(options: AgentOptions): Critic {
  return { review: (task, model, signal) => review(options, task, model, signal) }
}

async function review({ prompts, hash }: AgentOptions, task: ReviewTask, model: Interlocutor, signal: AbortSignal): Promise<Review | undefined> {
  const { report, reproduction, candidate, evidence, source } = task
  const fence = new Fence(hash, { report, patch: candidate.patch.diff })
  const opening = prompts.fill('critic-task', {
    report: reportText(report, fence),
    reproduction: reproductionText(reproduction, fence),
    summary: fence.around('the author', candidate.origin.summary),
    patch: fence.around('the patch', bounded(candidate.patch.diff, LONGEST_PATCH)),
    surroundings: fence.around('the code with the patch', bounded(surroundings(source, candidate.patch.edits), LONGEST_SURROUNDINGS)),
    evidence: fence.around('what was checked', evidence.join('\n')),
  })
  const { $schema: _, ...input } = z.toJSONSchema(Verdict)
  const request = {
    system: prompts.fill('critic-system', { mark: fence.mark }),
    tools: [{ name: 'give_verdict', description: prompts.section('tools', 'give_verdict'), input }],
    messages: [{ role: 'user' as const, content: [{ kind: 'text' as const, text: opening, stable: true as const }] }],
    maxOutputTokens: replyLimit(model.card),
    toolChoice: 'any' as const,
  }
  try {
    const reply = await model.open('critic').ask(request, prompts.version(hash), signal)
    if ('spent' in reply || reply.stop === 'output-limit' || reply.stop === 'cut') return undefined
    const call = reply.content.find((part) => part.kind === 'tool-call' && part.name === 'give_verdict' && part.malformed === undefined)
    const verdict = Verdict.safeParse(call?.kind === 'tool-call' ? call.input : undefined)
    return verdict.success ? { approved: verdict.data.approve, why: inert(verdict.data.why, LONGEST_WHY) } : undefined
  } catch (failure) {
    // A patch that passed every gate is not lost because nobody could read it.
    if (failure instanceof Failure && (failure.code.startsWith('model-') || failure.code === 'budget-exhausted')) return undefined
    throw failure
  }
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
