import { type Inbox, type InboxMessage, inert, type Run, type RunEvent, type RunId } from '@fixpoint/core'
import type { Archive } from './archive.ts'
import { Edit, Words } from './records.ts'

export interface Hearing {
  readonly runId: RunId
  readonly inbox: Inbox
  readonly archive: Archive
  readonly record: (event: RunEvent) => Promise<void>
  /** As it stands now. */
  readonly run: () => Run
}

/** Turns what people said into facts, oldest first. A message is taken after its fact is durable: killed in between, the second time finds it too late or already said. */
export async function hear({ runId, inbox, archive, record, run }: Hearing): Promise<void> {
  for (const { id, message } of await inbox.waiting(runId)) {
    // A pull request that ended ends the attempt that was under way at it, too.
    if (message.kind === 'ended' && isMidAttempt(run())) await record({ kind: 'run-cancelled' })
    const heard = await factOf(run(), message, archive)
    if ('tooLate' in heard) await inbox.take(id, heard.tooLate)
    else {
      await record(heard)
      await inbox.take(id)
    }
  }
}

async function factOf(run: Run, message: InboxMessage, archive: Archive): Promise<RunEvent | { readonly tooLate: string }> {
  if (run.phase === 'unopened' || run.phase === 'settled') return { tooLate: 'the run is over' }
  switch (message.kind) {
    case 'cancel':
      return run.phase === 'proposed' ? { tooLate: 'the proposal is published' } : { kind: 'run-cancelled' }
    case 'steer':
      if (run.phase === 'stuck') return { tooLate: 'the run has stopped' }
      return { kind: 'run-steered', by: message.by, lesson: await wordsOf(message, archive) }
    case 'ended':
      return endedFact(run, message, archive)
    default:
  }
  if (run.phase === 'proposed' && message.kind !== 'request-changes')
    return { tooLate: 'the proposal is published: its pull request is where it is decided on' }
  if (run.phase !== 'proposing' && run.phase !== 'proposed') return { tooLate: 'there is no proposal to decide on' }
  if (run.proposal !== message.proposal) return { tooLate: 'the proposal has changed since it was shown' }
  switch (message.kind) {
    case 'approve':
      return { kind: 'proposal-approved', by: message.by }
    case 'request-changes':
      return { kind: 'changes-requested', by: message.by, lesson: await wordsOf(message, archive) }
    case 'edit':
      return { kind: 'patch-edited', by: message.by, edit: await archive.put(Edit, { by: message.by, diff: message.diff }) }
    case 'reject':
      return { kind: 'proposal-rejected', by: message.by, reason: await wordsOf(message, archive) }
    default:
      return message satisfies never
  }
}

async function endedFact(run: Run, { by, words, outcome, merge, edited }: Extract<InboxMessage, { kind: 'ended' }>, archive: Archive) {
  if (run.phase !== 'proposed') return { tooLate: 'no pull request of this run is open' }
  const said = words === undefined ? undefined : await wordsOf({ by, words }, archive)
  const more = { ...(said && { words: said }), ...(merge && { merge }), ...(edited !== undefined && { edited }) }
  return { kind: 'run-settled' as const, outcome, by, ...more }
}

function isMidAttempt(run: Run): boolean {
  return run.phase !== 'unopened' && run.phase !== 'settled' && run.phase !== 'proposed' && run.published !== undefined
}

function wordsOf({ by, words, review }: { by: string; words: string; review?: number | undefined }, archive: Archive) {
  return archive.put(Words, { by, words: inert(words, 20_000), ...(review !== undefined && { review }) })
}
