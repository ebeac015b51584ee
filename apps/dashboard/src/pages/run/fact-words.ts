import type { RunEvent } from '@fixpoint/core'
import type { Fact } from './run.ts'

/** A fact of the journal in a sentence. */
export function factWords(event: RunEvent): string {
  switch (event.kind) {
    case 'run-opened':
      return `opened on ${short(event.base)}`
    case 'bug-reproduced':
      return `the failure is ours, by ${event.source}`
    case 'bug-not-reproduced':
      return 'the failure could not be made to happen'
    case 'dossier-gathered':
      return 'chose what to know'
    case 'patch-drafted':
      return `${event.drafter} drafted a patch${event.pending.length > 0 ? `; ${event.pending.length} more wait` : ''}`
    case 'pending-dismissed':
      return `${event.count} more ${event.count === 1 ? 'does' : 'do'} what the patch does that passed: not judged`
    case 'drafters-exhausted':
      return 'no drafter has another patch'
    case 'patch-minimised':
      return 'left out what is not needed'
    case 'patch-judged':
      return `verdict: ${event.verdict}`
    case 'patch-chosen':
      return `chose the patch that was judged ${event.verdict}`
    case 'proposal-planned':
      return `a proposal${event.strength ? `, ${event.strength}` : ''}`
    case 'proposal-approved':
      return `${event.by} approved it`
    case 'changes-requested':
      return `${event.by} asked for changes`
    case 'patch-edited':
      return `${event.by} edited the patch`
    case 'proposal-rejected':
      return `${event.by} rejected it`
    case 'proposal-withheld':
      return 'observed only: it was shown to nobody'
    case 'run-steered':
      return `${event.by} said something`
    case 'base-moved':
      return `the base moved to ${short(event.base)}${event.carried ? ', and the patch with it' : ''}`
    case 'proposal-published':
      return `published as ${short(event.commit)}${event.pull === undefined ? '' : `, pull request ${event.pull}`}`
    case 'run-settled':
      return `settled: ${event.outcome}${event.by ? ` by ${event.by}` : ''}`
    case 'run-diagnosed':
      return 'wrote a diagnosis'
    case 'run-stopped':
      return `stopped: ${event.reason}`
    case 'run-cancelled':
      return 'cancelled'
    case 'patch-reviewed':
      return event.approved ? `${event.lane} read it and has no objection` : `${event.lane} read it and objects to the ${event.objection ?? 'patch'}`
    case 'reproduction-widened':
      return 'the test asks for more now'
    case 'second-test-sought':
      return event.found ? 'another mind wrote a test of its own from the report' : 'no other mind could write a test from the report'
    case 'model-answered':
      return `${event.model} answered ${event.lane} (${event.conversation}): ${event.usage.outputTokens} tokens out, $${event.money.toFixed(4)}`
    case 'step-failed':
      return `${event.step} failed: ${event.code}`
    default:
      return event satisfies never
  }
}

const GOOD: readonly RunEvent['kind'][] = ['bug-reproduced', 'proposal-approved', 'proposal-published']
const BAD: readonly RunEvent['kind'][] = ['step-failed', 'bug-not-reproduced', 'run-stopped', 'proposal-rejected']

/** A fact as a line of a log, in a terminal's colours. Names in it are strangers' words: what they hold is theirs, and shown as text. */
export function factLine({ at, event }: Fact): string {
  const colour = GOOD.includes(event.kind) ? 32 : BAD.includes(event.kind) ? 31 : event.kind === 'model-answered' ? 90 : 0
  return `\u001b[90m${at.slice(0, 10)} ${at.slice(11, 23)}\u001b[0m  \u001b[${colour}m${event.kind.padEnd(20)}\u001b[0m  ${factWords(event)}`
}

function short(id: string): string {
  return id.slice(0, 8)
}
