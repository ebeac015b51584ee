import type { ScriptCommand } from './shell-words.ts'

/** Names that people give to scripts that make files, and to those that only look at them. */
const MAKES = /(?:^|[:_-])(?:build|compile|generate|gen|codegen|bundle|transpile|prepare|prebuild|babel|tsc)(?:$|[:_-])/
const ONLY_LOOKS = /lint|format|prettier|check|watch|docs?(?:$|[:_-])|coverage|size|release|publish/
/** Declarations are for compilers; no test loads them. */
const ONLY_DECLARES = /--emitDeclarationOnly\b/
const COMPILERS = new Set(['tsc', 'babel', 'rollup', 'webpack', 'esbuild', 'swc', 'tsup', 'coffee', 'unbuild', 'microbundle', 'pegjs', 'peggy', 'jison'])

/** The commands of a script that make what its tests then load, to be run inside a room: none for a lint, a type check, a clean-up. */
export function buildOf(scripts: Readonly<Record<string, string>>, { env, words }: ScriptCommand): string[][] {
  const [program = '', ...rest] = words
  if (['npm', 'yarn', 'pnpm'].includes(program)) {
    const name = (rest[0] === 'run' || rest[0] === 'run-script' ? rest[1] : rest[0]) ?? ''
    if (scripts[name] !== undefined) return runScripts(scripts, [name])
    return program === 'npm' ? [] : buildOf(scripts, { env, words: rest[0] === 'exec' ? rest.slice(1) : rest })
  }
  if (['run-s', 'run-p', 'npm-run-all'].includes(program))
    return runScripts(
      scripts,
      rest.filter((word) => !word.startsWith('-') && !word.includes('*')),
    )
  const name = program.replace(/^(?:\.\/)?node_modules\/\.bin\//, '')
  if (!COMPILERS.has(name) || rest.some((word) => /^(?:--noEmit|--watch|-w)$/.test(word))) return []
  return [[`node_modules/.bin/${name}`, ...rest]]
}

function runScripts(scripts: Readonly<Record<string, string>>, names: readonly string[]): string[][] {
  const makes = (name: string) => MAKES.test(name) && !ONLY_LOOKS.test(name) && !ONLY_DECLARES.test(scripts[name] ?? '')
  return names.filter(makes).map((name) => ['npm', 'run', '--silent', name])
}

/** The exit code of a command whose build failed: no runner ends with it. */
export const BUILD_FAILED = 99

/** A command that is only run when everything before it was made. What the builds print must not look like a report. */
export function afterBuilds(builds: readonly (readonly string[])[], argv: readonly string[]): readonly string[] {
  if (builds.length === 0) return argv
  const script = builds.map((build) => `${build.map(quoted).join(' ')} >&2 || exit ${BUILD_FAILED}`).join('\n')
  return ['sh', '-c', `${script}\nexec "$@"`, 'sh', ...argv]
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
