'use strict'
// Tries many candidates in a room with one command: for each, its files are written, the tests are run in a process group of their own,
// the group is killed, the report is taken away, the tree is put back, and one line of JSON says what happened.
// Standard input: `{ argv, timeoutMs, spendMs, keptBytes, reportBytes, candidates: [{ nonce, env, report, files: [{ path, content | null }] }] }`.
// It runs as the same user as the candidates: whatever it says is checked by the host, and the judge believes none of it.
const fs = require('node:fs')
const path = require('node:path')
const { spawn } = require('node:child_process')

const root = process.cwd()
/** Dependencies are mounted read-only, and `.git` is no part of a room. */
const LEFT_ALONE = new Set(['node_modules', '.git', '.venv'])
/** The tree is kept in memory up to this size; of a larger one, only what candidates edit is put back. */
const KEPT_TREE_BYTES = 32 * 2 ** 20
const KEPT_TREE_FILES = 4000
const FLOOD_BYTES = 64 * 2 ** 20

async function main(batch) {
  const started = Date.now()
  const tree = new KeptTree(batch.candidates.flatMap((candidate) => candidate.files.map((file) => file.path)))
  for (const candidate of batch.candidates) {
    for (const { path: name, content } of candidate.files) lay(name, content)
    const end = await run(batch, candidate)
    const report = take(candidate.report, batch.reportBytes)
    tree.putBack()
    fs.writeSync(1, `${JSON.stringify({ nonce: candidate.nonce, ...end, ...report })}\n`)
    // What is left is tried in the next batch: the answers so far are wanted first.
    if (end.timedOut || Date.now() - started > batch.spendMs) break
  }
  process.exit(0)
}

function run(batch, candidate) {
  return new Promise((resolve) => {
    const started = process.hrtime.bigint()
    const [program, ...args] = batch.argv
    const child = spawn(program, args, { env: { ...process.env, ...candidate.env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const end = { exitCode: null, signal: null, timedOut: false, flooded: false, problem: '' }
    const kill = () => killGroup(child.pid)
    const stdout = new Tail(batch.keptBytes)
    const stderr = new Tail(batch.keptBytes)
    for (const [stream, tail] of [
      [child.stdout, stdout],
      [child.stderr, stderr],
    ])
      stream.on('data', (chunk) => {
        tail.push(chunk)
        if (stdout.bytes + stderr.bytes > FLOOD_BYTES && !end.flooded) {
          end.flooded = true
          kill()
        }
      })
    const deadline = setTimeout(() => {
      end.timedOut = true
      kill()
    }, batch.timeoutMs)
    let over = false
    const finish = () => {
      if (over) return
      over = true
      clearTimeout(deadline)
      kill()
      child.stdout.destroy()
      child.stderr.destroy()
      const durationMs = Number(process.hrtime.bigint() - started) / 1e6
      resolve({ ...end, durationMs, stdout: stdout.text(), stderr: stderr.text() + end.problem, truncated: stdout.cut || stderr.cut || end.flooded })
    }
    child.once('error', (error) => {
      end.exitCode = 127
      end.problem = error.message
      finish()
    })
    child.once('exit', (code, signal) => {
      end.exitCode = code
      end.signal = signal
      // Children that were left behind hold the pipes open: they are ended, and not waited for.
      kill()
      setTimeout(finish, 200)
    })
    child.once('close', finish)
  })
}

function killGroup(leader) {
  if (leader === undefined) return
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (_) {
    // All have ended already.
  }
}

/** A regular file of ours and no larger than agreed; it is gone afterwards. */
function take(file, limit) {
  if (file === undefined) return { report: null, tooLarge: false }
  try {
    const facts = fs.lstatSync(file)
    if (!facts.isFile()) return { report: null, tooLarge: false }
    if (facts.size > limit) return { report: null, tooLarge: true }
    return { report: fs.readFileSync(file, 'utf8'), tooLarge: false }
  } catch (_) {
    return { report: null, tooLarge: false }
  } finally {
    fs.rmSync(file, { recursive: true, force: true })
  }
}

/** A link or a file where a folder belongs goes first, so that nothing is written through it. */
function lay(name, content, mode) {
  const full = path.join(root, name)
  for (let folder = path.dirname(name); folder !== '.'; folder = path.dirname(folder)) {
    const facts = fs.lstatSync(path.join(root, folder), { throwIfNoEntry: false })
    if (facts !== undefined && !facts.isDirectory()) fs.rmSync(path.join(root, folder), { force: true })
  }
  const before = fs.lstatSync(full, { throwIfNoEntry: false })
  fs.rmSync(full, { recursive: true, force: true })
  if (content === null) return
  fs.mkdirSync(path.dirname(full), { recursive: true })
  fs.writeFileSync(full, content, { mode: mode ?? (before?.isFile() ? before.mode & 0o777 : 0o644) })
}

/** The tree as the batch found it: what a candidate and its tests changed, removed or added is undone. */
class KeptTree {
  constructor(edited) {
    this.files = new Map()
    this.bytes = 0
    this.whole = true
    this.walk('', (name, facts) => {
      if (!facts.isFile()) return
      if (this.files.size >= KEPT_TREE_FILES || this.bytes + facts.size > KEPT_TREE_BYTES) this.whole = false
      else this.keep(name, facts)
    })
    this.edited = new Set(edited)
    for (const name of this.edited) if (!this.files.has(name)) this.keep(name, fs.lstatSync(path.join(root, name), { throwIfNoEntry: false }))
  }

  keep(name, facts) {
    if (!facts?.isFile()) return
    this.bytes += facts.size
    this.files.set(name, { content: fs.readFileSync(path.join(root, name)), mode: facts.mode & 0o777, mark: markOf(facts) })
  }

  putBack() {
    for (const name of this.edited) if (!this.files.has(name)) lay(name, null)
    if (this.whole)
      this.walk('', (name, facts) => {
        if (facts.isFile() && !this.files.has(name)) lay(name, null)
      })
    for (const [name, kept] of this.files) {
      const facts = fs.lstatSync(path.join(root, name), { throwIfNoEntry: false })
      if (facts !== undefined && markOf(facts) === kept.mark) continue
      lay(name, kept.content, kept.mode)
      kept.mark = markOf(fs.lstatSync(path.join(root, name)))
    }
  }

  walk(folder, visit) {
    let entries = []
    try {
      entries = fs.readdirSync(path.join(root, folder), { withFileTypes: true })
    } catch (_) {
      // It went away, or was closed to us: its files are put back one by one.
    }
    for (const entry of entries) {
      if (LEFT_ALONE.has(entry.name)) continue
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`
      const facts = fs.lstatSync(path.join(root, name), { throwIfNoEntry: false })
      if (facts === undefined) continue
      if (facts.isDirectory()) this.walk(name, visit)
      else visit(name, facts)
    }
  }
}

function markOf(facts) {
  return `${facts.ino} ${facts.size} ${facts.mode} ${facts.mtimeMs} ${facts.ctimeMs}`
}

/** The last bytes of a stream. */
class Tail {
  constructor(limit) {
    this.limit = limit
    this.chunks = []
    this.held = 0
    this.bytes = 0
  }

  push(chunk) {
    this.bytes += chunk.length
    this.chunks.push(chunk)
    this.held += chunk.length
    while (this.held - this.chunks[0].length >= this.limit) this.held -= this.chunks.shift().length
  }

  get cut() {
    return this.bytes > this.limit
  }

  text() {
    return Buffer.concat(this.chunks).subarray(-this.limit).toString('utf8')
  }
}

void main(JSON.parse(fs.readFileSync(0, 'utf8')))
