'use strict'
// `--reporter <this>`, mocha 2 and newer.
const { describeError, repoPath, stay, writeReport } = require('./report-file.cjs')

function titles(runnable) {
  const path = []
  for (let at = runnable; at && !at.root; at = at.parent) path.unshift(at.title)
  return path
}

function fileOf(runnable) {
  for (let at = runnable; at; at = at.parent) if (at.file) return at.file
  return undefined
}

/** Every test counts once and by itself: no retries, no stop at the first failure. */
function plain(suite) {
  if (typeof suite.bail === 'function') suite.bail(false)
  if (typeof suite.retries === 'function') suite.retries(0)
  for (const test of suite.tests) if (typeof test.retries === 'function') test.retries(0)
  for (const inner of suite.suites) plain(inner)
}

module.exports = function FixpointReporter(runner) {
  const tests = []
  const add = (runnable, status, error) => {
    const test = { file: repoPath(fileOf(runnable)), path: titles(runnable), status, durationMs: runnable.duration || 0 }
    if (error !== undefined) test.failure = describeError(error)
    tests.push(test)
    process.stdout.write(`${status} ${test.path.join(' > ')}\n${error === undefined ? '' : `${test.failure.stack}\n`}`)
  }
  plain(runner.suite)
  const loading = globalThis[Symbol.for('fixpoint.mocha.load')] || []
  for (const { file, error } of loading) {
    runner.failures += 1
    add({ title: '(file)', file }, 'failed', error)
  }
  runner.on('pass', (test) => add(test, 'passed'))
  runner.on('pending', (test) => add(test, 'skipped'))
  // A failing hook is reported under its own title; it names the test in whose turn it failed, which would change from run to run.
  runner.on('fail', (test, error) => {
    if (test.type === 'hook') add({ title: test.title.replace(/ for ".*"$/s, ''), file: fileOf(test), parent: test.parent }, 'failed', error)
    else add(test, 'failed', error)
  })
  // Old versions also say `end` when an error comes out of nowhere, and go on.
  for (const goesOn of ['suite', 'hook', 'test']) runner.on(goesOn, stay)
  runner.on('end', () => writeReport('mocha', tests))
}
