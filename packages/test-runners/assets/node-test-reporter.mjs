// node:test, Node 20 and newer: `--test-reporter=<this> --test-reporter-destination=stdout`. It runs in the parent of the test files.
import { createRequire } from 'node:module'

const { describeError, repoPath, writeReport, capped } = createRequire(import.meta.url)('./report-file.cjs')
const STDERR_KEPT = 16_000

/** node:test wraps what a test threw; the wrapper's own words matter only when nothing was thrown. */
function failureOf(error) {
  const cause = error?.cause
  return describeError(cause !== null && typeof cause === 'object' ? cause : (cause ?? error))
}

/** A file that failed to load says why on its standard error only. */
function loadFailure(stderr) {
  const lines = stderr.split('\n')
  const at = lines.findIndex((line) => /^(?:Uncaught )?[\w$.]*(?:Error|Exception)\b.*$/.test(line))
  if (at < 0) return { message: capped(stderr.trim() || 'the file failed without a word', 8000), stack: capped(stderr, 16_000) }
  const [, type, message] = /^(?:Uncaught )?([\w$.]+)(?: \[[^\]]*\])?:? ?(.*)$/.exec(lines[at]) ?? [undefined, undefined, lines[at]]
  return { type, message, stack: lines.slice(at).join('\n') }
}

// biome-ignore lint/style/noDefaultExport: the runner asks for one
export default async function* report(source) {
  const tests = []
  const open = new Map()
  const stderr = new Map()
  const broken = new Set()
  for await (const { type, data } of source) {
    const file = data?.file
    if (type === 'test:stderr') {
      stderr.set(file, ((stderr.get(file) ?? '') + data.message).slice(0, STDERR_KEPT))
      yield data.message
    } else if (type === 'test:stdout') {
      yield data.message
    } else if (type === 'test:start') {
      const names = open.get(file) ?? []
      open.set(file, [...names.slice(0, data.nesting), data.name])
    } else if (type === 'test:pass' || type === 'test:fail') {
      const failed = type === 'test:fail'
      const error = data.details?.error
      const isFile = data.nesting === 0 && typeof file === 'string' && repoPath(data.name) === repoPath(file)
      const path = isFile ? ['(file)'] : [...(open.get(file) ?? []).slice(0, data.nesting), data.name]
      yield `${failed ? 'not ok' : 'ok'} ${path.join(' > ')}\n`
      // A suite is not a test, unless it broke by itself: in its body or in a hook.
      const ownFailure = failed && error?.failureType !== 'subtestsFailed' && data.skip === undefined
      if (data.details?.type === 'suite' && !ownFailure) continue
      const status =
        data.skip !== undefined && data.skip !== false ? 'skipped' : data.todo !== undefined && data.todo !== false ? 'todo' : failed ? 'failed' : 'passed'
      const test = { file: repoPath(file), path, status, durationMs: data.details?.duration_ms ?? 0 }
      if (status === 'failed') {
        test.failure = isFile ? loadFailure(stderr.get(file) ?? '') : failureOf(error)
        if (!isFile && test.failure.stack === '') test.failure.stack = test.failure.message
        yield `${test.failure.stack}\n`
        broken.add(file)
      }
      tests.push(test)
    }
  }
  writeReport('node:test', tests)
}
