import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { conventionProblems, readmeProblems } from '../../scripts/check/conventions.mjs'
import { documentProblems, machineProblems, namedIn } from '../../scripts/check/documents.mjs'
import { missingEntries, platformOf } from '../../scripts/check/lockfile.mjs'
import { sumOf, tallyFrom } from '../../scripts/check/tally.mjs'

const ROOT = resolve(import.meta.dirname, '../..')

describe('documents', () => {
  test('what a text names', () => {
    const text = [
      'See [the map](docs/map.md#top) and `packages/core/src/index.ts`, `packages/<name>/` or https://example.com/packages/x.',
      '```sh',
      'npm test',
      'npx vitest run test/house',
      '```',
    ].join('\n')
    expect(namedIn(text)).toEqual({
      links: ['docs/map.md'],
      paths: ['packages/core/src/index.ts', 'test/house'].sort().reverse(),
      scripts: ['test'],
      programs: ['vitest'],
    })
  })

  test.each([
    ['`packages/core/src/index.ts` and `npm run check`, `npm ci`, `npx tsc`, [here](./LICENSE)', []],
    ['see `packages/core/src/nowhere.ts`', ['names packages/core/src/nowhere.ts']],
    ['[gone](docs/nowhere.md)', ['links to docs/nowhere.md']],
    ['```sh\nnpm run nowhere\n```', ['names the command "npm run nowhere"']],
    ['type `npx nowhere`', ['names the command "npx nowhere"']],
    ['read `NOWHERE.md`', ['names NOWHERE.md']],
  ])('%j', (text, problems) => {
    expect(documentProblems(ROOT, 'README.md', text)).toEqual(problems.map((problem) => `README.md ${problem}, which does not exist`))
  })

  test('traces of a machine', () => {
    expect(machineProblems('a.ts', 'const at = "/home/ann/fixpoint/x"', ['/home/ann/fixpoint/'])).toHaveLength(1)
    expect(machineProblems('a.ts', 'const at = "/app/x"', ['/home/ann/fixpoint/'])).toEqual([])
    expect(machineProblems('a/package-lock.json', '{ "resolved": "https://mirror.example/x.tgz" }', [])).toHaveLength(1)
    expect(machineProblems('a/package-lock.json', '{ "version": "1.0.0" }', [])).toEqual([])
  })
})

describe('conventions', () => {
  test.each([
    ['packages/core/src/utils.ts', '', 1],
    ['packages/core/src/string-helpers.ts', '', 1],
    ['packages/core/src/index.ts', "export * from './run.ts'", 1],
    ['packages/core/src/run.ts', 'let count = 0', 1],
    ['packages/core/src/run.ts', 'function count() {\n  let sum = 0\n}', 0],
    ['apps/cli/src/main.ts', 'const home = process.env.HOME', 1],
    ['apps/cli/src/env.ts', 'const home = process.env.HOME', 0],
    ['packages/core/src/run.test.ts', 'let root = process.env.HOME', 0],
    ['packages/core/src/run.test.ts', 'test.only("x", () => {})', 1],
    ['packages/core/src/run.test.ts', "vi.mock('./run.ts')", 1],
  ])('%s: %j has %i problems', (path, text, count) => {
    expect(conventionProblems(path, text)).toHaveLength(count)
  })

  test('a package has a short README', () => {
    expect(readmeProblems('packages/core', undefined)).toHaveLength(1)
    expect(readmeProblems('packages/core', 'line\n'.repeat(20))).toEqual([])
    expect(readmeProblems('packages/core', 'line\n'.repeat(200))).toHaveLength(1)
  })
})

describe('the lockfile', () => {
  test('names the packages of other platforms, as their parent pins them', () => {
    const packages = {
      'node_modules/tool': { version: '2.0.0', dev: true, optionalDependencies: { 'tool-linux-x64': '2.0.0', 'tool-darwin-arm64': '2.0.0' } },
      'node_modules/tool-linux-x64': { version: '2.0.0', optional: true },
    }
    const missing = { 'node_modules/tool-darwin-arm64': { version: '2.0.0', os: ['darwin'], cpu: ['arm64'], dev: true, optional: true } }
    expect(missingEntries({ packages })).toEqual(missing)
    expect(missingEntries({ packages: { ...packages, ...missing } })).toEqual({})
  })

  test.each([
    ['@turbo/windows-64', { os: ['win32'], cpu: ['x64'] }],
    ['@oxc-parser/binding-linux-riscv64-musl', { os: ['linux'], cpu: ['riscv64'], libc: ['musl'] }],
    ['@oxc-parser/binding-linux-arm-musleabihf', { os: ['linux'], cpu: ['arm'], libc: ['musl'] }],
    ['@tailwindcss/oxide-wasm32-wasi', { cpu: ['wasm32'] }],
    ['@oxc-parser/binding-win32-x64-msvc', { os: ['win32'], cpu: ['x64'] }],
  ])('%s', (name, platform) => {
    expect(platformOf(name)).toEqual(platform)
  })

  test('a name that tells no platform is not guessed', () => {
    expect(() => platformOf('fsevents')).toThrow('Which platform')
  })
})

describe('the count at the end', () => {
  const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map((test) => ({ status: test })) })
  const report = (...testResults: ReturnType<typeof file>[]) => JSON.stringify({ testResults })

  test.each([
    ['tests are counted', report(file('passed', 'passed', 'skipped'), file('failed', 'passed', 'failed')), 1, { passed: 2, failed: 1, skipped: 1 }],
    ['a file that fails to load is a failure', report(file('passed', 'passed'), file('failed')), 1, { passed: 1, failed: 1, skipped: 0 }],
    ['a run that fails beside its tests is a failure', report(file('passed', 'passed')), 1, { passed: 1, failed: 1, skipped: 0 }],
    ['no report is a failure', undefined, 1, { passed: 0, failed: 1, skipped: 0 }],
    ['a run that found no test is none', report(), 0, { passed: 0, failed: 0, skipped: 0 }],
  ])('%s', (_, text, exitCode, expected) => {
    expect(tallyFrom(text, exitCode)).toEqual(expected)
  })

  test('the sum over suites', () => {
    expect(
      sumOf([
        { passed: 2, failed: 0, skipped: 1 },
        { passed: 3, failed: 1, skipped: 0 },
      ]),
    ).toEqual({ passed: 5, failed: 1, skipped: 1 })
  })
})
