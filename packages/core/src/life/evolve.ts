import { IllegalEvent } from '../words/failure.ts'
import type { Digest } from '../words/ids.ts'
import type { JournalEntry, RunEvent, StopReason } from './events.ts'
import { lifecycle } from './lifecycle.ts'
import type { JudgedPatch, Phase, Run, RunIn } from './run.ts'

/** What the run is after a fact. Pure. Throws `IllegalEvent` on a fact that the phase does not allow. */
export function evolve(run: Run, event: RunEvent): Run {
  const allowed: readonly string[] = lifecycle[run.phase]
  if (!allowed.includes(event.kind)) throw new IllegalEvent(`${event.kind} in phase ${run.phase}: only ${allowed.join(', ') || 'nothing'} may follow`)
  switch (event.kind) {
    case 'run-opened':
      return { phase: 'opened', report: event.report, workspace: event.workspace, base: event.base, policy: event.policy, words: [], answered: [], failures: 0 }
    case 'bug-reproduced':
      return { ...as(run, 'opened'), phase: 'reproduced', reproduction: event.reproduction, reproducedBy: event.source, baseline: event.baseline, failures: 0 }
    case 'bug-not-reproduced':
      // What failed on the base of before and does not fail now was mended by somebody else.
      return stuck(run, as(run, 'opened').moved ? 'overtaken' : 'not-reproduced', event.findings)
    case 'dossier-gathered': {
      const informed: RunIn<'informed'> = {
        ...as(run, 'reproduced'),
        phase: 'informed',
        dossier: event.dossier,
        judged: [],
        pending: as(run, 'reproduced').carried === undefined ? [] : [as(run, 'reproduced').carried as Digest],
        drafts: [],
        readings: 0,
        objections: 0,
        soughtSecondTest: false,
        failures: 0,
      }
      return informed.policy.budget.attempts === 0 ? stuck(informed, 'budget-exhausted') : informed
    }
    case 'patch-drafted': {
      const informed = as(run, 'informed')
      const isAgain = informed.judged.some(({ candidate }) => candidate === event.candidate)
      const drafts = isAgain ? informed.drafts : [...informed.drafts, event.drafter]
      const { edit: _, ...rest } = informed
      return { ...rest, phase: 'drafted', candidate: event.candidate, pending: event.pending, drafts, failures: 0 }
    }
    case 'pending-dismissed':
      return { ...as(run, 'informed'), pending: [], failures: 0 }
    case 'drafters-exhausted':
      return backToOffer(run) ?? stuck(run, as(run, 'informed').judged.length > 0 ? 'needs-a-person' : 'no-patch', event.findings)
    case 'patch-minimised': {
      const { candidate: _, ...drafted } = as(run, 'drafted')
      // Two candidates may shrink to one patch: it was judged already. Who asks for it by hand is told again.
      if (drafted.offered === undefined && drafted.judged.some((judged) => judged.patch === event.patch && judged.outdated !== true))
        return { ...drafted, phase: 'informed', failures: 0 }
      return { ...drafted, phase: 'minimised', candidate: event.candidate, patch: event.patch, failures: 0 }
    }
    case 'patch-judged': {
      const { candidate, patch, ...minimised } = as(run, 'minimised')
      const judged = [...minimised.judged, { candidate, patch, judgement: event.judgement, verdict: event.verdict }]
      const informed: RunIn<'informed'> = { ...minimised, phase: 'informed', judged, failures: 0 }
      const refused = judged.some(isSurvivor) ? undefined : backToOffer(informed)
      if (refused !== undefined) return refused
      const spent = judged.length >= informed.policy.budget.attempts
      if (!spent || judged.some(isSurvivor)) return informed
      return stuck(informed, informed.soughtSecondTest ? 'needs-a-person' : 'budget-exhausted')
    }
    case 'patch-chosen':
      return {
        ...as(run, 'informed'),
        phase: 'judged',
        candidate: event.candidate,
        judgement: event.judgement,
        contested: event.verdict === 'contested',
        isRead: false,
        review: undefined,
        doubt: undefined,
        failures: 0,
      }
    case 'patch-reviewed': {
      const before = as(run, 'judged')
      const read = { ...before, readings: before.readings + 1, failures: 0 }
      if (event.approved) return { ...read, isRead: true, review: event.review }
      const toTest = event.objection === 'test'
      const judged = read.judged.map((each) =>
        each.judgement !== read.judgement
          ? each
          : { ...each, ...(toTest ? {} : { turnedDown: true as const }), ...(event.review === undefined ? {} : { objection: event.review }) },
      )
      const words = event.lesson === undefined ? read.words : [...read.words, event.lesson]
      const objected = { ...read, judged, words, objections: read.objections + 1 }
      const refused = toTest && read.objections === 0 ? undefined : backToOffer(objected)
      if (refused !== undefined) return refused
      if (read.objections > 0) return stuck(objected, 'needs-a-person')
      return toTest ? { ...objected, doubt: event.review } : { ...undecided(objected), phase: 'informed' }
    }
    case 'reproduction-widened':
      return judgedAgain(as(run, 'judged'), event.reproduction)
    case 'second-test-sought': {
      const sought = { ...as(run, 'judged'), soughtSecondTest: true }
      return event.found ? judgedAgain(sought, event.reproduction) : { ...sought, reproduction: event.reproduction, failures: 0 }
    }
    case 'proposal-planned': {
      const { offered: _, ...chosen } = as(run, 'judged')
      return { ...chosen, phase: 'proposing', proposal: event.proposal, strength: event.strength, approved: false, failures: 0 }
    }
    case 'proposal-approved':
      return { ...as(run, 'proposing'), approved: true, failures: 0 }
    case 'changes-requested': {
      const offered = run.phase === 'proposed' ? run : as(run, 'proposing')
      const judged = offered.judged.map(turnedDown)
      const published = offered.phase === 'proposed' ? withoutPhase(offered) : offered.published
      return { ...informedOf(offered), judged, words: [...offered.words, event.lesson], ...(published && { published }) }
    }
    case 'patch-edited': {
      const { phase: _, ...offered } = as(run, 'proposing')
      return {
        ...informedOf(as(run, 'proposing')),
        judged: offered.judged.map(turnedDown),
        edit: event.edit,
        offered: { ...offered, approved: false },
        ...(offered.published && { published: offered.published }),
      }
    }
    case 'proposal-rejected':
      return { phase: 'settled', outcome: 'declined', proposal: as(run, 'proposing').proposal, diagnosis: undefined }
    case 'proposal-withheld':
      return { phase: 'settled', outcome: 'delivered', proposal: as(run, 'proposing').proposal, diagnosis: undefined }
    case 'run-steered':
      return run.phase === 'unopened' || run.phase === 'settled' || run.words.includes(event.lesson) ? run : { ...run, words: [...run.words, event.lesson] }
    case 'base-moved': {
      const { report, workspace, policy, words, answered } = as(run, 'proposing')
      const carried = event.carried === undefined ? {} : { carried: event.carried }
      return { phase: 'opened', report, workspace, base: event.base, policy, words, answered, failures: 0, moved: true, ...carried }
    }
    case 'proposal-published': {
      const { approved: _, strength: __, published: ___, ...proposing } = as(run, 'proposing')
      return { ...proposing, phase: 'proposed', commit: event.commit, pull: event.pull, failures: 0 }
    }
    case 'run-settled':
      return { phase: 'settled', outcome: event.outcome, proposal: as(run, 'proposed').proposal, diagnosis: undefined }
    case 'run-diagnosed':
      return backToPull(run, event.diagnosis) ?? { phase: 'settled', outcome: 'abandoned', proposal: undefined, diagnosis: event.diagnosis }
    case 'run-stopped':
      return backToOffer(run) ?? stuck(run, event.reason, event.detail)
    case 'run-cancelled':
      return backToPull(run) ?? { phase: 'settled', outcome: 'cancelled', proposal: undefined, diagnosis: undefined }
    case 'model-answered': {
      const { kind: _, ...answered } = event
      return run.phase === 'unopened' || run.phase === 'settled' ? run : { ...run, answered: [...run.answered, answered], failures: 0 }
    }
    case 'step-failed':
      return run.phase === 'unopened' || run.phase === 'settled' ? run : { ...run, failures: run.failures + 1 }
    default:
      return event satisfies never
  }
}

