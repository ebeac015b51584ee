'use strict'
// Runs inside a room, in whatever realm a test runner made: records calls of instrumented functions, and replays calls with
// every outcome written at once. What it writes is data for the host, which trusts none of it.
const fs = require('node:fs')
const { types } = require('node:util')

const LIMITS = { depth: 7, entries: 40, characters: 400, nodes: 500, fileBytes: 6_000_000, stack: 3000, message: 1000 }
// Of one function: every call of the first `calls`, then every second, fourth, … for each further `step` that are kept; no more than `bytes`.
const KEPT = { calls: 80, step: 40, bytes: 800_000 }
const tag = (value) => Object.prototype.toString.call(value).slice(8, -1)

/** A value as plain JSON that says what it was. Getters are never run, proxies never touched. */
function encode(value) {
  const path = []
  let nodes = 0
  const walk = (item, depth) => {
    if (item === undefined) return { is: 'undefined' }
    if (item === null) return { is: 'null' }
    switch (typeof item) {
      case 'boolean':
        return { is: 'boolean', value: item }
      case 'number':
        return { is: 'number', value: Object.is(item, -0) ? '-0' : Number.isFinite(item) ? item : String(item) }
      case 'bigint':
        return { is: 'bigint', value: String(item).slice(0, LIMITS.characters) }
      case 'string':
        return { is: 'string', value: item.slice(0, LIMITS.characters) }
      case 'function':
        return { is: 'function' }
      case 'symbol':
        return { is: 'opaque', type: 'symbol' }
    }
    nodes += 1
    if (types.isProxy(item)) return { is: 'opaque', type: 'Proxy' }
    if (path.includes(item)) return { is: 'opaque', type: 'cycle' }
    if (depth >= LIMITS.depth || nodes > LIMITS.nodes) return { is: 'opaque', type: 'deep' }
    path.push(item)
    try {
      return inside(item, depth + 1)
    } finally {
      path.pop()
    }
  }
  const inside = (item, depth) => {
    if (Array.isArray(item)) return { is: 'array', items: take(item, (each) => walk(each, depth)) }
    if (types.isDate(item)) return { is: 'date', value: Number.isNaN(+item) ? null : +item }
    if (types.isMap(item)) return { is: 'map', entries: take(Map.prototype.entries.call(item), ([key, each]) => [walk(key, depth), walk(each, depth)]) }
    if (types.isSet(item)) return { is: 'set', items: take(Set.prototype.values.call(item), (each) => walk(each, depth)) }
    if (types.isRegExp(item)) return { is: 'regexp', source: item.source.slice(0, LIMITS.characters), flags: item.flags }
    if (types.isPromise(item)) return { is: 'promise' }
    if (types.isUint8Array(item)) return { is: 'bytes', items: Array.from(item.subarray(0, LIMITS.entries)), buffer: className(item) === 'Buffer' }
    if (types.isNativeError(item) || tag(item) === 'Error')
      return { is: 'error', type: errorType(item), message: String(own(item, 'message') ?? '').slice(0, LIMITS.characters) }
    const type = className(item)
    const entries = take(Object.keys(item), (key) => [key, walk(own(item, key), depth)])
    return type === 'Object' || type === '' ? { is: 'object', entries } : { is: 'instance', type, entries }
  }
  return walk(value, 0)
}

function own(item, key) {
  const property = Object.getOwnPropertyDescriptor(item, key)
  return property === undefined || !('value' in property) ? undefined : property.value
}

function className(item) {
  const prototype = Object.getPrototypeOf(item)
  if (prototype === null) return ''
  const maker = own(prototype, 'constructor')
  const name = typeof maker === 'function' ? own(maker, 'name') : ''
  return typeof name === 'string' ? name : ''
}

function take(items, each) {
  const taken = []
  for (const item of items) {
    if (taken.length >= LIMITS.entries) break
    taken.push(each(item))
  }
  return taken
}

function errorType(error) {
  try {
    return String(error.name || className(error) || 'Error').slice(0, 100)
  } catch {
    return 'Error'
  }
}

function append(file, record) {
  try {
    const size = fs.existsSync(file) ? fs.statSync(file).size : 0
    if (size > LIMITS.fileBytes) return
    // Not `appendFileSync`, which copies its options with what `Object.prototype` was given: some suites plant a trap there.
    const opened = fs.openSync(file, 'a')
    try {
      fs.writeSync(opened, `${JSON.stringify(record)}\n`)
    } finally {
      fs.closeSync(opened)
    }
  } catch {
    // A full disk or a forbidden file system must not change what the recorded code does.
  }
}

const functions = new Map()
/** Test files may each load this anew, side by side. */
const here = Math.random().toString(36).slice(2)
const makers = new WeakMap()
let recording = false

/** What is known of one recorded function. */
class Calls {
  seen = 0
  kept = new Set()
  bytes = 0
  /** The name of its latest call when that was kept, and the functions that were called since. */
  latest
  reached = new Set()

  wants() {
    const late = Math.max(0, this.kept.size - KEPT.calls)
    this.seen += 1
    return this.bytes < KEPT.bytes && this.seen % 2 ** Math.floor(late / KEPT.step) === 0
  }
}

