import { JournalEntry, RunEvent, type RunId } from '@fixpoint/core'
import { UnreadableJournal } from './unreadable-journal.ts'

const EVENT_FILE = /^(\d{6,})\.json$/
const KNOWN_KINDS: ReadonlySet<unknown> = new Set(RunEvent.options.map((option) => option.shape.kind.value))

/** `000012.json`: names sort as their numbers do. */
export function eventFileName(seq: number): string {
  return `${String(seq).padStart(6, '0')}.json`
}

/** Undefined for what is no event file. */
export function seqOfFileName(name: string): number | undefined {
  const digits = EVENT_FILE.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Undefined when the text is torn (not JSON). Throws `UnreadableJournal` for JSON that is not event `seq` as we know events. */
export function parseEntry(run: RunId, seq: number, text: string): JournalEntry | undefined {
  const value = parseJson(text)
  if (value === undefined) return undefined
  const parsed = JournalEntry.safeParse(value)
  if (!parsed.success) throw new UnreadableJournal(run, whyUnreadable(seq, value))
  if (parsed.data.seq !== seq) throw new UnreadableJournal(run, `${eventFileName(seq)} says that it is event ${parsed.data.seq}`)
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined
  } catch {
    return undefined
  }
}

function whyUnreadable(seq: number, value: unknown): string {
  const version = field(value, 'v')
  if (typeof version === 'number' && version !== 1) return `event ${seq} has format ${version}: it was written by a newer version of Fixpoint`
  const kind = field(field(value, 'event'), 'kind')
  if (typeof kind === 'string' && !KNOWN_KINDS.has(kind)) {
    return `event ${seq} is of the unknown kind ${JSON.stringify(kind.slice(0, 80))}: it was written by a newer version of Fixpoint`
  }
  return `event ${seq} is not an event`
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
