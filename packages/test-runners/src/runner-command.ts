import type { Project, SourceSnapshot } from '@fixpoint/core'
import { TOOLS } from './room-places.ts'
import type { PlannedSelection } from './test-plan.ts'

/** An argument may hold 128 KiB at most; a longer name filter is left out, and the parse sorts the tests. */
const FILTER_LIMIT = 60_000

type RunnerCommand = { argv: string[]; env: Record<string, string> }

/** The runner's own command line for a selection, with our reporter, without watching, colours, coverage and retries. */
export function runnerCommand(project: Project, planned: PlannedSelection, source: SourceSnapshot): RunnerCommand {
  switch (project.runner) {
    case 'node:test':
      return nodeTest(project, planned)
    case 'mocha':
      return mocha(project, planned)
    case 'jest':
      return jest(project, planned)
    case 'vitest':
      return vitest(project, planned)
    case 'pytest':
      return pytest(project, planned, source)
    case 'command':
      throw new TypeError('a custom command has no selection')
  }
}

function nodeTest(project: Project, planned: PlannedSelection): RunnerCommand {
  const files = selectedFiles(planned) ?? [...project.testFiles, ...planned.canaryFiles]
  // Node before 22 asks each name on the way down by itself, later ones the names joined: both forms are given, and suites let all through.
  const names = namesOf(planned).flatMap((path) => [...path.map(exactly), exactly(path.join(' '))])
  const filters = limited([...new Set(names)].map((name) => `--test-name-pattern=${name}`))
  const reporter = [`--test-reporter=${TOOLS}/node-test-reporter.mjs`, '--test-reporter-destination=stdout']
  return { argv: ['node', ...project.runnerArguments, '--test', ...reporter, ...filters, ...files.map(asPath)], env: {} }
}

function mocha(project: Project, planned: PlannedSelection): RunnerCommand {
  const files = selectedFiles(planned) ?? [...project.testFiles, ...planned.canaryFiles]
  const names = namesOf(planned).map((path) => escaped(path.join(' ')))
  const filter = limited(names.length > 0 ? ['--grep', `^ ?(?:${names.join('|')})(?: |$)`] : [])
  const ours = ['--require', `${TOOLS}/mocha-preload.cjs`, '--reporter', `${TOOLS}/mocha-reporter.cjs`]
  return { argv: ['node_modules/.bin/mocha', ...project.runnerArguments, ...ours, ...filter, ...files.map(asPath)], env: {} }
}

function jest(project: Project, planned: PlannedSelection): RunnerCommand {
  const files = selectedFiles(planned)
  const names = namesOf(planned).map((path) => escaped(path.join(' ')))
  const filter = limited(names.length > 0 ? ['-t', `^(?:${names.join('|')})(?: |$)`] : [])
  const plain = ['--ci', '--coverage=false', '--watchAll=false', '--watchman=false', '--cacheDirectory=/tmp/fixpoint-jest']
  const paths = files === undefined ? [] : ['--runTestsByPath', ...files.map(asPath)]
  return { argv: ['node_modules/.bin/jest', ...project.runnerArguments, ...plain, `--reporters=${TOOLS}/jest-reporter.cjs`, ...filter, ...paths], env: {} }
}

function vitest(project: Project, planned: PlannedSelection): RunnerCommand {
  const names = namesOf(planned).map((path) => path.map(escaped).join('(?: > | )'))
  const filter = limited(names.length > 0 ? ['-t', `(?:^|[ >])(?:${names.join('|')})(?:[ >]|$)`] : [])
  const plain = ['--coverage.enabled=false', '--retry=0', '--bail=0', '--watch=false']
  const paths = selectedFiles(planned) ?? []
  return {
    argv: ['node_modules/.bin/vitest', 'run', ...project.runnerArguments, ...plain, `--reporter=${TOOLS}/vitest-reporter.mjs`, ...filter, ...paths.map(asPath)],
    env: {},
  }
}

function pytest(project: Project, planned: PlannedSelection, source: SourceSnapshot): RunnerCommand {
  const plain = ['-p', 'fixpoint_pytest', '-p', 'no:cacheprovider', '-p', 'no:randomly', '--maxfail=0', '--continue-on-collection-errors', '--color=no']
  const settings = ['pytest.ini', '.pytest.ini', 'pyproject.toml', 'tox.ini', 'setup.cfg'].map((file) => source.text(file) ?? '').join('\n')
  if (/--cov\b/.test(settings)) plain.push('--no-cov')
  if (/addopts[^\n]*(?:\s|=|")-n\s*(?:auto|\d)/.test(settings)) plain.push('-n0')
  const { selection } = planned
  const ids =
    selection.kind === 'tests' ? limited(selection.tests.map((test) => (test.path[0] === '(file)' ? test.file : [test.file, ...test.path].join('::')))) : []
  const targets = ids.length > 0 ? [...ids, ...planned.canaryFiles] : (selectedFiles(planned) ?? [])
  const path = '/workspace/.venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  return {
    argv: ['python3', '-m', 'pytest', ...project.runnerArguments, ...plain, ...new Set(targets.map(asPath))],
    env: { PYTHONPATH: [TOOLS, project.runnerEnvironment.PYTHONPATH].filter(Boolean).join(':'), PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0', PATH: path },
  }
}

/** The files to run, or undefined when everything is. */
function selectedFiles({ selection, canaryFiles }: PlannedSelection): string[] | undefined {
  if (selection.kind === 'all') return undefined
  const files = selection.kind === 'files' ? selection.files : selection.tests.map((test) => test.file).filter((file) => file !== '(run)')
  return [...new Set([...files, ...canaryFiles])]
}

/** The paths to filter by; none when whole files are wanted (also when canaries come along, or a file's own load is the test). */
function namesOf({ selection, canaryFiles }: PlannedSelection): readonly (readonly string[])[] {
  if (
    selection.kind !== 'tests' ||
    canaryFiles.length > 0 ||
    selection.tests.some((test) => test.path.some((name) => name.startsWith('(') || name.startsWith('"')))
  )
    return []
  return selection.tests.map((test) => test.path)
}

function limited(filters: string[]): string[] {
  return filters.reduce((sum, filter) => sum + filter.length, 0) <= FILTER_LIMIT ? filters : []
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

function exactly(name: string): string {
  return `^${escaped(name)}$`
}

/** A file name that starts with a dash must not be read as an option. */
function asPath(path: string): string {
  return path.startsWith('-') ? `./${path}` : path
}
