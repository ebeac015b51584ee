import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Autonomy, Ceiling, codeOf, Failure, RepositoryName, Spending } from '@fixpoint/core'
import { ModelSettings } from '@fixpoint/models'
import { ServerSettings } from '@fixpoint/server'
import { WorkerSettings } from '@fixpoint/worker'
import { z } from 'zod'
import type { Env } from '../env.ts'
import { BudgetWish, SettingsSaid } from '../settings.ts'
import { readYaml } from '../yaml-file.ts'
import { allowsRepository, GitHubSettings } from './github-settings.ts'
import { OutboundSettings } from './outbound-subscribers.ts'

const Name = z.string().regex(/^[A-Za-z0-9][\w./-]{0,99}$/, 'a name is letters, digits, dots, dashes and slashes')

const Repository = z.strictObject({
  /** Folder of the repository on this machine; relative to the settings file. */
  path: z.string().min(1),
  /** Branch, tag or commit that runs start from when the report names no commit that is there. */
  revision: z.string().min(1).default('HEAD'),
  autonomy: Autonomy.optional(),
})

/** What the operator says of the service, in `fixpoint.config.yml`. The repository's own settings can only tighten it. */
export const OperatorSettings = z.strictObject({
  $schema: z.string().optional(),
  repositories: z.record(Name, Repository).default({}),
  /** Repositories on GitHub, under their `owner/name`. */
  github: GitHubSettings.optional(),
  services: WorkerSettings.shape.services,
  gates: WorkerSettings.shape.gates,
  afterFix: WorkerSettings.shape.afterFix,
  privacy: WorkerSettings.shape.privacy,
  autonomy: Autonomy.default('propose'),
  /** The most that one run may spend. */
  budget: BudgetWish.default({}),
  /** What holds for repositories that say nothing of it. */
  defaults: SettingsSaid.default({}),
  /** The most that models may take: one run, one repository in a day, all of them in a day. */
  spending: Spending.prefault({}),
  /** The most that one question of a person about a run may take. */
  questions: Ceiling.default({ money: 0.5, tokens: 400_000 }),
  /** Which models may be asked. Without lanes: those that the keys of the environment open. */
  models: ModelSettings.prefault({}),
  /** What one worker may take. */
  worker: WorkerSettings.pick({ concurrency: true, perRepository: true, everywhere: true, memoryMegabytes: true, drainSeconds: true }).prefault({}),
  /** Days that raw deliveries are kept. */
  retentionDays: z.number().positive().default(30),
  /** Days that results of settled runs (patches, certificates, diagnoses, outputs), source maps and single sightings are kept. */
  resultDays: z.number().positive().default(365),
  /** Who is told what happens to runs, by a name of your choice. */
  outbound: z.record(Name, OutboundSettings).default({}),
  server: ServerSettings.pick({ hosts: true, behindTlsProxy: true, trustedProxies: true })
    .extend({
      host: z.string().min(1).default('127.0.0.1'),
      port: z.number().int().min(0).max(65_535).default(4317),
      /** Address under which people reach this service: messages to others lead there. */
      publicUrl: z.httpUrl().optional(),
    })
    .prefault({}),
})
export type OperatorSettings = z.infer<typeof OperatorSettings>

/** Where the operator's settings are, or would be. */
export function operatorFile(env: Env): string {
  return env.operatorFile === undefined ? join(env.home, 'fixpoint.config.yml') : resolve(env.operatorFile)
}

/** The settings and where they were read. Without a file everything has its default. Throws `Failure('settings-invalid')`. */
export async function readOperatorSettings(env: Env): Promise<{ readonly settings: OperatorSettings; readonly file: string; readonly found: boolean }> {
  const file = operatorFile(env)
  let text = ''
  let found = true
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || env.operatorFile !== undefined)
      throw new Failure('settings-invalid', `${file} cannot be read (${codeOf(error)})`, 'Correct FIXPOINT_CONFIG, or unset it.', { cause: error })
    found = false
  }
  const settings = readYaml(OperatorSettings, file, text, `Correct ${file}; docs/settings.md lists what it may say.`)
  for (const [name, service] of Object.entries(settings.services)) {
    if (!isRepository(settings, service.repo))
      throw new Failure(
        'settings-invalid',
        `${file}: services.${name}.repo names ${JSON.stringify(service.repo)}, which is not among the repositories`,
        `Add it under repositories, or name one of ${Object.keys(settings.repositories).join(', ') || 'them once there are some'}${settings.github === undefined ? '' : ', or owner/name of GitHub'}.`,
      )
  }
  const repositories = Object.fromEntries(
    Object.entries(settings.repositories).map(([name, each]) => [name, { ...each, path: resolve(dirname(file), each.path) }]),
  )
  return { settings: { ...settings, repositories }, file, found }
}

/** Whether a name is one of the repositories: on this machine, or `owner/name` on GitHub. */
export function isRepository({ repositories, github }: OperatorSettings, name: string): boolean {
  return repositories[name] !== undefined || (github !== undefined && RepositoryName.safeParse(name).success && allowsRepository(github, name))
}