/** The run that a journal tells. */
export function fold(entries: readonly JournalEntry[]): Run {
  return entries.reduce<Run>((run, entry) => evolve(run, entry.event), { phase: 'unopened' })
}

/** It may be proposed: the gates let it pass, nobody turned it down, and the test that it passed still stands. */
export function isSurvivor({ verdict, turnedDown, outdated }: Pick<JudgedPatch, 'verdict' | 'turnedDown' | 'outdated'>): boolean {
  return (verdict === 'fixed' || verdict === 'contradicting') && turnedDown !== true && outdated !== true
}

function turnedDown(judged: JudgedPatch): JudgedPatch {
  return isSurvivor(judged) ? { ...judged, turnedDown: true } : judged
}

/** What passed the narrower test has to pass the wider one; the patch that was chosen comes first. */
function judgedAgain(before: RunIn<'judged'>, reproduction: Digest): RunIn<'informed'> {
  const survivors = before.judged.filter(isSurvivor).map((each) => each.candidate)
  const again = [before.candidate, ...survivors.filter((each) => each !== before.candidate)]
  const judged = before.judged.map((each) => (isSurvivor(each) ? { ...each, outdated: true as const } : each))
  return { ...undecided(before), phase: 'informed', reproduction, judged, pending: [...again, ...before.pending], failures: 0 }
}

