import type { Autonomy, ObjectId, Policy, RunId, SourceSnapshot } from '@fixpoint/core'
import type { GitRepository } from '@fixpoint/source'
import { type Composed, compose, type Instead, openFolder } from '../compose.ts'
import { effectiveSettings } from '../effective-settings.ts'
import type { Env } from '../env.ts'
import type { RepositorySettings } from '../settings.ts'
import { readSettingsFile } from '../settings-files.ts'
import type { OperatorSettings } from './operator-settings.ts'

export interface HandsRequest {
  /** The run that is driven; none while it is being opened. */
  readonly run?: RunId
  /** What a report says it saw: fetched where it is not there yet. */
  readonly revisions: readonly string[]
  readonly artifacts: Instead['artifacts']
}

/** Where the code of a run lies, and what its runs may do there. */
export interface Premises {
  /** As the settings, and with them the ledger, call it. */
  readonly name: string
  /** `Workspace.repository`: what it is found again by. */
  readonly place: string
  /** What runs start from when the report names nothing that is there. */
  readonly revision: string
  readonly autonomy: Autonomy
  /** Evidence with which something may be published without a word. */
  readonly unattended: Policy['unattended']
  /** What its owner does when it cannot be read. */
  readonly remedy: string
  hands(request: HandsRequest): Promise<Composed>
  /** To read from; what is fetched of it is as new as the host tells, or has at least these revisions. */
  open(request: { readonly revisions: readonly string[]; readonly signal: AbortSignal }): Promise<GitRepository>
  /** Where people look at lines of it; undefined for a folder. */
  linesPage(commit: ObjectId, path: string, lines: readonly [number, number]): string | undefined
  /** What the repository says of itself. Throws `Failure('settings-invalid')`. */
  own(source: SourceSnapshot): Promise<RepositorySettings>
}

/** A repository in a folder of this machine. */
export function folderPremises(
  name: string,
  { repositories, autonomy, defaults }: Pick<OperatorSettings, 'repositories' | 'autonomy' | 'defaults'>,
  env: Env,
): Premises | undefined {
  const repository = repositories[name]
  if (repository === undefined) return undefined
  return {
    name,
    place: repository.path,
    revision: repository.revision,
    autonomy: repository.autonomy ?? autonomy,
    unattended: ['verified'],
    remedy: `Put it right, or correct repositories.${name} in the settings; then replay the delivery.`,
    hands: ({ artifacts }) => compose(repository.path, env, artifacts === undefined ? {} : { artifacts }),
    open: () => openFolder(repository.path, env),
    linesPage: () => undefined,
    own: async (source) => {
      const { level } = readSettingsFile((path) => source.text(path))
      return effectiveSettings([{ from: 'operator', said: defaults }, ...(level === undefined ? [] : [level])]).settings
    },
  }
}
