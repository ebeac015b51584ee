// `--reporter=<this>`, vitest 1 and newer. It runs in the parent process. Version 3 brought `onTestRunEnd`, version 4 took `onFinished` away.
import { createRequire } from 'node:module'

const { describeError, repoPath, writeReport } = createRequire(import.meta.url)('./report-file.cjs')

function statusOf(task) {
  if (task.mode === 'todo') return 'todo'
  const state = task.result?.state
  if (state === 'pass') return 'passed'
  if (state === 'fail') return 'failed'
  if (task.mode === 'skip' || state === 'skip') return 'skipped'
  // Queued and never run, although nobody skipped it: the file broke before its turn.
  return undefined
}

function failureOf(result) {
  const [error] = result?.errors ?? []
  if (error === undefined) return { message: 'failed without an error', stack: '' }
  // Errors cross from the worker as plain objects; their stack is the original's.
  return describeError({ name: error.name, message: error.message, stack: error.stackStr ?? error.stack, cause: error.cause, errors: error.errors })
}

function collect(task, file, path, tests) {
  if (task.type === 'suite') {
    const inner = task.filepath === undefined ? [...path, task.name] : path
    const before = tests.length
    for (const child of task.tasks) collect(child, file, inner, tests)
    const broke = task.result?.state === 'fail' && (task.result.errors?.length ?? 0) > 0
    const childFailed = tests.slice(before).some((test) => test.status === 'failed')
    if (broke || (task.filepath !== undefined && task.result?.state === 'fail' && !childFailed))
      tests.push({ file, path: task.filepath === undefined ? inner : ['(file)'], status: 'failed', durationMs: 0, failure: failureOf(task.result) })
    return
  }
  const status = statusOf(task)
  if (status === undefined) return
  const test = { file, path: [...path, task.name], status, durationMs: task.result?.duration ?? 0 }
  if (status === 'failed') test.failure = failureOf(task.result)
  tests.push(test)
}

// biome-ignore lint/style/noDefaultExport: the runner asks for one
export default class FixpointReporter {
  #written = false

  onFinished(files = [], errors = []) {
    this.#write(files, errors)
  }

  onTestRunEnd(modules = [], errors = []) {
    this.#write(
      modules.map((module) => module.task),
      errors,
    )
  }

  #write(files, errors) {
    if (this.#written) return
    this.#written = true
    const tests = []
    for (const file of files) collect(file, repoPath(file.filepath), [], tests)
    for (const error of errors.slice(0, 1))
      tests.push({ file: '(run)', path: ['(unhandled error)'], status: 'failed', durationMs: 0, failure: describeError(error) })
    for (const test of tests) process.stdout.write(`${test.status} ${test.path.join(' > ')}\n${test.failure ? `${test.failure.stack}\n` : ''}`)
    writeReport('vitest', tests)
  }
}
