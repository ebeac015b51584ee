import { type Inbox, type InboxMessage, inert, type Run, type RunEvent, type RunId } from '@fixpoint/core'
import type { Archive } from './archive.ts'
import { Words } from './records.ts'

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
    default:
  }
  if (run.phase !== 'proposing') return { tooLate: 'there is no proposal to decide on' }
  if (run.proposal !== message.proposal) return { tooLate: 'the proposal has changed since it was shown' }
  switch (message.kind) {
    case 'approve':
      return { kind: 'proposal-approved', by: message.by }
    case 'request-changes':
      return { kind: 'changes-requested', by: message.by, lesson: await wordsOf(message, archive) }
    case 'reject':
      return { kind: 'proposal-rejected', by: message.by, reason: await wordsOf(message, archive) }
    default:
      return message satisfies never
  }
}

function wordsOf({ by, words }: { by: string; words: string }, archive: Archive) {
  return archive.put(Words, { by, words: inert(words, 20_000) })
}
