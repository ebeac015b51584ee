import type { SourceSnapshot } from '@fixpoint/core'
import { effectiveSettings, type SettingsLevel } from './effective-settings.ts'
import { type RepositorySettings, SettingsSaid } from './settings.ts'
import { readYaml } from './yaml-file.ts'

/** Read in this order; the first that is there counts. */
const FILES = ['.github/fixpoint.yml', '.fixpoint.yml', 'fixpoint.config.json']
/** What people call it too, and nobody reads. */
const MISNAMED = ['.github/fixpoint.yaml', '.fixpoint.yaml']

/** All of them: whoever reads settings from afar asks for these. */
export const settingsPaths: readonly string[] = [...FILES, ...MISNAMED]

/** What a repository, or the one of its organisation, says of itself; undefined where it has no file. */
export interface SettingsFile {
  readonly level: SettingsLevel | undefined
  /** Files that look like settings and are not read. */
  readonly warnings: readonly string[]
}

/** Throws `Failure('settings-invalid')` with file, line and column of everything that is wrong. `of`: whose files they are, where that is not plain. */
export function readSettingsFile(texts: (path: string) => string | undefined, of = ''): SettingsFile {
  const [path, ...others] = FILES.filter((file) => texts(file) !== undefined)
  const misnamed = MISNAMED.filter((file) => texts(file) !== undefined)
  const warnings = [
    ...others.map((other) => `${of}${other} is not read: ${path} is there, and comes first`),
    ...misnamed.map((other) => `${of}${other} is not read: call it ${other.replace(/yaml$/, 'yml')}`),
  ]
  if (path === undefined) return { level: undefined, warnings }
  const name = `${of}${path}`
  const said = readYaml(
    SettingsSaid,
    name,
    texts(path) ?? '',
    `Correct ${name}; docs/settings.md lists what it may say, and fixpoint config validate checks it.`,
  )
  return { level: { from: name, said }, warnings }
}

/** A repository's own settings and nobody else's. Throws `Failure('settings-invalid')`. */
export function readRepositorySettings(source: Pick<SourceSnapshot, 'text'>): RepositorySettings {
  const { level } = readSettingsFile((path) => source.text(path))
  return effectiveSettings(level === undefined ? [] : [level]).settings
}
