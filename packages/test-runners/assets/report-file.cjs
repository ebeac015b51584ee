'use strict'
// Shared by our reporters: what a failure says, and the one report file of a run. It runs beside untrusted code, in Node 12 and newer.
const fs = require('node:fs')
const path = require('node:path')
const util = require('node:util')

const MESSAGE_LIMIT = 8000
const STACK_LIMIT = 24000
const CAUSE_DEPTH = 4

// Taken when the reporter loads, before any test does, and kept from whoever reads the environment later.
const destination = process.env.FIXPOINT_REPORT
delete process.env.FIXPOINT_REPORT
const root = realPath(process.cwd())
const { writeFileSync, rmSync, unlinkSync } = fs
const { stringify } = JSON
const { setTimeout, clearTimeout } = globalThis
const exit = process.exit.bind(process)
/** What a failed test left open (a server that listens, a timer) would keep the process for ever; it gets this long to end by itself. */
const GOING_HOME_MS = 1000
let goingHome

function realPath(file) {
  try {
    return fs.realpathSync(file)
  } catch (_) {
    return file
  }
}

/** A path inside the work tree, `/` between segments; an outside one stays absolute. */
function repoPath(file) {
  if (typeof file !== 'string' || file === '') return '(unknown)'
  const plain = file.startsWith('file://') ? decodeURIComponent(new URL(file).pathname) : file
  const relative = path.relative(root, realPath(path.resolve(root, plain)))
  return relative === '' || relative.startsWith('..') ? plain : relative.split(path.sep).join('/')
}

function capped(text, limit) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is removed
  const plain = String(text).replace(/\u001b\[[0-9;]*m/g, '')
  return plain.length <= limit ? plain : `${plain.slice(0, limit)}…`
}

function shown(value) {
  try {
    return util.inspect(value, { depth: 4, breakLength: 100 }).slice(0, 600)
  } catch (_) {
    return '(not printable)'
  }
}

function stackOf(error, depth) {
  if (error === null || typeof error !== 'object') return shown(error)
  const head = `${error.name || 'Error'}: ${error.message === undefined ? '' : error.message}`
  let text = typeof error.stack === 'string' && error.stack !== '' ? error.stack : head
  if (depth < CAUSE_DEPTH) {
    if (error.cause !== undefined && error.cause !== null) text += `\n  [cause]: ${indented(stackOf(error.cause, depth + 1))}`
    if (Array.isArray(error.errors)) for (const inner of error.errors.slice(0, 5)) text += `\n  [errors]: ${indented(stackOf(inner, depth + 1))}`
  }
  return text
}

function indented(text) {
  return text.split('\n').join('\n    ')
}

/** `{ type?, message, stack }` of whatever was thrown. */
function describeError(error) {
  try {
    if (error === null || typeof error !== 'object') return { message: capped(typeof error === 'string' ? error : shown(error), MESSAGE_LIMIT), stack: '' }
    const type = typeof error.name === 'string' && error.name !== '' ? error.name : undefined
    let message = error.message === undefined ? shown(error) : String(error.message)
    if (type !== undefined && /assert/i.test(type) && ('expected' in error || 'actual' in error) && !/\n/.test(message)) {
      message += `\nexpected: ${shown(error.expected)}\nactual: ${shown(error.actual)}`
    }
    return { type, message: capped(message, MESSAGE_LIMIT), stack: capped(stackOf(error, 0), STACK_LIMIT) }
  } catch (_) {
    return { message: '(an error that cannot be read)', stack: '' }
  }
}

/** Writes the sealed report. What lies in its place was not written by us and goes. */
function writeReport(runner, tests) {
  if (destination === undefined) return
  const nonce = path.basename(destination, '.json')
  const text = stringify({ format: 1, runner, nonce, tests, seal: { count: tests.length, nonce } })
  try {
    if (rmSync) rmSync(destination, { recursive: true, force: true })
    else unlinkSync(destination)
  } catch (_) {
    // Usually it is simply not there.
  }
  writeFileSync(destination, text, { flag: 'wx', mode: 0o444 })
  const failed = tests.some((test) => test.status === 'failed')
  stay()
  goingHome = setTimeout(() => (failed && !process.exitCode ? exit(1) : exit()), GOING_HOME_MS)
  goingHome.unref()
}

/** It was not the end: more is run. */
function stay() {
  clearTimeout(goingHome)
}

module.exports = { describeError, repoPath, writeReport, stay, capped }
