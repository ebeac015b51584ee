import { Failure } from '@fixpoint/core'
import type { Env } from '../env.ts'
import type { ExitCode } from '../exit-codes.ts'
import { githubFindings } from '../github/findings.ts'
import { showFindings } from '../present/findings.ts'
import type { Screen } from '../present/terminal.ts'
import { readOperatorSettings } from '../serve/operator-settings.ts'

/** Whether the service can work with GitHub. */
export async function checkGitHub(options: { readonly json?: boolean }, env: Env, screen: Screen): Promise<ExitCode> {
  const { settings, file } = await readOperatorSettings(env)
  if (settings.github === undefined) throw new Failure('settings-invalid', `${file} says nothing of github`, 'Make an app with: fixpoint github-app create')
  return showFindings(await githubFindings({ ...settings, github: settings.github }, env), options.json ?? false, screen)
}
