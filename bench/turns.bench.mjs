// What our own code takes between a model's last byte and the next request, besides tools: a model that answers at once reads five
// files a turn, and its conversation grows. Every exchange is recorded on the disk, as in a run.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAgentDrafter } from '@fixpoint/agent'
import { Policy } from '@fixpoint/core'
import { Archive, drive, openRun, Workspace } from '@fixpoint/engine'
import { reportFrom } from '@fixpoint/intake'
import { detectProject } from '@fixpoint/test-runners'
import { compose } from '../apps/cli/dist/compose.js'
import { readEnv } from '../apps/cli/dist/env.js'
import { loadAgentWords } from '../apps/cli/dist/run-models.js'
import { median, row, showTable } from './measured.mjs'

const TURNS = 20
const FILES_A_TURN = 5
const TARGET_MS = 100

/** Asks for files turn after turn, each time for other lines, and gives up at the end. Remembers how long it waited for the next request. */
class ReadingModel {
  card = { name: 'bench/reading', contextTokens: 1_000_000, maxOutputTokens: 4096, thinking: false }
  gaps = []
  sizes = []
  #turn = 0
  #last
  async countTokens() {
    return 1
  }
  async *ask(request) {
    if (this.#last !== undefined) this.gaps.push(performance.now() - this.#last)
    this.sizes.push(JSON.stringify(request).length)
    this.#turn += 1
    const call = (name, input, index) => ({ kind: 'tool-call', id: `c${this.#turn}_${index}`, name, input })
    const reads = Array.from({ length: FILES_A_TURN }, (_, index) =>
      call('read_file', { path: 'src/large.js', from: 1 + 200 * (this.#turn * FILES_A_TURN + index) }, index),
    )
    const content = this.#turn < TURNS ? reads : [call('give_up', { reason: 'the benchmark is over' }, 0)]
    const usage = { inputTokens: 1, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 1 }
    this.#last = performance.now()
    yield { kind: 'reply', reply: { content, stop: 'tool-calls', usage, servedBy: 'bench' } }
  }
}

const root = fileURLToPath(new URL('..', import.meta.url))
const name = 'demo-split-the-bill'
const about = JSON.parse(readFileSync(join(root, 'fixtures/repos', `${name}.case.json`), 'utf8'))
const temporary = mkdtempSync(join(tmpdir(), 'fixpoint-turns-'))
let hands
try {
  const folder = join(temporary, 'repo')
  cpSync(join(root, 'fixtures/repos', name), folder, { recursive: true })
  writeFileSync(join(folder, 'src/large.js'), `${Array.from({ length: 21_000 }, (_, line) => `exports.v${line} = ${line} // words to read`).join('\n')}\n`)
  const git = (...args) => execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', ...args], { cwd: folder })
  git('init', '-q', '-b', 'main')
  git('add', '-A')
  git('commit', '-q', '-m', 'base')
  hands = await compose(folder, readEnv({ ...process.env, FIXPOINT_HOME: join(temporary, 'home') }))
  const model = new ReadingModel()
  const tools = { ...hands.tools, drafters: [createAgentDrafter({ name: 'strong', ...(await loadAgentWords()) })], models: new Map([['strong', model]]) }
  const source = await tools.repository.snapshot(await tools.repository.resolve())
  const detected = detectProject(source, { deps: 'install' })
  const report = await reportFrom(readFileSync(join(root, 'fixtures/reports', about.report), 'utf8'), 'file')
  const workspace = Workspace.parse({ repository: folder, project: detected.project, recipe: detected.recipe, commands: {} })
  const policy = Policy.parse({ lanes: [{ name: 'strong', model: model.card.name }], budget: { tokens: 10_000_000 } })
  const runId = await openRun(
    { report, workspace, base: source.commit, policy },
    { journal: hands.journal, archive: new Archive(tools.artifacts), clock: tools.clock, ids: tools.ids },
  )
  await drive({ runId, journal: hands.journal, tools, signal: new AbortController().signal, progress: () => undefined })
  if (model.gaps.length < TURNS - 1) throw new Error(`the conversation ended after ${model.gaps.length} turns`)
  const largest = `${Math.round(Math.max(...model.sizes) / 1024)} KB at the end`
  row(
    `from a reply to the next request, ${FILES_A_TURN} files read between them, median of ${model.gaps.length}`,
    `${median(model.gaps).toFixed(1)} ms`,
    `< ${TARGET_MS} ms`,
    median(model.gaps) < TARGET_MS,
  )
  row(`the slowest of them; a request has ${largest}`, `${Math.max(...model.gaps).toFixed(1)} ms`, `< ${TARGET_MS} ms`, Math.max(...model.gaps) < TARGET_MS)
  showTable()
} finally {
  await hands?.[Symbol.asyncDispose]()
  rmSync(temporary, { recursive: true, force: true })
}
