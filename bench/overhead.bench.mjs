// A whole run on a fixture: what it takes beyond its own commands in rooms and the opening and closing of rooms.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Policy } from '@fixpoint/core'
import { Archive, drive, openRun, Workspace } from '@fixpoint/engine'
import { reportFrom } from '@fixpoint/intake'
import { detectProject } from '@fixpoint/test-runners'
import { compose } from '../apps/cli/dist/compose.js'
import { readEnv } from '../apps/cli/dist/env.js'
import { row, showTable, timed } from './measured.mjs'

/** The time in which at least one room is being opened, closed, reset, or runs a command: rooms in parallel count once. */
class Meter {
  #busy = 0
  #since = 0
  ms = 0

  async during(work) {
    if (this.#busy++ === 0) this.#since = performance.now()
    try {
      return await work()
    } finally {
      if (--this.#busy === 0) this.ms += performance.now() - this.#since
    }
  }
}

function metered(sandboxes, meter) {
  const room = (inner) => ({
    exec: (command, signal) => meter.during(() => inner.exec(command, signal)),
    write: (files) => inner.write(files),
    read: (paths, bytes) => inner.read(paths, bytes),
    reset: () => meter.during(() => inner.reset()),
    [Symbol.asyncDispose]: () => meter.during(() => inner[Symbol.asyncDispose]()),
  })
  return new Proxy(sandboxes, {
    get: (target, name) => {
      if (name === 'open') return async (request, signal) => room(await meter.during(() => target.open(request, signal)))
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

const root = fileURLToPath(new URL('..', import.meta.url))
const name = 'demo-split-the-bill'
const about = JSON.parse(readFileSync(join(root, 'fixtures/repos', `${name}.case.json`), 'utf8'))
let hands
const temporary = mkdtempSync(join(tmpdir(), 'fixpoint-overhead-'))
try {
  const folder = join(temporary, 'repo')
  cpSync(join(root, 'fixtures/repos', name), folder, { recursive: true })
  const git = (...args) => execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', ...args], { cwd: folder })
  git('init', '-q', '-b', 'main')
  git('add', '-A')
  git('commit', '-q', '-m', 'base')
  hands = await compose(folder, readEnv({ ...process.env, FIXPOINT_HOME: join(temporary, 'home') }))
  const signal = new AbortController().signal
  // Once a day, not once a run.
  await hands.tools.sandboxes.selfTest(signal)
  const meter = new Meter()
  const tools = { ...hands.tools, sandboxes: metered(hands.tools.sandboxes, meter) }
  let outcome
  const whole = await timed(async () => {
    const source = await tools.repository.snapshot(await tools.repository.resolve())
    const detected = detectProject(source, { deps: 'copy' })
    const text = about.report === undefined ? '' : readFileSync(join(root, 'fixtures/reports', about.report), 'utf8')
    const report = await reportFrom(text, about.report === undefined ? 'suite' : 'file')
    const archive = new Archive(tools.artifacts)
    const workspace = Workspace.parse({ repository: folder, project: detected.project, recipe: detected.recipe, commands: {} })
    const runId = await openRun(
      { report, workspace, base: source.commit, policy: Policy.parse({}) },
      { journal: hands.journal, archive, clock: tools.clock, ids: tools.ids },
    )
    await drive({ runId, journal: hands.journal, tools, signal, progress: () => {} })
    const entries = await hands.journal.read(runId)
    outcome = entries.at(-1).event.kind
  })
  const beyond = whole.ms - meter.ms
  const share = (100 * beyond) / whole.ms
  row(
    `a run (${name}, ended with ${outcome}): beyond its commands and rooms`,
    `${(beyond / 1000).toFixed(2)} s of ${(whole.ms / 1000).toFixed(1)} s (${share.toFixed(1)} %)`,
    '≤ 5 % or 3 s',
    share <= 5 || beyond <= 3000,
  )
  showTable()
} finally {
  await hands?.[Symbol.asyncDispose]()
  rmSync(temporary, { recursive: true, force: true })
}
