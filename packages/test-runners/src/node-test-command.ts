import { buildOf } from './build-commands.ts'
import type { NodeRunner } from './detect-node.ts'
import type { Manifest } from './manifest.ts'
import { type ScriptCommand, scriptCommands } from './shell-words.ts'

/** A test script, understood: what the runner needs of it, and which files it names. */
export interface TestCommand {
  readonly runner: NodeRunner
  readonly script: string
  readonly text: string
  readonly env: Readonly<Record<string, string>>
  /** Arguments that belong to how the tests run (a loader, a config); how they are reported or picked is ours to say. */
  readonly keep: readonly string[]
  /** Files and patterns that the script names. */
  readonly specs: readonly string[]
  /** What it makes before the tests run: without it they would test an older build, or nothing. */
  readonly builds: readonly (readonly string[])[]
}

const SCRIPTS = ['test', 'test:unit', 'unit', 'tests', 'test-unit', 'mocha', 'jest', 'vitest', 'test:node']
const FOLLOWED = 5

/** The first script, in the order people name them, that runs a runner we know. */
export function findTestCommand(manifest: Manifest | undefined): TestCommand | undefined {
  for (const name of SCRIPTS) {
    const found = understand(manifest, name, FOLLOWED)
    if (found) return found
  }
  return undefined
}

function understand(manifest: Manifest | undefined, name: string, depth: number): TestCommand | undefined {
  const text = manifest?.scripts[name]
  if (text === undefined || depth === 0) return undefined
  const builds = scriptCommands(manifest?.scripts[`pre${name}`] ?? '').flatMap((command) => buildOf(manifest?.scripts ?? {}, command))
  for (const command of scriptCommands(text)) {
    const followed = followedScript(command)
    if (followed !== undefined && followed !== name) {
      const found = understand(manifest, followed, depth - 1)
      const beside = /^(?:run-|npm-run-all)/.test(command.words[0] ?? '') ? buildOf(manifest?.scripts ?? {}, command) : []
      if (found) return { ...found, env: { ...command.env, ...found.env }, builds: [...builds, ...beside, ...found.builds] }
    }
    const read = readCommand(command)
    if (read) return { ...read, script: name, text, builds }
    builds.push(...buildOf(manifest?.scripts ?? {}, command))
  }
  return undefined
}

function followedScript({ words }: ScriptCommand): string | undefined {
  const [program, verb, name] = words
  if (program === 'run-s' || program === 'run-p' || program === 'npm-run-all')
    return words.slice(1).find((word) => /test|unit/.test(word) && !word.startsWith('-'))
  if (program !== 'npm' && program !== 'yarn' && program !== 'pnpm') return undefined
  return verb === 'run' || verb === 'run-script' ? name : verb
}

type Read = Omit<TestCommand, 'script' | 'text' | 'builds'>

function readCommand({ env, words }: ScriptCommand): Read | undefined {
  const plain = safeEnvironment(env)
  const at = words.findIndex((word, index) => programOf(word) !== undefined && (index === 0 || isWrapper(words[0] ?? '')))
  if (at < 0) return undefined
  const program = programOf(words[at] ?? '')
  const rest = words.slice(at + 1)
  switch (program) {
    case 'mocha':
      return { runner: 'mocha', env: plain, ...pick(rest, MOCHA) }
    case 'ts-mocha': {
      const picked = pick(rest, MOCHA)
      return { runner: 'mocha', env: plain, keep: ['--require', 'ts-mocha/src/index.js', ...picked.keep], specs: picked.specs }
    }
    case 'jest':
      return { runner: 'jest', env: plain, keep: pick(rest, JEST).keep, specs: [] }
    case 'vitest':
      return { runner: 'vitest', env: plain, keep: pick(rest, VITEST).keep, specs: [] }
    case 'node':
    case 'tsx':
      return readNode(rest, plain, program === 'tsx')
    default:
      return undefined
  }
}

/** `node --test …`, or node with the script of another runner: `node --inspect node_modules/jest/bin/jest.js`. */
function readNode(rest: readonly string[], env: Record<string, string>, tsx: boolean): Read | undefined {
  const picked = pick(rest, NODE)
  const loader = tsx ? ['--import', 'tsx'] : []
  if (rest.includes('--test')) return { runner: 'node:test', env, keep: [...loader, ...picked.keep], specs: picked.specs }
  const [script, ...others] = picked.specs
  const inner = script === undefined ? undefined : programOf(script)
  if (inner !== undefined && inner !== 'node' && inner !== 'tsx') {
    const at = rest.indexOf(script ?? '')
    const read = readCommand({ env, words: [inner, ...rest.slice(at + 1)] })
    const options = picked.keep.join(' ')
    return read && options !== '' ? { ...read, env: { ...read.env, NODE_OPTIONS: [read.env.NODE_OPTIONS, options].filter(Boolean).join(' ') } } : read
  }
  // A file of node:test tests that is run by itself.
  return script !== undefined && others.length === 0 && /test|spec/.test(script)
    ? { runner: 'node:test', env, keep: [...loader, ...picked.keep], specs: [script] }
    : undefined
}

