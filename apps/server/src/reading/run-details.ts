import { type Artifacts, BugReport, Diagnosis, type Digest, Dossier, type JournalEntry, Review, tokensOf } from '@fixpoint/core'
import { z } from 'zod'
import { present } from '../api/app.ts'
import { artifactBytes } from '../api/artifacts.ts'
import { Refusal } from '../problem.ts'
import type { Details } from './details.ts'
import { FailedStep, Judged, Said } from './records.ts'
import { stepsOf } from './run-steps.ts'

type Fact<K extends JournalEntry['event']['kind']> = Extract<JournalEntry['event'], { kind: K }>

/** Reports and diffs of strangers can be of any length; the artifact holds all of it. */
const LONGEST_TEXT = 60_000

/** Everything that one run has to tell; what has expired is left out. */
export async function detailsOf(entries: readonly JournalEntry[], artifacts: Artifacts): Promise<Details> {
  const read = <T extends z.ZodType>(digest: Digest | undefined, schema: T) => readOr(artifacts, digest, schema)
  const opened = factsOf(entries, 'run-opened')[0]?.event
  const [report, dossier, diagnosis, attempts, words, failures] = await Promise.all([
    read(opened?.report, BugReport.pick({ title: true, text: true, origin: true })),
    read(factsOf(entries, 'dossier-gathered').at(-1)?.event.dossier, Dossier),
    read(factsOf(entries, 'run-diagnosed').at(-1)?.event.diagnosis, Diagnosis),
    Promise.all(factsOf(entries, 'patch-judged').map(({ at, event }, index) => attemptOf(index + 1, at, event, entries, read))),
    Promise.all(saidIn(entries).map(async ({ at, kind, by, digest }) => ({ at, kind, by, words: (await read(digest, Said))?.words }))),
    Promise.all(
      factsOf(entries, 'step-failed').map(async ({ seq, at, event }) => ({
        seq,
        at,
        step: event.step,
        ...(await read(event.detail, FailedStep)),
        code: event.code,
      })),
    ),
  ])
  const exchanges = factsOf(entries, 'model-answered').map(({ seq, at, event }) => {
    const { lane, conversation, model, usage, money, exchange } = event
    return { seq, at, lane, conversation, model, usage, money, exchange }
  })
  const pull = factsOf(entries, 'proposal-published').at(-1)?.event.pull
  return {
    ...present({ base: baseOf(entries), policy: opened?.policy, dossier, diagnosis }),
    ...(report && { report: { title: report.title.untrusted, text: report.text.untrusted.slice(0, LONGEST_TEXT), origin: report.origin } }),
    spent: {
      money: exchanges.reduce((sum, { money }) => sum + money, 0),
      tokens: exchanges.reduce((sum, { usage }) => sum + tokensOf(usage), 0),
      exchanges: exchanges.length,
      elapsedMs: elapsed(entries),
    },
    ...{ steps: stepsOf(entries), attempts, exchanges, words, failures },
    ...(pull !== undefined && { pull: { number: pull } }),
  }
}

async function attemptOf(
  number: number,
  at: string,
  { judgement, verdict }: Fact<'patch-judged'>,
  entries: readonly JournalEntry[],
  read: <T extends z.ZodType>(digest: Digest | undefined, schema: T) => Promise<z.infer<T> | undefined>,
): Promise<Details['attempts'][number]> {
  const judged = await read(judgement, Judged)
  const reviewed = reviewAfter(entries, judgement)
  const review = await read(reviewed?.review, Review)
  return {
    ...{ number, at, verdict, judgement },
    ...(judged && {
      ...{ drafter: judged.candidate.origin.drafter, kind: judged.candidate.origin.kind, summary: judged.candidate.origin.summary },
      ...{ symptomOnly: judged.candidate.origin.symptomOnly, diff: judged.candidate.patch.diff.slice(0, LONGEST_TEXT), gates: judged.verdict.gates },
      ...(judged.lesson && { lesson: judged.lesson.summary }),
    }),
    ...(reviewed && { review: { approved: reviewed.approved, lane: reviewed.lane, ...present({ why: review?.why }) } }),
  }
}

/** What a second reader said right after this judgement. */
function reviewAfter(entries: readonly JournalEntry[], judgement: Digest): Fact<'patch-reviewed'> | undefined {
  const at = entries.findIndex(({ event }) => event.kind === 'patch-judged' && event.judgement === judgement)
  const after = entries.slice(at + 1)
  const next = after.findIndex(({ event }) => event.kind === 'patch-judged')
  return factsOf(next < 0 ? after : after.slice(0, next), 'patch-reviewed')[0]?.event
}

type Words = Omit<Details['words'][number], 'words'> & { digest: Digest | undefined }

/** What people said to the run, oldest first. */
function saidIn(entries: readonly JournalEntry[]): Words[] {
  return entries.flatMap(({ at, event }): Words[] => {
    switch (event.kind) {
      case 'run-steered':
        return [{ at, kind: 'steer', by: event.by, digest: event.lesson }]
      case 'changes-requested':
        return [{ at, kind: 'request-changes', by: event.by, digest: event.lesson }]
      case 'patch-edited':
        return [{ at, kind: 'edit', by: event.by, digest: undefined }]
      case 'proposal-rejected':
        return [{ at, kind: 'reject', by: event.by, digest: event.reason }]
      case 'proposal-approved':
        return [{ at, kind: 'approve', by: event.by, digest: undefined }]
      default:
        return []
    }
  })
}

function baseOf(entries: readonly JournalEntry[]): string | undefined {
  return factsOf(entries, 'base-moved').at(-1)?.event.base ?? factsOf(entries, 'run-opened')[0]?.event.base
}

function elapsed(entries: readonly JournalEntry[]): number {
  return Date.parse(entries.at(-1)?.at ?? '') - Date.parse(entries[0]?.at ?? '') || 0
}

function factsOf<K extends JournalEntry['event']['kind']>(entries: readonly JournalEntry[], kind: K): (Omit<JournalEntry, 'event'> & { event: Fact<K> })[] {
  return entries.filter((entry): entry is JournalEntry & { event: Fact<K> } => entry.event.kind === kind)
}

/** Undefined when it has expired, or an older version wrote what is not understood any more. */
async function readOr<T extends z.ZodType>(artifacts: Artifacts, digest: Digest | undefined, schema: T): Promise<z.infer<T> | undefined> {
  if (digest === undefined) return undefined
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(await artifactBytes(artifacts, digest))))
  } catch (cause) {
    if (cause instanceof Refusal || cause instanceof z.ZodError) return undefined
    throw cause
  }
}
