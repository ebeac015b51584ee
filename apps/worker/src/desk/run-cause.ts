import {
  type Artifacts,
  BugReport,
  Diagnosis,
  Dossier,
  type Explanation,
  fold,
  type Journal,
  Reproduction,
  type RunId,
  type StackTrace,
  type Suspect,
} from '@fixpoint/core'
import { Archive } from '@fixpoint/engine'
import { withStandIns } from '@fixpoint/intake'

/** What a run found out of why something fails; what it does not know, or what has expired, is left out. */
export interface RunCause {
  readonly base: string
  /** The innermost error of the report, with stand-ins for its values. */
  readonly reported: Pick<StackTrace, 'errorType' | 'message'> | undefined
  readonly reproduction: Pick<Reproduction, 'source' | 'tests' | 'files' | 'failure' | 'because'> | undefined
  /** Likeliest first. */
  readonly suspects: readonly Suspect[]
  readonly explanation: Explanation | undefined
}

/** Undefined for a run that was never opened. */
export async function causeOf(runId: RunId, { journal, artifacts }: { journal: Pick<Journal, 'read'>; artifacts: Artifacts }): Promise<RunCause | undefined> {
  const entries = await journal.read(runId)
  const [first] = entries
  if (first?.event.kind !== 'run-opened') return undefined
  const events = entries.map(({ event }) => event)
  const archive = new Archive(artifacts)
  const kept = <T>(read: Promise<T>): Promise<T | undefined> => read.catch(() => undefined)
  const gathered = events.findLast((event) => event.kind === 'dossier-gathered')
  const told = events.findLast((event) => event.kind === 'run-diagnosed')
  const run = fold(entries)
  const [report, reproduction, dossier, diagnosis] = await Promise.all([
    kept(archive.get(BugReport, first.event.report)),
    'reproduction' in run && run.reproduction !== undefined ? kept(archive.get(Reproduction, run.reproduction)) : undefined,
    gathered && kept(archive.get(Dossier, gathered.dossier)),
    told && kept(archive.get(Diagnosis, told.diagnosis)),
  ])
  return {
    base: events.reduce((base, event) => (event.kind === 'base-moved' ? event.base : base), first.event.base),
    reported: report && innermost(withStandIns(report).traces[0]),
    reproduction,
    suspects: dossier?.suspects ?? diagnosis?.suspects ?? [],
    explanation: diagnosis?.explanation,
  }
}

function innermost(trace: StackTrace | undefined): StackTrace | undefined {
  const cause = trace?.causes.at(-1)?.trace
  return cause === undefined ? trace : innermost(cause)
}
