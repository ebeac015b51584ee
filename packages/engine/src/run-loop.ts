import {
  type Clock,
  evolve,
  Failure,
  fold,
  IllegalEvent,
  type Inbox,
  type Journal,
  type JournalEntry,
  type JournalLease,
  nextStep,
  type Phase,
  type ProgressListener,
  type Run,
  type RunEvent,
  type RunId,
  timeLimit,
} from '@fixpoint/core'
import { Archive } from './archive.ts'
import { disposition } from './disposition.ts'
import { hear } from './hear.ts'
import { FailureDetail } from './records.ts'
import { perform } from './steps/perform.ts'
import type { EngineTools } from './tools.ts'

/** A run has some ten facts per attempt; one that passes this many is going round in circles. */
const RUNAWAY = 1000

/** The work is done, and what is left takes moments; a person may have taken days to decide. */
const HANDING_OVER: ReadonlySet<Phase> = new Set(['proposing', 'proposed', 'stuck'])
/** After a person's days of thinking the work begins anew. */
const RESTARTS: ReadonlySet<RunEvent['kind']> = new Set(['changes-requested', 'patch-edited', 'base-moved'])
const NEVER = new AbortController().signal

export interface DriveOptions {
  readonly runId: RunId
  readonly journal: Journal
  readonly tools: EngineTools
  /** Aborting it cancels the run: it is recorded, and the run is settled. */
  readonly signal: AbortSignal
  /** Aborting it leaves the run as its journal tells it, for somebody else to go on with. */
  readonly pause?: AbortSignal
  /** What people say to the run is turned into facts between two steps. */
  readonly inbox?: Inbox
  /** A failure of the world that passes by itself is thrown, and the run stays as its journal tells it; otherwise it ends with a diagnosis. */
  readonly patient?: boolean
  readonly progress: ProgressListener
}

/**
 * Drives one run to rest: fold the journal, do what `nextStep` wishes, append the fact, again. Whoever drives a run that was
 * cut off anywhere ends with the same journal. Comes back early when the run waits for a person, or was paused. Throws `StaleRun` when another
 * driver is ahead.
 */
export async function drive({ runId, journal, tools, signal, pause = NEVER, inbox, patient = false, progress }: DriveOptions): Promise<Run> {
  await using lease = await journal.lease(runId)
  const entries = [...(await journal.read(runId))]
  const archive = new Archive(tools.artifacts)
  let run = fold(entries)
  const record = async (event: RunEvent, started = tools.clock.monotonic()) => {
    const entry: JournalEntry = { v: 1, seq: entries.length, at: tools.clock.now().toISOString(), event }
    run = evolve(run, event)
    await append(lease, entry)
    entries.push(entry)
    progress({ kind: 'fact', entry, durationMs: tools.clock.monotonic() - started })
  }
  for (;;) {
    if (inbox !== undefined) await hear({ runId, inbox, archive, record, run: () => run })
    const step = nextStep(run)
    if (step.kind === 'rest' || step.kind === 'await-decision' || step.kind === 'await-outcome' || pause.aborted) return run
    if (step.kind === 'open-run') throw new IllegalEvent(`${runId} was never opened`)
    if (entries.length > RUNAWAY) throw new IllegalEvent(`${runId} made ${entries.length} facts without coming to rest`)
    const deadline = deadlineOf(entries, tools.clock)
    progress({ kind: 'step-started', step: step.kind })
    const started = tools.clock.monotonic()
    let event: RunEvent
    try {
      const late = !HANDING_OVER.has(run.phase) && deadline.isPast()
      if (late) throw new Failure('time-exhausted', `the budget of ${deadline.minutes} minutes is used up`, 'Give it more with --budget minutes=30.')
      // What is published cannot be taken back: that run is at rest but for the word.
      if (run.phase !== 'proposed') signal.throwIfAborted()
      const context = {
        runId,
        tools,
        archive,
        note: (message: string) => progress({ kind: 'step-note', step: step.kind, message }),
        record: (fact: RunEvent) => record(fact),
        assertHeld: () => lease.assertHeld(),
        signal: AbortSignal.any([pause, HANDING_OVER.has(run.phase) ? signal : deadline.with(signal)]),
      }
      event = await perform(step, context)
    } catch (error) {
      if (signal.aborted) event = { kind: 'run-cancelled' }
      else if (pause.aborted) return run
      else {
        const cause = deadline.isPast() && !HANDING_OVER.has(run.phase) ? deadline.failure(error) : error
        event = await failed(run, step.kind, cause, { archive, tools, signal, patient })
      }
    }
    await record(event, started)
  }
}

async function append(lease: JournalLease, entry: JournalEntry): Promise<void> {
  await lease.append(entry)
}

/** The fact that a failure of the world becomes. Anything that is not a `Failure` is a bug of ours, or `StaleRun`: it goes up. */
async function failed(
  run: Run,
  step: string,
  error: unknown,
  { archive, tools, signal, patient }: { archive: Archive; tools: EngineTools; signal: AbortSignal; patient: boolean },
): Promise<RunEvent> {
  if (!(error instanceof Failure) || run.phase === 'unopened' || run.phase === 'settled') throw error
  const become = disposition(error, run.failures + 1, patient)
  if (become.kind === 'leave') throw error
  const detail = await archive.put(FailureDetail, { step, code: error.code, message: error.message, hint: error.hint })
  if (become.kind === 'stop' && run.phase !== 'stuck') return { kind: 'run-stopped', reason: become.reason, detail }
  if (become.kind === 'stop') throw error
  await tools.clock.sleep(become.afterMs, signal)
  return { kind: 'step-failed', step, code: error.code, detail }
}

/** The minutes of the budget count from the first fact or from the last new attempt, so that being killed and driven again gives no more of them. */
function deadlineOf(entries: readonly JournalEntry[], clock: Clock) {
  const first = entries[0]
  const minutes = first?.event.kind === 'run-opened' ? first.event.policy.budget.minutes : 0
  const from = entries.findLast(({ event }) => RESTARTS.has(event.kind)) ?? first
  const end = from ? Date.parse(from.at) + minutes * 60_000 : 0
  const isPast = () => clock.now().getTime() >= end
  return {
    minutes,
    isPast,
    with: (signal: AbortSignal) => AbortSignal.any([signal, timeLimit(Math.max(0, end - clock.now().getTime()))]),
    failure: (cause: unknown) =>
      new Failure('time-exhausted', `the budget of ${minutes} minutes is used up`, 'Give it more with --budget minutes=30.', { cause }),
  }
}