function isWrapper(word: string): boolean {
  return /^(?:nyc|c8|istanbul|_?nyc|cross-env|env|dotenv|npx|yarn|pnpm|node_modules\/\.bin\/(?:nyc|c8|istanbul)|\.\/node_modules\/\.bin\/(?:nyc|c8|istanbul))$/.test(
    word,
  )
}

function programOf(word: string): string | undefined {
  const name = word.replace(/^(?:\.\/)?node_modules\/(?:\.bin\/|(?:mocha|jest|jest-cli|vitest)\/(?:bin\/)?)/, '').replace(/\.(?:c|m)?js$/, '')
  if (name === '_mocha') return 'mocha'
  return ['mocha', 'ts-mocha', 'jest', 'vitest', 'node', 'tsx'].includes(name) ? name : undefined
}

/** What a script may set for its tests; never how a room is found or where its programs are. */
function safeEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => !/^(?:PATH|HOME|LD_\w+|FIXPOINT_\w+|CI|NODE_TEST_CONTEXT)$/.test(name) && !value.includes('$')),
  )
}

/** For each runner: options with a value that are kept, flags that are kept, and other options that take a value (to tell it from a file). */
interface Options {
  readonly keepValue: ReadonlySet<string>
  readonly keepFlag: ReadonlySet<string>
  readonly dropValue: ReadonlySet<string>
}
function options(keepValue: string, keepFlag: string, dropValue: string): Options {
  const set = (words: string) => new Set(words.split(' '))
  return { keepValue: set(keepValue), keepFlag: set(keepFlag), dropValue: set(dropValue) }
}
const NODE = options(
  '--import --require -r --loader --experimental-loader --conditions -C --env-file --test-timeout --stack-size',
  '--experimental-strip-types --experimental-transform-types --experimental-vm-modules --experimental-test-module-mocks --enable-source-maps --expose-gc --experimental-default-type=module --experimental-sqlite --no-warnings --harmony --no-experimental-fetch --experimental-specifier-resolution=node --experimental-json-modules --experimental-import-meta-resolve',
  '--test-reporter --test-reporter-destination --test-name-pattern --test-skip-pattern --test-concurrency --test-shard --test-coverage-include --test-coverage-exclude --test-isolation --test-coverage-lines --test-coverage-branches --test-coverage-functions',
)
const MOCHA = options(
  '--require -r --config --opts --ui -u --timeout -t --file --extension --ext --compilers --ignore --exclude --globals --import --loader --experimental-loader --node-option -n --package --slow -s',
  '--check-leaks --exit --recursive --async-only -A --sort -S --delay --full-trace --allow-uncaught --no-exit --experimental-strip-types --experimental-vm-modules --harmony --preserve-symlinks --no-config --no-package --no-opts --no-timeout --no-timeouts --expose-gc',
  '--reporter -R --reporter-option --reporter-options -O --grep -g --fgrep -f --retries --jobs -j --watch-files --watch-ignore',
)
const JEST = options(
  '--config -c --env --testEnvironment --rootDir --projects --selectProjects --preset --testTimeout --globals --globalSetup --globalTeardown --setupFiles --setupFilesAfterEnv --testPathIgnorePatterns --modulePathIgnorePatterns --roots',
  '--runInBand -i --detectOpenHandles --forceExit --injectGlobals --resetMocks --resetModules --restoreMocks --clearMocks',
  '--maxWorkers -w --reporters --testNamePattern -t --testPathPattern --testPathPatterns --coverageReporters --coverageDirectory --collectCoverageFrom --outputFile --shard --cacheDirectory --changedSince --coverageThreshold --coverageProvider --bail -b --notifyMode --testRunner --testLocationInResults --silent --verbose',
)
const VITEST = options(
  '--config -c --root -r --project --environment --dir --pool --mode --testTimeout --hookTimeout --exclude --poolOptions --tsconfig',
  '--globals --no-threads --no-isolate --isolate --single-thread --no-file-parallelism --dom --passWithNoTests',
  '--reporter --outputFile --testNamePattern -t --retry --bail --shard --maxWorkers --minWorkers --coverage.provider --coverage.reporter --changed',
)

function pick(words: readonly string[], { keepValue, keepFlag, dropValue }: Options): { keep: string[]; specs: string[] } {
  const keep: string[] = []
  const specs: string[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === '--' || (word === 'run' && at === 0)) continue
    if (!word.startsWith('-') || word === '-') {
      specs.push(word)
      continue
    }
    const [name = word] = word.split('=', 1)
    const inline = name !== word
    const value = words[at + 1]
    if (keepFlag.has(word)) keep.push(word)
    else if (keepValue.has(name)) {
      if (inline) keep.push(word)
      else if (value !== undefined) keep.push(word, words[++at] ?? '')
    } else if (dropValue.has(name) && !inline && value !== undefined && !value.startsWith('-')) at += 1
  }
  return { keep, specs }
}
