import type { EnvironmentRecipe, SourceSnapshot } from '@fixpoint/core'
import type { Wishes } from './detect-project.ts'
import { globMatcher } from './glob.ts'
import { installed, readManifest } from './manifest.ts'

const NODE_MANIFESTS = /^(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|\.npmrc|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|patches\/.+)$/
const PYTHON_MANIFESTS =
  /^(?:pyproject\.toml|setup\.py|setup\.cfg|poetry\.lock|uv\.lock|Pipfile(?:\.lock)?|(?:requirements\/)?[\w.-]*requirements[\w.-]*\.txt|requirements\/[\w.-]+\.txt|constraints\.txt)$/

/** How npm's dependencies get into a room; install scripts run afterwards, offline. */
export function nodeRecipe(source: SourceSnapshot, paths: readonly string[], wishes: Wishes): EnvironmentRecipe {
  const manifest = readManifest(source)
  const members = workspaceFolders(manifest?.workspaces, paths)
  const manifests = paths.filter((path) => NODE_MANIFESTS.test(path) || members.some((folder) => path === `${folder}/package.json`))
  const recipe = {
    toolchain: 'node' as const,
    manifests,
    download: [],
    scripts: [],
    directories: ['node_modules', ...members.map((folder) => `${folder}/node_modules`)],
  }
  if (wishes.setupCommand !== undefined) return { ...recipe, way: 'setup', setupCommand: wishes.setupCommand }
  const needsNone = members.length === 0 && Object.keys(installed(manifest)).length === 0
  if (needsNone) return { ...recipe, way: 'none', directories: [] }
  if (wishes.deps === 'copy') return { ...recipe, way: 'copy' }
  const locked = manifests.includes('package-lock.json') || manifests.includes('npm-shrinkwrap.json')
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund']
  const install = locked ? ['npm', 'ci', ...flags] : ['npm', 'install', ...flags, '--no-package-lock']
  return { ...recipe, way: 'install', download: [install], scripts: [['npm', 'rebuild']] }
}

/** A virtual environment in `.venv`, which sees the image's own pytest when the project does not bring one. */
export function pythonRecipe(source: SourceSnapshot, paths: readonly string[], wishes: Wishes): EnvironmentRecipe {
  const manifests = paths.filter((path) => PYTHON_MANIFESTS.test(path))
  const recipe = { toolchain: 'python' as const, manifests, download: [], scripts: [], directories: ['.venv'] }
  if (wishes.setupCommand !== undefined) return { ...recipe, way: 'setup', setupCommand: wishes.setupCommand }
  const lists = manifests.filter((path) =>
    /(?:^|\/)(?:requirements(?:[-_.]?(?:dev|test|tests|testing))?|(?:dev|test|tests)[-_]requirements|requirements\/(?:base|dev|test|tests))\.txt$/.test(path),
  )
  const requirements = lists.filter((path) => /^\s*[A-Za-z0-9-]/m.test(source.text(path) ?? ''))
  const declared = declaredDependencies(source.text('pyproject.toml') ?? '')
  if (requirements.length === 0 && declared.length === 0) return { ...recipe, way: 'none', directories: [] }
  if (wishes.deps === 'copy') return { ...recipe, way: 'copy' }
  const wanted = [...requirements.flatMap((path) => ['-r', path]), ...declared]
  const download = [
    ['python3', '-m', 'venv', '--system-site-packages', '.venv'],
    ['.venv/bin/pip', 'install', '--only-binary', ':all:', '--no-input', ...wanted],
  ]
  return { ...recipe, way: 'install', download }
}

/** Folders that npm's `workspaces` patterns name. */
export function workspaceFolders(workspaces: unknown, paths: readonly string[]): string[] {
  const listed = Array.isArray(workspaces)
    ? workspaces
    : typeof workspaces === 'object' && workspaces !== null && 'packages' in workspaces
      ? workspaces.packages
      : []
  if (!Array.isArray(listed)) return []
  const patterns = listed.filter((pattern) => typeof pattern === 'string').map((pattern) => pattern.replace(/\/+$/, ''))
  const matches = globMatcher(patterns)
  const folders = paths.filter((path) => path.endsWith('/package.json')).map((path) => path.slice(0, -'/package.json'.length))
  return folders.filter((folder) => !folder.includes('node_modules') && matches(folder))
}

/** The requirement strings of `[project] dependencies` and of the extras that tests use. Enough of TOML for arrays of strings. */
function declaredDependencies(toml: string): string[] {
  const found: string[] = []
  const sections = toml.split(/^(?=\[)/m)
  for (const section of sections) {
    const name = /^\[+([^\]\n]+)\]/.exec(section)?.[1]?.trim()
    if (name === 'project') found.push(...stringsOf(section, /^dependencies\s*=\s*\[/m))
    if (name === 'project.optional-dependencies' || name === 'dependency-groups')
      found.push(...stringsOf(section, /^(?:"?)(?:dev|tests?|testing)(?:"?)\s*=\s*\[/m))
  }
  return found.filter((requirement) => /^[A-Za-z0-9]/.test(requirement))
}

function stringsOf(section: string, head: RegExp): string[] {
  const start = head.exec(section)
  if (!start) return []
  const rest = section.slice(start.index + start[0].length)
  const strings: string[] = []
  for (const [token, double, single] of rest.matchAll(/"([^"\n]*)"|'([^'\n]*)'|\]|#[^\n]*/g)) {
    if (token === ']') break
    const text = double ?? single
    if (text !== undefined) strings.push(text)
  }
  return strings
}
