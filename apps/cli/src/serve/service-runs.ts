import {
  type Artifacts,
  BugReport,
  Failure,
  type HostThreads,
  type Journal,
  type Ledger,
  type ObjectId,
  type Reports,
  type RunEvent,
  type RunId,
  type StoredReport,
} from '@fixpoint/core'
import { Archive, openRun, Workspace } from '@fixpoint/engine'
import type { GitRepository } from '@fixpoint/source'
import type { RunHands, RunTarget } from '@fixpoint/worker'
import type { Env } from '../env.ts'
import type { RunLanes } from '../lanes.ts'
import { chooseModels } from '../model-settings.ts'
import { lanesSetUp, openableLanes, openRunModels } from '../run-models.ts'
import { workspaceFor } from '../workspace.ts'
import { hostedAt, hostedPremises } from './hosted-premises.ts'
import type { Hosting } from './hosting.ts'
import type { OperatorSettings } from './operator-settings.ts'
import { folderPremises, type Premises } from './premises.ts'
import { runPolicy } from './run-policy.ts'

type RunOpened = Extract<RunEvent, { kind: 'run-opened' }>

export interface ServiceRunsOptions {
  readonly env: Env
  readonly settings: OperatorSettings
  readonly stores: { readonly journal: Journal; readonly artifacts: Artifacts; readonly threads: HostThreads; readonly reports: Reports }
  /** Undefined when no code host is set up. */
  readonly hosting: Hosting | undefined
  readonly ledger: Ledger
  readonly note: (message: string) => void
}

/** Runs of the service: opened on the operator's repositories, their journals in the database. */
export class ServiceRuns {
  readonly #options: ServiceRunsOptions

  constructor(options: ServiceRunsOptions) {
    this.#options = options
  }

  /** Writes the first fact of a run, once. What only its owner can mend is said in words. */
  async open(stored: StoredReport, target: RunTarget, runId: RunId): Promise<undefined | { readonly held: string }> {
    const { settings, stores, note } = this.#options
    const premises = this.named(target.repository)
    if (premises === undefined) return { held: `no repository: ${JSON.stringify(target.repository)} is not in the settings (repositories)` }
    try {
      await using hands = await premises.hands({ revisions: target.revisions, artifacts: stores.artifacts })
      const archive = new Archive(hands.tools.artifacts)
      const base = await firstThatIsThere(hands.tools.repository, [...target.revisions, premises.revision])
      const source = await hands.tools.repository.snapshot(base)
      const own = await premises.own(source)
      const branch = await hands.tools.repository.resolve(premises.revision)
      const guidanceFrom = branch === base ? source : await hands.tools.repository.snapshot(branch)
      const workspace = await workspaceFor(premises.place, source, { test: own.test, setup: own.setup, guidanceFrom }, hands, { note, warn: note })
      const report = await archive.get(BugReport, stored.report)
      const { autonomy, unattended } = premises
      const policy = runPolicy(own, { autonomy, unattended, budget: settings.budget, lanes: await this.#lanes() })
      await openRun({ report, workspace, base, policy, runId }, { journal: stores.journal, archive, clock: hands.tools.clock, ids: hands.tools.ids })
      return undefined
    } catch (error) {
      if (error instanceof Failure && error.code === 'repository-unreadable') return { held: `${error.message}. ${premises.remedy}` }
      if (error instanceof Failure && OWNERS.has(error.code)) return { held: `${error.message}. ${error.hint}` }
      throw error
    }
  }

  /** The hands for a run that is open: those of the repository that it was opened on. */
  async handsFor(runId: RunId): Promise<RunHands> {
    const { stores, ledger } = this.#options
    const entries = await stores.journal.read(runId)
    const [first] = entries
    if (first?.event.kind !== 'run-opened')
      throw new Failure('artifact-missing', `${runId} was never opened`, 'Look at its report: fixpoint serve opens another run.')
    const premises = await this.premisesOf(first.event)
    const hands = await premises.hands({ run: runId, revisions: [first.event.base], artifacts: stores.artifacts })
    try {
      const models = await openRunModels(hands.tools, runId, entries, premises.name, { ...this.#models(), ledger })
      return {
        tools: models.tools,
        async [Symbol.asyncDispose]() {
          await models[Symbol.asyncDispose]()
          await hands[Symbol.asyncDispose]()
        },
      }
    } catch (error) {
      await hands[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Throws `Failure('repository-unreadable')` when its repository is not in the settings any more. */
  async premisesOf({ workspace }: Pick<RunOpened, 'workspace'>): Promise<Premises> {
    const { repository } = await new Archive(this.#options.stores.artifacts).get(Workspace, workspace)
    const premises = this.#at(repository)
    if (premises === undefined) throw new Failure('repository-unreadable', `${repository} is not in the settings any more`, 'Put it back, or cancel the run.')
    return premises
  }

  /** Undefined when it is not in the settings. */
  named(name: string): Premises | undefined {
    const { settings, env, hosting, stores, note } = this.#options
    return folderPremises(name, settings, env) ?? (hosting && hostedPremises(name, { hosting, env, stores, note }))
  }

  #at(place: string): Premises | undefined {
    const name = hostedAt(place) ?? Object.entries(this.#options.settings.repositories).find(([, { path }]) => path === place)?.[0]
    return name === undefined ? undefined : this.named(name)
  }

  #models() {
    const { env, settings, note } = this.#options
    return { env, settings: chooseModels(settings.models, env).settings, warn: note }
  }

  #lanes(): Promise<RunLanes> {
    const models = this.#models()
    return openableLanes(lanesSetUp(models.settings), false, models)
  }
}

/** What the owner of the repository or of the settings has to mend. */
const OWNERS: ReadonlySet<Failure['code']> = new Set(['unsupported-project', 'settings-invalid'])

async function firstThatIsThere(repository: GitRepository, revisions: readonly string[]): Promise<ObjectId> {
  let missing: unknown
  for (const revision of revisions) {
    try {
      return await repository.resolve(revision)
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'repository-unreadable') throw error
      missing = error
    }
  }
  throw missing
}
