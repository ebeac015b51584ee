import { readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Pace } from '@fixpoint/code-hosts'
import { codeOf, Failure, RepositoryName } from '@fixpoint/core'
import { effectiveSettings, type SettingsLevel } from '../effective-settings.ts'
import type { Env } from '../env.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import type { Screen } from '../present/terminal.ts'
import type { HostedRules } from '../serve/hosted-settings.ts'
import { Hosting } from '../serve/hosting.ts'
import { type OperatorSettings, readOperatorSettings } from '../serve/operator-settings.ts'
import { SettingsSaid } from '../settings.ts'
import { readSettingsFile, type SettingsFile, settingsPaths } from '../settings-files.ts'
import { type SettingsKind, settingsSchema } from '../settings-schema.ts'
import { readYaml } from '../yaml-file.ts'
import { interruptible } from './interruptible.ts'

interface Where {
  /** Folder of a repository, or a settings file. */
  readonly repo?: string
}

/** Every problem with file, line and column (exit code 3), or what was found to be right. */
export async function validateConfig(options: Where, env: Env, screen: Screen): Promise<ExitCode> {
  const operator = await readOperatorSettings(env)
  const { level, warnings } = await settingsIn(options.repo ?? '.')
  for (const warning of warnings) screen.line(screen.colors.yellow(warning))
  if (operator.found) screen.line(`${screen.colors.green('✔')} ${operator.file}`)
  screen.line(level === undefined ? 'no settings of a repository here: the defaults hold' : `${screen.colors.green('✔')} ${level.from}`)
  return ExitCode.delivered
}

/** What holds for a repository, and who said so. */
export async function printConfig(
  options: Where & { readonly explain?: boolean; readonly json?: boolean },
  env: Env,
  screen: Screen,
  pace?: Partial<Pace>,
): Promise<ExitCode> {
  const { settings: operator } = await readOperatorSettings(env)
  const { origins, warnings } = await rulesOf(options.repo ?? '.', operator, { env, screen, pace })
  for (const warning of warnings) screen.line(screen.colors.yellow(warning))
  for (const [key, { value, from, asked }] of [...origins].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const origin = asked === undefined ? from : `${from}; asked for was ${shown(asked)}`
    if (options.json) process.stdout.write(`${JSON.stringify({ key, value, from, ...(asked === undefined ? {} : { asked }) })}\n`)
    else process.stdout.write(`${key.padEnd(26)} ${options.explain ? `${shown(value).padEnd(28)} ${origin}` : shown(value)}\n`)
  }
  return ExitCode.delivered
}

export function printSchema(kind: string): ExitCode {
  if (kind !== 'repository' && kind !== 'operator') throw new UsageError(`there is no schema ${JSON.stringify(kind)}`, 'There is repository, and operator.')
  process.stdout.write(settingsSchema(kind satisfies SettingsKind))
  return ExitCode.delivered
}

type Rules = Pick<HostedRules, 'origins' | 'warnings'>

/** Of a folder, or of a repository on GitHub: there they are those of its default branch, as the service reads them. */
async function rulesOf(
  where: string,
  operator: OperatorSettings,
  { env, screen, pace }: { readonly env: Env; readonly screen: Screen; readonly pace: Partial<Pace> | undefined },
): Promise<Rules> {
  const name = RepositoryName.safeParse(where).data
  const isFolder = (await stat(resolve(where)).catch(() => undefined)) !== undefined
  if (name !== undefined && !isFolder && operator.github !== undefined)
    return interruptible(screen, async (signal) => {
      const hosting = await Hosting.open(operator, env, signal, pace)
      const rules = await hosting?.rules.of(name)
      if (rules === undefined) throw new Error('the settings name a GitHub')
      if (rules.problem !== undefined) throw new Failure('settings-invalid', rules.problem, `Put it right on the default branch of ${name}.`)
      return rules
    })
  const { level, warnings } = await settingsIn(where)
  const levels: SettingsLevel[] = [{ from: 'operator', said: operator.defaults }, ...(level === undefined ? [] : [level])]
  return { ...effectiveSettings(levels, { autonomy: mostAutonomy(operator), budget: operator.budget }), warnings }
}

/** As they lie in the folder, also when they are not committed yet. */
async function settingsIn(where: string): Promise<SettingsFile> {
  const path = resolve(where)
  const kind = await stat(path).catch(() => undefined)
  if (kind === undefined)
    throw new UsageError(
      `${path} is not there`,
      'Give --repo the folder of a repository, a settings file, or (with github in the settings of the operator) owner/name.',
    )
  if (kind.isFile())
    return {
      level: { from: basename(path), said: readYaml(SettingsSaid, path, await readFile(path, 'utf8'), 'docs/settings.md lists what it may say.') },
      warnings: [],
    }
  const texts = new Map(await Promise.all(settingsPaths.map(async (each) => [each, await textOf(join(path, each))] as const)))
  return readSettingsFile((each) => texts.get(each))
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined
    throw new UsageError(`${path} cannot be read (${codeOf(error)})`, 'Make it readable.')
  }
}

function mostAutonomy({ github, autonomy }: OperatorSettings) {
  return github?.autonomy ?? autonomy
}

function shown(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value)
}
