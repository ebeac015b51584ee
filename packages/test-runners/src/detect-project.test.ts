import { MemorySnapshot } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { detectProject } from './index.ts'

const TEST = "const { test } = require('node:test')\ntest('x', () => {})\n"
const manifest = (test: string, rest: object = {}) => JSON.stringify({ scripts: { test }, ...rest })
const detect = (files: Record<string, string>, wishes = {}) => detectProject(new MemorySnapshot(files), { deps: 'install', ...wishes })
const projectOf = (files: Record<string, string>) => {
  const found = detect(files)
  if ('unsupported' in found) throw new Error(found.unsupported)
  return found.project
}

describe('what a test script says', () => {
  it.each([
    ['node --test', 'node:test', [], {}],
    ['node --import tsx --test "test/**/*.js"', 'node:test', ['--import', 'tsx'], {}],
    ['tsx --test test/a.test.js', 'node:test', ['--import', 'tsx'], {}],
    ['cross-env NODE_ENV=test TZ=UTC mocha -r ts-node/register --exit test', 'mocha', ['-r', 'ts-node/register', '--exit'], { NODE_ENV: 'test', TZ: 'UTC' }],
    ['nyc --reporter=text mocha --reporter spec --timeout 5000', 'mocha', ['--timeout', '5000'], {}],
    ['eslint . && jest --config config/jest.config.js --coverage --watch', 'jest', ['--config', 'config/jest.config.js'], { NODE_ENV: 'test' }],
    ['node --experimental-vm-modules node_modules/jest/bin/jest.js -i', 'jest', ['-i'], { NODE_ENV: 'test', NODE_OPTIONS: '--experimental-vm-modules' }],
    ['npm run lint && npm run test:unit', 'vitest', ['--config', 'v.config.ts'], { NODE_ENV: 'test' }],
    ['PATH=/evil LD_PRELOAD=x.so mocha', 'mocha', [], {}],
    ['mocha test 2>&1 | tee log', 'mocha', [], {}],
  ])('%s', (script, runner, runnerArguments, runnerEnvironment) => {
    const files = {
      'package.json': JSON.stringify({ scripts: { test: script, lint: 'eslint .', 'test:unit': 'vitest run --config v.config.ts --coverage' } }),
      'test/a.test.js': TEST,
    }
    expect(projectOf(files)).toMatchObject({ runner, runnerArguments, runnerEnvironment, testFiles: ['test/a.test.js'] })
  })
})

it('a forgotten `.only` is said, where the runner heeds it', () => {
  const files = (script: string) => ({ 'package.json': manifest(script), 'test/a.test.js': "it('a', f)\n", 'test/b.test.js': `describe.${'only'}('b', f)\n` })
  expect(projectOf(files('mocha')).because).toContain('`.only` in test/b.test.js: no other test of the suite runs')
  expect(projectOf(files('jest')).because).toContain('`.only` in test/b.test.js: no other test of the file runs')
})

describe('without a script that says it', () => {
  it('node:test without any manifest', () => {
    const found = detect({ 'price.js': '', 'price.test.js': TEST })
    expect(found).toMatchObject({ project: { toolchain: 'node', runner: 'node:test', testFiles: ['price.test.js'] }, recipe: { way: 'none', directories: [] } })
  })
  it('a dependency', () => {
    expect(projectOf({ 'package.json': '{"devDependencies":{"vitest":"^3"}}', 'src/a.spec.ts': '' })).toMatchObject({
      runner: 'vitest',
      testFiles: ['src/a.spec.ts'],
    })
  })
  it('Python by its tests', () => {
    const found = detect({ 'app.py': '', 'tests/test_app.py': 'import app\n', 'conftest.py': '', 'requirements.txt': 'flask==3.0\n' })
    expect(found).toMatchObject({
      project: {
        toolchain: 'python',
        runner: 'pytest',
        testFiles: ['tests/test_app.py'],
        protectedFiles: ['conftest.py', 'requirements.txt', 'tests/test_app.py'],
      },
      recipe: { way: 'install', directories: ['.venv'] },
    })
  })
  it('says what it cannot do and what to type', () => {
    expect(detect({ 'package.json': manifest('ava'), 'a.js': '', 'backend/package.json': '{}' })).toEqual({
      unsupported: 'the test script `ava` is not a runner that Fixpoint knows (node:test, vitest, jest, mocha)',
      hint: 'say how the tests run with --test "<command>"; projects of their own lie in backend',
    })
    expect(detect({ 'main.go': '', 'backend/pyproject.toml': '' })).toMatchObject({ hint: expect.stringContaining('backend') })
    expect(detect({})).toHaveProperty('unsupported')
  })
  it("the owner's command goes before all", () => {
    const found = detect({ 'package.json': manifest('ava'), 'a.js': '' }, { testCommand: 'npx ava' })
    expect(found).toMatchObject({ project: { runner: 'command', testCommand: 'npx ava', runnerArguments: [] } })
  })
})

describe('how dependencies get in', () => {
  const files = {
    'package.json': manifest('mocha', { devDependencies: { mocha: '1' }, workspaces: ['packages/*'] }),
    'packages/a/package.json': '{}',
    'test/a.js': '',
  }
  it.each([
    ['a lockfile', { ...files, 'package-lock.json': '{}' }, {}, { way: 'install', download: [['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund']] }],
    ['none', files, {}, { download: [['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']], scripts: [['npm', 'rebuild']] }],
    [
      'copy',
      files,
      { deps: 'copy' },
      { way: 'copy', directories: ['node_modules', 'packages/a/node_modules'], manifests: ['package.json', 'packages/a/package.json'] },
    ],
    ['setup', files, { setupCommand: 'make deps' }, { way: 'setup', setupCommand: 'make deps', download: [] }],
  ])('%s', (_, tree, wishes, recipe) => {
    expect(detect(tree, wishes)).toMatchObject({ recipe })
  })
})

it('a hostile pattern is matched without backtracking', () => {
  const spec = `${'**/'.repeat(100)}${'*a'.repeat(60)}b`
  const files = { 'package.json': manifest(`mocha '${spec}'`), [`test/${'a'.repeat(200)}.js`]: '' }
  expect(projectOf(files).testFiles).toHaveLength(1)
})
