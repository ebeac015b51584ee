import {
  type Artifacts,
  costByLane,
  Diagnosis,
  type Digest,
  fold,
  type Journal,
  type Outcome,
  type Phase,
  type RunId,
  shownProposal,
  tokensOf,
} from '@fixpoint/core'
import { Archive, Judgement, PlannedProposal, Words } from '@fixpoint/engine'

/** One patch that was judged, in a line. */
export interface JudgedLine {
  readonly summary: string
  readonly verdict: string
  readonly gate: string | undefined
}

/** How a run stands, for people: everything that the comment, the check and the answers to a review say is made of this. */
export interface RunStatus {
  readonly run: RunId
  readonly phase: Phase
  readonly base: string
  readonly reproduced: boolean
  readonly judged: readonly JudgedLine[]
  readonly proposal: (Pick<PlannedProposal, 'strength' | 'title' | 'branch' | 'diff' | 'question'> & { readonly digest: Digest }) | undefined
  readonly published: { readonly commit: string; readonly pull: number | undefined } | undefined
  readonly awaitsApproval: boolean
  readonly diagnosis: Diagnosis | undefined
  readonly outcome: Outcome | undefined
  /** What people wanted changed, oldest first; `published`: the commit that answers it. */
  readonly rounds: readonly { readonly by: string; readonly review: number | undefined; readonly commit: string | undefined }[]
  readonly tokens: number
  /** In US dollars. */
  readonly money: number
  readonly minutes: number
}

/** Undefined for a run that was never opened. What has expired is left out. */
export async function statusOf(runId: RunId, { journal, artifacts }: { journal: Pick<Journal, 'read'>; artifacts: Artifacts }): Promise<RunStatus | undefined> {
  const entries = await journal.read(runId)
  const [first, last] = [entries[0], entries.at(-1)]
  if (first?.event.kind !== 'run-opened' || last === undefined) return undefined
  const run = fold(entries)
  const archive = new Archive(artifacts)
  const events = entries.map(({ event }) => event)
  const published = events.findLast((event) => event.kind === 'proposal-published')
  const planned = shownProposal(run)
  const [judged, proposal, diagnosis, rounds] = await Promise.all([
    Promise.all(events.flatMap((event) => (event.kind === 'patch-judged' ? [lineOf(event.judgement, archive)] : []))),
    planned === undefined ? undefined : archive.get(PlannedProposal, planned).catch(() => undefined),
    run.phase === 'settled' || run.phase === 'proposed' ? diagnosisOf(run.diagnosis, archive) : undefined,
    roundsOf(events, archive),
  ])
  const costs = costByLane(events.flatMap((event) => (event.kind === 'model-answered' ? [event] : [])))
  return {
    run: runId,
    phase: run.phase,
    base: events.reduce((base, event) => (event.kind === 'base-moved' || event.kind === 'run-opened' ? event.base : base), first.event.base),
    reproduced: events.some((event) => event.kind === 'bug-reproduced'),
    judged: judged.filter((line) => line !== undefined),
    proposal: proposal && planned && { ...proposal, digest: planned },
    published: published && { commit: published.commit, pull: published.pull },
    awaitsApproval: run.phase === 'proposing' && !run.approved && run.policy.autonomy !== 'observe',
    diagnosis,
    outcome: run.phase === 'settled' ? run.outcome : undefined,
    rounds,
    tokens: costs.reduce((sum, { usage }) => sum + tokensOf(usage), 0),
    money: costs.reduce((sum, { money }) => sum + money, 0),
    minutes: (Date.parse(last.at) - Date.parse(first.at)) / 60_000,
  }
}

async function lineOf(judgement: Digest, archive: Archive): Promise<JudgedLine | undefined> {
  const read = await archive.get(Judgement, judgement).catch(() => undefined)
  return read && { summary: read.candidate.origin.summary, verdict: read.verdict.name, gate: read.verdict.gates.find((gate) => gate.status === 'failed')?.gate }
}

async function diagnosisOf(digest: Digest | undefined, archive: Archive): Promise<Diagnosis | undefined> {
  return digest === undefined ? undefined : archive.get(Diagnosis, digest).catch(() => undefined)
}

async function roundsOf(events: readonly Parameters<typeof isRound>[0][], archive: Archive): Promise<RunStatus['rounds']> {
  const rounds: { by: string; review: number | undefined; commit: string | undefined }[] = []
  for (const event of events) {
    if (isRound(event)) rounds.push({ by: event.by, review: (await archive.get(Words, event.lesson).catch(() => undefined))?.review, commit: undefined })
    if (event.kind === 'proposal-published') for (const round of rounds) round.commit ??= event.commit
  }
  return rounds
}

type Fact = Awaited<ReturnType<Journal['read']>>[number]['event']
function isRound(event: Fact): event is Extract<Fact, { kind: 'changes-requested' }> {
  return event.kind === 'changes-requested'
}