/** Called at the start of an instrumented function. `role` is `constructor` for a constructor, else `call`. */
exports.record = (file, id, role, self, args) => {
  if (recording) return
  recording = true
  try {
    const calls = functions.get(id) ?? new Calls()
    functions.set(id, calls)
    if (role === 'call') {
      reach(file, id)
      calls.latest = undefined
      calls.reached.clear()
    }
    const isObject = (typeof self === 'object' && self !== null && self !== globalThis && tag(self) !== 'global') || false
    const wanted = calls.wants()
    if (!wanted && role !== 'constructor') return
    const encoded = Array.from(args).map(encode)
    if (role === 'constructor') {
      // A derived constructor has no `this` yet and gives its class: its latest arguments stand for any instance.
      if (isObject || typeof self === 'function') makers.set(self, encoded)
    }
    const record = { id, role, args: encoded }
    if (role === 'call' && isObject) {
      record.self = encode(self)
      const made = makers.get(self) ?? latestOf(self)
      if (made !== undefined) record.made = made
    }
    const text = JSON.stringify(record)
    if (!wanted || text.length > 60_000 || calls.kept.has(text)) return
    calls.kept.add(text)
    calls.bytes += text.length
    if (role === 'call') {
      calls.latest = `${here}-${calls.kept.size}`
      record.call = calls.latest
    }
    append(file, record)
  } catch {
    // Recording never changes what the recorded code does.
  } finally {
    recording = false
  }
}

/** Says of the latest kept calls of the other functions that `id` was called after them: within them, most likely. */
function reach(file, id) {
  for (const [other, calls] of functions) {
    if (other === id || calls.latest === undefined || calls.reached.has(id)) continue
    calls.reached.add(id)
    append(file, { id: other, call: calls.latest, reached: id })
  }
}

function latestOf(self) {
  if (types.isProxy(self)) return undefined
  const prototype = Object.getPrototypeOf(self)
  const maker = prototype === null ? undefined : own(prototype, 'constructor')
  return typeof maker === 'function' ? makers.get(maker) : undefined
}

/**
 * Calls `[index, target, (call) => call(…arguments)]` one after another, each with a deadline, and writes what became of it. A
 * call that never gives the thread back is ended with its process; its `began` line tells the host which one it was.
 */
exports.replay = async ({ file, deadlineMs }, calls) => {
  const beat = new Int32Array(new SharedArrayBuffer(4))
  const watchdog = startWatchdog(beat, deadlineMs)
  try {
    for (const [index, target, apply] of calls) {
      Atomics.add(beat, 0, 1)
      append(file, { index, began: true })
      append(file, { index, ...(await outcomeOf(target, apply, deadlineMs)) })
    }
  } finally {
    await watchdog.terminate()
  }
}

async function outcomeOf(target, apply, deadlineMs) {
  let args
  let before
  let result
  const changed = () => {
    if (args === undefined) return {}
    const after = args.map(encode)
    return JSON.stringify(after) === before ? {} : { after }
  }
  try {
    result = apply((...given) => {
      args = given
      before = JSON.stringify(given.map(encode))
      return target(...given)
    })
  } catch (error) {
    return { ended: args === undefined ? 'unprepared' : 'threw', error: describe(error), ...changed() }
  }
  if (isThenable(result)) {
    const late = Symbol('late')
    let timer
    try {
      const value = await Promise.race([result, new Promise((resolve) => (timer = setTimeout(resolve, deadlineMs / 2, late)))])
      return value === late ? { ended: 'late' } : { ended: 'resolved', value: encode(value), ...changed() }
    } catch (error) {
      return { ended: 'rejected', error: describe(error), ...changed() }
    } finally {
      clearTimeout(timer)
    }
  }
  try {
    if (/^(Async)?Generator$|Iterator$/.test(tag(result))) {
      const items = []
      for await (const item of result) if (items.push(item) >= 200) break
      result = items
    }
  } catch (error) {
    return { ended: 'threw', error: describe(error), ...changed() }
  }
  return { ended: 'returned', value: encode(result), ...changed() }
}

function isThenable(value) {
  return value !== null && typeof value === 'object' && !types.isProxy(value) && typeof value.then === 'function'
}

function describe(error) {
  if (typeof error !== 'object' || error === null) return { type: typeof error, message: String(error).slice(0, LIMITS.message), stack: '' }
  const text = (read) => {
    try {
      return String(read() ?? '')
    } catch {
      return ''
    }
  }
  return {
    type: errorType(error),
    message: text(() => error.message).slice(0, LIMITS.message),
    stack: text(() => error.stack).slice(0, LIMITS.stack),
  }
}

const WATCHDOG = `
const { workerData } = require('node:worker_threads')
const beat = workerData.beat
let last = -1
let since = Date.now()
setInterval(() => {
  const now = Atomics.load(beat, 0)
  if (now !== last) since = Date.now()
  else if (Date.now() - since >= workerData.deadlineMs) process.kill(process.pid, 'SIGKILL')
  last = now
}, workerData.deadlineMs / 8)
`

function startWatchdog(beat, deadlineMs) {
  try {
    const { Worker } = require('node:worker_threads')
    const worker = new Worker(WATCHDOG, { eval: true, workerData: { beat, deadlineMs }, execArgv: [], env: {} })
    worker.unref()
    worker.on('error', () => {})
    return worker
  } catch {
    return { terminate: async () => {} }
  }
}
