'use strict'
// `--reporters=<this>`, jest 22 and newer. It runs in the parent process.
const { describeError, repoPath, writeReport, capped } = require('./report-file.cjs')

const STATUS = { passed: 'passed', failed: 'failed', pending: 'skipped', skipped: 'skipped', disabled: 'skipped', todo: 'todo' }

/** jest hands over printed text; the error's own name stands at its start, and a matcher's failure is an assertion's. */
function failureOf(result) {
  const stack = capped((result.failureMessages || []).join('\n\n'), 24000)
  const detail = (result.failureDetails || [])[0]
  const asserted = Boolean(detail && (detail.matcherResult || detail.error?.matcherResult)) || /^(?:Error: expect|assert(?:\.\w+)?)\(/.test(stack)
  const head = /^(?:Uncaught )?([A-Za-z_$][\w$.]*)(?: \[[^\]\n]*\])?: /.exec(stack)
  const body = head ? stack.slice(head[0].length) : stack
  const end = body.search(/\n\s+at /)
  return { type: asserted ? 'AssertionError' : head ? head[1] : undefined, message: end < 0 ? body : body.slice(0, end), stack }
}

function loadFailure(file) {
  const error = file.testExecError
  const printed = capped(file.failureMessage || '', 24000)
  if (!error) return { message: printed, stack: printed }
  const described = describeError(error)
  const type = described.type || (/^([A-Za-z_$][\w$.]*(?:Error|Exception)): /.exec(described.stack) || [])[1] || error.type
  return { type, message: described.message, stack: described.stack || printed }
}

module.exports = class FixpointReporter {
  onRunComplete(_contexts, results) {
    const tests = []
    for (const file of results.testResults || []) {
      const at = repoPath(file.testFilePath)
      for (const result of file.testResults || []) {
        const status = STATUS[result.status]
        if (status === undefined) continue
        const test = { file: at, path: [...(result.ancestorTitles || []), result.title], status, durationMs: result.duration || 0 }
        if (status === 'failed') test.failure = failureOf(result)
        tests.push(test)
      }
      if (file.testExecError || (!file.testResults?.length && file.failureMessage))
        tests.push({ file: at, path: ['(file)'], status: 'failed', durationMs: 0, failure: loadFailure(file) })
    }
    for (const test of tests) process.stdout.write(`${test.status} ${test.path.join(' > ')}\n${test.failure ? `${test.failure.stack}\n` : ''}`)
    writeReport('jest', tests)
  }
}