/** Without the patch that was chosen. */
function undecided<R extends Omit<RunIn<'judged'>, 'phase'>>({
  candidate: _,
  judgement: __,
  contested: ___,
  isRead: ____,
  review: _____,
  doubt: ______,
  ...rest
}: R) {
  return rest
}

function as<P extends Phase>(run: Run, phase: P): RunIn<P> {
  if (run.phase !== phase) throw new IllegalEvent(`expected phase ${phase}, not ${run.phase}`)
  return run as RunIn<P>
}

function informedOf(run: RunIn<'proposing' | 'proposed'>): RunIn<'informed'> {
  const { report, workspace, base, policy, words, answered, reproduction, reproducedBy, baseline, dossier, judged, drafts, readings, soughtSecondTest, moved } =
    run
  const kept = { report, workspace, base, policy, words, answered, reproduction, reproducedBy, baseline, dossier, judged, drafts, readings, soughtSecondTest }
  // A person is there now, and has the last word: objections count anew.
  return { phase: 'informed', ...kept, objections: 0, pending: [], failures: 0, ...(moved && { moved }) }
}

function withoutPhase({ phase: _, ...proposed }: RunIn<'proposed'>): NonNullable<RunIn<'informed'>['published']> {
  return proposed
}

/** What a person made of the patch does not stand: the proposal stands as it stood, and they go on from there. */
function backToOffer(run: Run): RunIn<'proposing'> | undefined {
  if (run.phase === 'unopened' || run.phase === 'settled' || run.offered === undefined) return undefined
  const { words, answered, offered } = run
  const since = 'judged' in run ? run.judged.slice(offered.judged.length).map(turnedDown) : []
  return { ...offered, phase: 'proposing', words, answered, judged: [...offered.judged, ...since], failures: 0 }
}

/** Another attempt came to nothing: the pull request stands as it stood, and people go on from there. */
function backToPull(run: Run, diagnosis?: Digest): RunIn<'proposed'> | undefined {
  if (run.phase === 'unopened' || run.phase === 'settled' || run.published === undefined) return undefined
  const { words, answered } = run
  const judged = 'judged' in run ? run.judged : run.published.judged
  return { ...run.published, phase: 'proposed', words, answered, judged, failures: 0, ...(diagnosis && { diagnosis }) }
}

function stuck(run: Run, reason: StopReason, findings?: RunIn<'stuck'>['findings']): RunIn<'stuck'> {
  if (run.phase === 'unopened' || run.phase === 'settled') throw new IllegalEvent(`a run that is ${run.phase} cannot stop`)
  return {
    phase: 'stuck',
    report: run.report,
    workspace: run.workspace,
    base: run.base,
    policy: run.policy,
    words: run.words,
    answered: run.answered,
    failures: 0,
    ...(run.published && { published: run.published }),
    reason,
    findings,
    reproduction: 'reproduction' in run ? run.reproduction : undefined,
    baseline: 'baseline' in run ? run.baseline : undefined,
    dossier: 'dossier' in run ? run.dossier : undefined,
    judged: 'judged' in run ? run.judged : [],
  }
}
