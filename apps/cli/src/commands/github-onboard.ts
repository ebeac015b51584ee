import { ensureFilePull, type Pace } from '@fixpoint/code-hosts'
import { Failure, RepositoryName } from '@fixpoint/core'
import type { Env } from '../env.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import { ONBOARDING_PATH, onboardingFile } from '../github/onboarding-file.ts'
import type { Screen } from '../present/terminal.ts'
import { Hosting } from '../serve/hosting.ts'
import { readOperatorSettings } from '../serve/operator-settings.ts'
import { settingsPaths } from '../settings-files.ts'
import { interruptible } from './interruptible.ts'

const BRANCH = 'fixpoint/onboarding'
const TITLE = 'Settings for Fixpoint'
const BODY = `This adds \`${ONBOARDING_PATH}\`, with what Fixpoint found out about this repository. It changes nothing by itself: read it, correct it here, and merge it, or close this pull request, and it is not offered again.

Label an issue \`fixpoint\` to have it worked on.
`

/** Offers a settings file to a repository on GitHub, once. `pace`: how patient it is with GitHub. */
export async function onboard(wanted: string, options: { readonly print?: boolean }, env: Env, screen: Screen, pace?: Partial<Pace>): Promise<ExitCode> {
  const name = RepositoryName.safeParse(wanted).data
  if (name === undefined) throw new UsageError('this is no repository on GitHub', 'Give it as owner/name.')
  const { settings: operator, file } = await readOperatorSettings(env)
  const offer = async (signal: AbortSignal) => {
    const hosting = await Hosting.open(operator, env, signal, pace)
    if (hosting === undefined) throw new Failure('settings-invalid', `${file} says nothing of github`, 'Make an app with: fixpoint github-app create')
    if (!hosting.allows(name)) throw new Failure('settings-invalid', `github.repositories of ${file} does not hold ${name}`, 'Add it there.')
    const hosted = await hosting.hosts.open(name)
    const note = (message: string) => screen.line(screen.colors.dim(message))
    await using repository = await hosting.repository(name, { signal, revisions: [], fresh: true, note })
    const source = await repository.snapshot(await repository.resolve('HEAD'))
    const content = onboardingFile(source)
    if (options.print) return void process.stdout.write(content)
    const there = settingsPaths.find((path) => source.read(path) !== undefined)
    if (there !== undefined) return screen.line(`${name} has ${there} already`)
    const { url, open } = await ensureFilePull(hosted, { branch: BRANCH, path: ONBOARDING_PATH, content, message: `${TITLE}\n`, title: TITLE, body: BODY })
    screen.line(open ? `${screen.colors.green('✔')} ${url}` : `${url} was closed: nothing is offered again until the branch ${BRANCH} is deleted`)
  }
  await interruptible(screen, offer, 'cancelling')
  return ExitCode.delivered
}
