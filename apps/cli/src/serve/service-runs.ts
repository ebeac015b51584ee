import { BugReport, Failure, type Journal, type Ledger, type ObjectId, type RunId, type StoredReport } from '@fixpoint/core'
import { Archive, openRun, Workspace } from '@fixpoint/engine'
import type { GitRepository } from '@fixpoint/source'
import type { RunHands, RunTarget } from '@fixpoint/worker'
import { type Composed, compose } from '../compose.ts'
import { effectiveSettings } from '../effective-settings.ts'
import type { Env } from '../env.ts'
import type { RunLanes } from '../lanes.ts'
import { chooseModels } from '../model-settings.ts'
import { lanesSetUp, openableLanes, openRunModels } from '../run-models.ts'
import { readSettingsFile } from '../settings-files.ts'
import { workspaceFor } from '../workspace.ts'
import type { Stores } from './open-stores.ts'
import type { OperatorSettings } from './operator-settings.ts'
import { runPolicy } from './run-policy.ts'

export interface ServiceRunsOptions {
  readonly env: Env
  readonly settings: OperatorSettings
  readonly stores: Pick<Stores, 'journal' | 'artifacts'>
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
    const { settings } = this.#options
    const repository = settings.repositories[target.repository]
    if (repository === undefined) return { held: `no repository: ${JSON.stringify(target.repository)} is not in the settings (repositories)` }
    try {
      await using hands = await this.#hands(repository.path)
      const { archive, journal } = this.#records(hands)
      const base = await firstThatIsThere(hands.tools.repository, [...target.revisions, repository.revision])
      const source = await hands.tools.repository.snapshot(base)
      const { level } = readSettingsFile((path) => source.text(path))
      const own = effectiveSettings([{ from: 'operator', said: settings.defaults }, ...(level === undefined ? [] : [level])]).settings
      const workspace = await workspaceFor(repository.path, source, { test: own.test, setup: own.setup }, hands, {
        note: this.#options.note,
        warn: this.#options.note,
      })
      const report = await archive.get(BugReport, stored.report)
      const policy = runPolicy(own, { autonomy: repository.autonomy ?? settings.autonomy, budget: settings.budget, lanes: await this.#lanes() })
      await openRun({ report, workspace, base, policy, runId }, { journal, archive, clock: hands.tools.clock, ids: hands.tools.ids })
      return undefined
    } catch (error) {
      if (error instanceof Failure && error.code === 'repository-unreadable')
        return { held: `${error.message}. Put it right, or correct repositories.${target.repository} in the settings; then replay the delivery.` }
      if (error instanceof Failure && OWNERS.has(error.code)) return { held: `${error.message}. ${error.hint}` }
      throw error
    }
  }

  /** The hands for a run that is open: those of the repository that it was opened on. */
  async handsFor(runId: RunId): Promise<RunHands> {
    const [first] = await this.#options.stores.journal.read(runId)
    if (first?.event.kind !== 'run-opened')
      throw new Failure('artifact-missing', `${runId} was never opened`, 'Look at its report: fixpoint serve opens another run.')
    const workspace = await new Archive(this.#options.stores.artifacts).get(Workspace, first.event.workspace)
    const hands = await this.#hands(workspace.repository)
    const entries = await this.#options.stores.journal.read(runId)
    const models = await openRunModels(hands.tools, runId, entries, this.#nameOf(workspace.repository), { ...this.#models(), ledger: this.#options.ledger })
    return {
      tools: models.tools,
      async [Symbol.asyncDispose]() {
        await models[Symbol.asyncDispose]()
        await hands[Symbol.asyncDispose]()
      },
    }
  }

  #models() {
    const { env, settings, note } = this.#options
    return { env, settings: chooseModels(settings.models, env).settings, warn: note }
  }

  #lanes(): Promise<RunLanes> {
    const models = this.#models()
    return openableLanes(lanesSetUp(models.settings), false, models)
  }

  /** As the operator's settings, and with them the ledger, call it. */
  #nameOf(folder: string): string {
    return Object.entries(this.#options.settings.repositories).find(([, { path }]) => path === folder)?.[0] ?? folder
  }

  #hands(folder: string): Promise<Composed> {
    return compose(folder, this.#options.env, { artifacts: this.#options.stores.artifacts })
  }

  #records(hands: Composed): { archive: Archive; journal: Journal } {
    return { archive: new Archive(hands.tools.artifacts), journal: this.#options.stores.journal }
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
