import type { EnvironmentRecipe, Project, SourceSnapshot } from '@fixpoint/core'
import { detectNode } from './detect-node.ts'
import { detectPython } from './detect-python.ts'
import { nodeRecipe, pythonRecipe } from './environment-recipe.ts'
import { nestedManifests } from './nested-manifests.ts'
import { protectedFiles } from './protected-files.ts'
import { staticChecks } from './static-checks.ts'

export interface Wishes {
  readonly testCommand?: string
  readonly setupCommand?: string
  readonly deps: 'copy' | 'install'
}
export type Detection = { readonly project: Project; readonly recipe: EnvironmentRecipe } | { readonly unsupported: string; readonly hint: string }

/** What a detector of one toolchain found out. */
export interface Found {
  readonly runner: Project['runner']
  readonly runnerArguments: readonly string[]
  readonly runnerEnvironment: Readonly<Record<string, string>>
  readonly testFiles: readonly string[]
  /** Commands that make what the tests load. */
  readonly builds?: readonly (readonly string[])[]
  readonly because: readonly string[]
}

/** Which toolchain, which runner, which tests, and how the dependencies get in; or why we cannot tell and what to do. */
export function detectProject(source: SourceSnapshot, wishes: Wishes): Detection {
  const paths = source
    .list()
    .filter((entry) => entry.kind === 'file' || entry.kind === 'executable')
    .map((entry) => entry.path)
  if (paths.length === 0) return { unsupported: 'the repository has no files at this commit', hint: 'commit something, or name another folder with --repo' }
  const toolchain = chooseToolchain(source, paths, wishes)
  if (toolchain === undefined) return unknownToolchain(paths)
  const custom = wishes.testCommand
  const found = toolchain === 'node' ? detectNode(source, paths) : detectPython(source, paths)
  if (custom === undefined && 'unsupported' in found) return found
  const base: Found = 'unsupported' in found ? { runner: 'command', runnerArguments: [], runnerEnvironment: {}, testFiles: [], because: [] } : found
  const project: Project = {
    toolchain,
    runner: custom === undefined ? base.runner : 'command',
    ...(custom === undefined ? {} : { testCommand: custom }),
    runnerArguments: custom === undefined ? [...base.runnerArguments] : [],
    runnerEnvironment: custom === undefined ? { ...base.runnerEnvironment } : {},
    ...(custom === undefined && base.builds?.length ? { builds: base.builds.map((build) => [...build]) } : {}),
    testFiles: [...base.testFiles],
    protectedFiles: protectedFiles(paths, base.testFiles),
    staticChecks: staticChecks(source, toolchain),
    because: custom === undefined ? [...base.because] : [`the test command is the owner's: ${custom}`],
  }
  return { project, recipe: toolchain === 'node' ? nodeRecipe(source, paths, wishes) : pythonRecipe(source, paths, wishes) }
}

/** Both toolchains in one repository: the one whose tests there are more of; a custom command may name its own. */
function chooseToolchain(source: SourceSnapshot, paths: readonly string[], wishes: Wishes): Project['toolchain'] | undefined {
  const python = paths.some((path) => path.endsWith('.py') || PYTHON_MANIFESTS.has(path))
  const node = source.text('package.json') !== undefined || paths.some((path) => /\.[cm]?[jt]sx?$/.test(path) && !path.includes('/node_modules/'))
  if (python !== node) return python ? 'python' : node ? 'node' : undefined
  if (!python) return undefined
  if (/\b(?:python3?|pytest|tox|py)\b/.test(wishes.testCommand ?? '')) return 'python'
  if (/\b(?:node|npm|npx|yarn|pnpm)\b/.test(wishes.testCommand ?? '')) return 'node'
  const nodeTests = detectNode(source, paths)
  const pythonTests = detectPython(source, paths)
  const count = (found: typeof nodeTests) => ('unsupported' in found ? 0 : found.testFiles.length)
  if (count(nodeTests) !== count(pythonTests)) return count(nodeTests) > count(pythonTests) ? 'node' : 'python'
  return source.text('package.json') === undefined ? 'python' : 'node'
}

const PYTHON_MANIFESTS = new Set(['pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt'])

function unknownToolchain(paths: readonly string[]): Detection {
  const nested = nestedManifests(paths)
  return {
    unsupported: 'neither a Node.js nor a Python project was found at the root of the repository',
    hint:
      nested.length > 0
        ? `projects lie in ${nested.join(', ')}: run Fixpoint with --repo on one of those as a repository of its own`
        : 'Fixpoint knows Node.js and Python; other languages come later',
  }
}
