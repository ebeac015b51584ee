import { type Clock, Failure, type HostedRepositories, type HostedRepository, type RepositoryName } from '@fixpoint/core'
import { type EffectiveSettings, effectiveSettings, type SettingsLevel } from '../effective-settings.ts'
import { readSettingsFile, type SettingsFile, settingsPaths } from '../settings-files.ts'
import type { OperatorSettings } from './operator-settings.ts'

/** What holds for a repository on a code host. */
export interface HostedRules extends EffectiveSettings {
  /** Files that look like settings and are not read. */
  readonly warnings: readonly string[]
  /** What its owner has to mend before anything is done there, with file, line and column. The settings are then those of the other levels. */
  readonly problem: string | undefined
}

/** Long enough for a storm of comments; short enough for somebody who has just changed the file. */
const KEPT_MS = 15_000

/** Settings of repositories on a code host, from their default branches: a pull request cannot change the rules that it is judged by. */
export class HostedSettings {
  readonly #hosts: Pick<HostedRepositories, 'open'>
  readonly #operator: Pick<OperatorSettings, 'defaults' | 'budget' | 'github'>
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #known = new Map<RepositoryName, { readonly until: number; readonly rules: Promise<HostedRules> }>()

  constructor(hosts: Pick<HostedRepositories, 'open'>, operator: Pick<OperatorSettings, 'defaults' | 'budget' | 'github'>, clock: Pick<Clock, 'monotonic'>) {
    this.#hosts = hosts
    this.#operator = operator
    this.#clock = clock
  }

  /** Whoever asks meanwhile gets the same answer. Throws `Failure` when the host cannot be asked. */
  async of(name: RepositoryName): Promise<HostedRules> {
    const now = this.#clock.monotonic()
    for (const [each, { until }] of this.#known) if (until <= now) this.#known.delete(each)
    const known = this.#known.get(name)
    if (known !== undefined) return known.rules
    const asked = { until: now + KEPT_MS, rules: this.#read(name) }
    this.#known.set(name, asked)
    const forget = () => this.#known.get(name) === asked && this.#known.delete(name)
    // Whoever mends a problem wants to see at once that it is gone.
    asked.rules.then(({ problem }) => problem !== undefined && forget(), forget)
    return asked.rules
  }

  async #read(name: RepositoryName): Promise<HostedRules> {
    const organisation = `${name.split('/')[0]}/.github`
    const files = await Promise.all([
      this.#hosts.open(organisation).then((each) => fileOf(each, ['.github/fixpoint.yml'], `${organisation}: `), noneWhenGone),
      this.#hosts.open(name).then((each) => fileOf(each, settingsPaths)),
    ])
    const levels: SettingsLevel[] = [{ from: 'operator', said: this.#operator.defaults }]
    for (const file of files) if (!(file instanceof Failure) && file.level !== undefined) levels.push(file.level)
    const problems = files.filter((file) => file instanceof Failure).map(({ message, hint }) => `${message}\n${hint}`)
    const ceilings = { autonomy: this.#operator.github?.autonomy ?? 'draft-pr', budget: this.#operator.budget }
    return {
      ...effectiveSettings(levels, ceilings),
      warnings: files.flatMap((file) => (file instanceof Failure ? [] : file.warnings)),
      problem: problems.length === 0 ? undefined : problems.join('\n'),
    }
  }
}

async function fileOf(repository: HostedRepository, paths: readonly string[], of?: string): Promise<SettingsFile | Failure> {
  const texts = new Map(await Promise.all(paths.map(async (path) => [path, await repository.text(path)] as const)))
  try {
    return readSettingsFile((path) => texts.get(path), of)
  } catch (error) {
    if (error instanceof Failure && error.code === 'settings-invalid') return error
    throw error
  }
}

/** Most organisations have no such repository, or have not installed us there. */
function noneWhenGone(error: unknown): SettingsFile {
  if (error instanceof Failure && error.code === 'host-gone') return { level: undefined, warnings: [] }
  throw error
}
