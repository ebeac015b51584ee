import type { SourceSnapshot } from '@fixpoint/core'
import type { Found } from './detect-project.ts'
import { installed, readManifest } from './manifest.ts'
import { narrows } from './narrowed-tests.ts'
import { nestedManifests } from './nested-manifests.ts'
import { findTestCommand } from './node-test-command.ts'
import { nodeTestFiles } from './node-test-files.ts'

type NodeRunner = 'node:test' | 'vitest' | 'jest' | 'mocha'
const PACKAGES: readonly (readonly [string, NodeRunner])[] = [
  ['vitest', 'vitest'],
  ['jest', 'jest'],
  ['mocha', 'mocha'],
]

/** Which runner: the test script says it; else a configuration, a dependency, or what the tests import. */
export function detectNode(source: SourceSnapshot, paths: readonly string[]): Found | { unsupported: string; hint: string } {
  const manifest = readManifest(source)
  const because: string[] = []
  const command = findTestCommand(manifest)
  const runner = command?.runner ?? byDependency(source, paths, because) ?? byImports(source, paths, because)
  if (runner === undefined) return unsupported(manifest?.scripts.test, paths)
  if (command !== undefined) because.push(`scripts.${command.script} is \`${command.text}\``)
  const testFiles = nodeTestFiles(source, paths, runner, command?.specs ?? [])
  if (testFiles.length === 0 && runner !== 'jest' && runner !== 'vitest')
    return unsupported(manifest?.scripts.test, paths, `${runner} would run the tests, but no test files were found`)
  const environment: Record<string, string> = { ...(runner === 'vitest' || runner === 'jest' ? { NODE_ENV: 'test' } : {}), ...command?.env }
  const builds = command?.builds ?? []
  if (builds.length > 0) because.push(`before the tests: ${builds.map((build) => build.join(' ')).join('; ')}`)
  // node:test pays no heed to it unless it is told to.
  const narrowing = runner === 'node:test' ? [] : testFiles.filter((path) => narrows(source.text(path) ?? ''))
  if (narrowing.length > 0) because.push(`\`.only\` in ${narrowing.slice(0, 3).join(', ')}: no other test of the ${runner === 'mocha' ? 'suite' : 'file'} runs`)
  return { runner, builds, runnerArguments: [...(command?.keep ?? [])], runnerEnvironment: environment, testFiles, because }
}

function byDependency(source: SourceSnapshot, paths: readonly string[], because: string[]): NodeRunner | undefined {
  const dependencies = installed(readManifest(source))
  for (const [name, runner] of PACKAGES) {
    if (dependencies[name] !== undefined) {
      because.push(`${name} is a dependency`)
      return runner
    }
  }
  const config = paths.find((path) => /^(?:vitest|jest)\.config\.[cm]?[jt]s(?:on)?$|^\.mocharc(?:\.\w+)?$/.test(path))
  if (config === undefined) return undefined
  because.push(`${config} is there`)
  return config.startsWith('vitest') ? 'vitest' : config.startsWith('jest') ? 'jest' : 'mocha'
}

function byImports(source: SourceSnapshot, paths: readonly string[], because: string[]): NodeRunner | undefined {
  const file = paths
    .filter((path) => /\.[cm]?[jt]s$/.test(path) && !path.includes('node_modules/'))
    .slice(0, 2000)
    .find((path) => /(?:from|require\()\s*['"]node:test['"]/.test(source.text(path) ?? ''))
  if (file === undefined) return undefined
  because.push(`${file} imports node:test`)
  return 'node:test'
}

function unsupported(script: string | undefined, paths: readonly string[], what?: string): { unsupported: string; hint: string } {
  const nested = nestedManifests(paths)
  const elsewhere = nested.length > 0 ? `; projects of their own lie in ${nested.join(', ')}` : ''
  const said =
    what ??
    (script === undefined
      ? 'no test runner was found'
      : `the test script \`${script.slice(0, 120)}\` is not a runner that Fixpoint knows (node:test, vitest, jest, mocha)`)
  return { unsupported: said, hint: `say how the tests run with --test "<command>"${elsewhere}` }
}

export type { NodeRunner }
