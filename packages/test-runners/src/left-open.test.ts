import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { testRunnerAssets } from './index.ts'

const reporter = (name: string) => JSON.stringify(fileURLToPath(new URL(`${name}-reporter.cjs`, testRunnerAssets)))
/** A failed test left a server listening, as supertest does; and somebody stubbed what ends a process. */
const LEFT_OPEN = "require('node:net').createServer().listen(0); process.exit = () => {}; globalThis.setTimeout = () => ({ unref() {} });"

test.each([
  [
    'mocha',
    `const { EventEmitter } = require('node:events')
     const runner = Object.assign(new EventEmitter(), { suite: { tests: [], suites: [] } })
     const Reporter = require(${reporter('mocha')})
     new Reporter(runner)
     ${LEFT_OPEN}
     process.on('exit', () => { process.exitCode = 3 })
     runner.emit('end')`,
    3,
  ],
  [
    'a mocha that has not said how it ended',
    `const { EventEmitter } = require('node:events')
     const runner = Object.assign(new EventEmitter(), { suite: { tests: [], suites: [] } })
     const Reporter = require(${reporter('mocha')})
     new Reporter(runner)
     ${LEFT_OPEN}
     runner.emit('fail', { title: 'adds', parent: { root: true } }, new Error('no'))
     runner.emit('end')`,
    1,
  ],
  [
    'a mocha that says the end, and goes on',
    `const { EventEmitter } = require('node:events')
     const runner = Object.assign(new EventEmitter(), { suite: { tests: [], suites: [] } })
     const Reporter = require(${reporter('mocha')})
     new Reporter(runner)
     const later = globalThis.setTimeout
     ${LEFT_OPEN}
     runner.emit('end')
     runner.emit('test', {})
     later(() => { process.on('exit', () => { process.exitCode = 4 }); runner.emit('end') }, 1500)`,
    4,
  ],
  [
    'jest',
    `const Reporter = require(${reporter('jest')})
     const reporter = new Reporter()
     ${LEFT_OPEN}
     process.on('exit', () => { process.exitCode = 3 })
     reporter.onRunComplete([], { testResults: [] })`,
    3,
  ],
])('%s ends although a test left something open, with the exit code of its own or of its tests', (_, program, status) => {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-open-'))
  try {
    const report = join(folder, 'nonce.json')
    const env = { ...process.env, FIXPOINT_REPORT: report }
    const ended = spawnSync(process.execPath, ['-e', program], { env, timeout: 30_000, encoding: 'utf8' })
    expect(ended).toMatchObject({ signal: null, status })
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ nonce: 'nonce', runner: expect.any(String) })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a desktop notification that mocha.opts asks for is left out: it wants what only mocha’s own reporters count', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-growl-'))
  try {
    const file = join(folder, 'mocha', 'lib', 'mocha.js')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, 'module.exports = class Mocha { loadFiles() {} _growl() { throw new Error("no statistics") } }')
    const preload = fileURLToPath(new URL('mocha-preload.cjs', testRunnerAssets))
    const program = `const Mocha = require(${JSON.stringify(file)}); require(${JSON.stringify(preload)}); new Mocha()._growl(); console.log('quiet')`
    expect(spawnSync(process.execPath, ['-e', program], { timeout: 30_000, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: 'quiet\n' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
