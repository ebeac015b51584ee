import type { Project, SourceSnapshot } from '@fixpoint/core'
import { installed, readManifest } from './manifest.ts'
import { scriptCommands } from './shell-words.ts'

const LINTERS = new Set(['eslint', 'biome', 'standard', 'xo', 'oxlint', 'tslint'])

/** The repository's own type check and lint, as arguments: run in the room, against the base and against the patch. */
export function staticChecks(source: SourceSnapshot, toolchain: Project['toolchain']): Project['staticChecks'] {
  return toolchain === 'node' ? nodeChecks(source) : pythonChecks(source)
}

function nodeChecks(source: SourceSnapshot): Project['staticChecks'] {
  const manifest = readManifest(source)
  const dependencies = installed(manifest)
  const checks: Project['staticChecks'] = []
  if (dependencies.typescript !== undefined && source.text('tsconfig.json') !== undefined)
    checks.push({ name: 'tsc', argv: ['node_modules/.bin/tsc', '--noEmit', '-p', 'tsconfig.json'] })
  for (const { words } of scriptCommands(manifest?.scripts.lint ?? '')) {
    const [program = '', ...rest] = words
    const brought = dependencies[program] !== undefined || (program === 'biome' && dependencies['@biomejs/biome'] !== undefined)
    // A lint that repairs would change the tree that it judges; patterns are for a shell that is not there.
    const plain = rest.filter((word) => word !== '--fix' && word !== '--write' && word !== '--apply')
    if (LINTERS.has(program) && brought) checks.push({ name: program, argv: [`node_modules/.bin/${program}`, ...plain] })
  }
  return checks
}

function pythonChecks(source: SourceSnapshot): Project['staticChecks'] {
  const settings = ['pyproject.toml', 'setup.cfg', 'tox.ini'].map((file) => source.text(file) ?? '').join('\n')
  const wanted = source
    .list()
    .filter((entry) => /requirements[\w.-]*\.txt$/.test(entry.path))
    .map((entry) => source.text(entry.path) ?? '')
    .join('\n')
  const checks: Project['staticChecks'] = []
  const brought = (name: string) => new RegExp(`^\\s*["']?${name}\\b(?!\\.)`, 'm').test(`${wanted}\n${settings}`)
  if (brought('ruff')) checks.push({ name: 'ruff', argv: ['.venv/bin/python', '-m', 'ruff', 'check', '--no-cache', '.'] })
  if (brought('mypy') && (/\[(?:tool\.)?mypy\]/.test(settings) || source.text('mypy.ini') !== undefined))
    checks.push({ name: 'mypy', argv: ['.venv/bin/python', '-m', 'mypy', '--cache-dir=/tmp/fixpoint-mypy'] })
  return checks
}
