import { Certificate, Diagnosis, type Journal, type JournalEntry, type Run, type RunId } from '@fixpoint/core'
import { type Archive, PlannedProposal, Workspace } from '@fixpoint/engine'
import { type DeliveredFiles, deliverDiagnosis, deliverProposal, deliverSomewhere } from '../deliver.ts'
import { ExitCode, exitCodeOfReason } from '../exit-codes.ts'
import { showDiagnosis, showProposal, typed } from '../present/outcome.ts'
import type { Screen } from '../present/terminal.ts'

/** What a settled run comes to: shown, written down, and turned into the last line of `--json` and an exit code. */
export interface Rest {
  readonly exitCode: ExitCode
  readonly files: DeliveredFiles
  readonly result: {
    readonly type: 'result'
    readonly outcome: string
    readonly reason: string | null
    readonly strength: string | null
    readonly branch: string | null
    readonly patch: string | null
    readonly certificate: string | null
    readonly diagnosis: string | null
    readonly runId: string
    readonly durationMs: number
  }
}

export interface RestOptions {
  readonly runId: RunId
  readonly journal: Journal
  readonly archive: Archive
  /** Where the files go: the first that can be written. */
  readonly folders: readonly string[]
  readonly screen: Screen
}

export async function rest(run: Run, options: RestOptions): Promise<Rest> {
  const { runId, archive, folders, screen } = options
  if (run.phase !== 'settled') throw new Error(`${runId} is not settled`)
  const entries = await options.journal.read(runId)
  const durationMs = Date.parse(entries.at(-1)?.at ?? '') - Date.parse(entries[0]?.at ?? '')
  const blank = { type: 'result', reason: null, strength: null, branch: null, patch: null, certificate: null, diagnosis: null, runId, durationMs } as const
  if (run.proposal) {
    const proposal = await archive.get(PlannedProposal, run.proposal)
    const certificate = Certificate.parse(JSON.parse(proposal.certificate))
    const files = await deliverSomewhere(folders, (folder) => deliverProposal(folder, proposal), screen)
    showProposal(screen, proposal, certificate)
    const result = {
      ...blank,
      outcome: run.outcome,
      strength: proposal.strength,
      branch: proposal.branch,
      patch: files.patch ?? null,
      certificate: files.certificate ?? null,
    }
    return { exitCode: ExitCode.delivered, files, result }
  }
  if (run.diagnosis) {
    const first = entries[0]?.event
    const repository = first?.kind === 'run-opened' ? await archive.get(Workspace, first.workspace).then(({ repository }) => repository) : '<dir>'
    const diagnosis = withNames(await archive.get(Diagnosis, run.diagnosis), runId, repository)
    const files = await deliverSomewhere(folders, (folder) => deliverDiagnosis(folder, diagnosis), screen)
    const proved = await provedProposal(entries, archive)
    const handed = proved ? await deliverSomewhere(folders, (folder) => deliverProposal(folder, proved), screen) : undefined
    if (proved) showProposal(screen, proved, Certificate.parse(JSON.parse(proved.certificate)))
    showDiagnosis(screen, diagnosis)
    return {
      exitCode: exitCodeOfReason(diagnosis.reason),
      files: { all: [...files.all, ...(handed?.all ?? [])] },
      result: {
        ...blank,
        outcome: run.outcome,
        reason: diagnosis.reason,
        strength: proved?.strength ?? null,
        diagnosis: files.diagnosis ?? null,
        patch: handed?.patch ?? null,
        certificate: handed?.certificate ?? null,
      },
    }
  }
  screen.line('')
  screen.line(screen.colors.yellow('Cancelled. Nothing in the repository was changed.'))
  return { exitCode: ExitCode.interrupted, files: { all: [] }, result: { ...blank, outcome: run.outcome, reason: 'interrupted' } }
}

/** A proposal that the world kept from being published: what was proved is not lost with it. One that a person turned down is no such thing. */
async function provedProposal(entries: readonly JournalEntry[], archive: Archive): Promise<PlannedProposal | undefined> {
  const facts = entries.map(({ event }) => event).filter(({ kind }) => kind !== 'step-failed' && kind !== 'proposal-approved')
  const stopped = facts.findIndex(({ kind }) => kind === 'run-stopped')
  const before = facts[stopped - 1]
  return before?.kind === 'proposal-planned' ? archive.get(PlannedProposal, before.proposal).catch(() => undefined) : undefined
}

/** The next command as it is to be typed: the engine knows neither folders nor how runs are named. */
function withNames(diagnosis: Diagnosis, runId: string, repository: string): Diagnosis {
  return { ...diagnosis, nextCommand: diagnosis.nextCommand.replaceAll('<run>', runId).replaceAll('<dir>', () => typed(repository)) }
}
