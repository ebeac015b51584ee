import { inert, type SourceSnapshot } from '@fixpoint/core'
import { detectProject } from '@fixpoint/test-runners'
import { servicesIn } from './services-in.ts'

export const ONBOARDING_PATH = '.github/fixpoint.yml'

/** A settings file that changes nothing, with what Fixpoint found out about the repository, and what its owner may say instead. */
export function onboardingFile(source: SourceSnapshot): string {
  return `# yaml-language-server: $schema=https://fixpoint.dev/schema/fixpoint-settings.json
# How Fixpoint works in this repository. It is read from the default branch; everything may be left out, and then has the value shown here.
# fixpoint config validate checks it.

${foundIn(source)
  .map((line) => `# ${oneLine(line)}`)
  .join('\n')}

# The command that runs the tests, where what was found is wrong. It is judged by its exit code alone, which is weaker evidence:
# test: make test
# The command that installs the dependencies:
# setup: make deps

# Issues with one of these labels are worked on:
labels: [fixpoint]
# Who may ask for something: triage, write or admin.
# mayAsk: write

# What no patch may touch, in the syntax of .gitignore:
protected: []
#  - db/migrations/

# pullRequest:
#   labels: [bug]
#   reviewers: [some-login, some-organisation/some-team]
#   closes: true

# False: nothing is begun here, whoever asks.
# enabled: true
`
}

function foundIn(source: SourceSnapshot): readonly string[] {
  const found = detectProject(source, { deps: 'install' })
  if ('unsupported' in found)
    return [`No test runner was recognised: ${found.unsupported}.`, 'Fixpoint proves a fix by your tests: say below which command runs them.']
  const { project, recipe } = found
  const setup = recipe.setupCommand ?? recipe.download.map((words) => words.join(' ')).join(' && ')
  return [
    'What was found:',
    `  tests       ${project.runner}, files of tests: ${project.testFiles.length}${project.because.length > 0 ? ` (${project.because.join('; ')})` : ''}`,
    `  toolchain   ${project.toolchain}`,
    `  setup       ${setup || 'nothing to install'}`,
    ...services(source),
  ]
}

/** Where tests run there is no network, and nothing but the code. */
function services(source: SourceSnapshot): readonly string[] {
  const found = servicesIn(source)
  if (found.length === 0) return ['  services    none']
  return [
    ...found.map(({ name, because }, nth) => `  ${nth === 0 ? 'services' : '        '}    ${name} (${because.slice(0, 3).join('; ')})`),
    'Tests run without a network and without these: those that need one fail on the base and prove nothing. Tests that run without are what counts.',
  ]
}

/** Names of a repository's files and scripts end up in it: they never end the comment that they stand in. */
function oneLine(text: string): string {
  return inert(text, 300).replace(/[\s\u0085\u2028\u2029]+/g, (space) => (/^ +$/.test(space) ? space : ' '))
}
