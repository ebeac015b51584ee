// Where the function that a fix changed stands among the suspects, from words and frames alone and with what the failing test executes.
// Historical bugs, reported in words without their trace; no model is asked. Usage: node bench/suspects.mjs [--only id,id] [--kept folder]
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gatherDossier, IgnoreGate } from '@fixpoint/context'
import { Policy } from '@fixpoint/core'
import { mapFrames, parseStackTraces, reportFrom } from '@fixpoint/intake'
import { executedFunctions } from '@fixpoint/patterns'
import { detectProject } from '@fixpoint/test-runners'
import { compose } from '../apps/cli/dist/compose.js'
import { readEnv } from '../apps/cli/dist/env.js'
import { Workshop } from '../packages/engine/dist/workshop.js'
import { KNOWN_RUNNERS, layOut, readCases, trueFix } from './cases.mjs'

const option = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined)
const only = option('--only')?.split(',')
/** What rooms said is kept here, so that weights can be tried without running anything again. */
const kept = option('--kept')
const signal = new AbortController().signal

const rows = []
for (const bug of readCases().filter(({ runner, id }) => KNOWN_RUNNERS.has(runner) && (!only || only.includes(id)))) {
  const folder = layOut(bug)
  try {
    const hands = await compose(folder, readEnv(), { drafters: [] })
    const source = await hands.tools.repository.snapshot(await hands.tools.repository.resolve())
    const seen = await remembered(bug.id, () => observe(bug, folder, source, hands.tools))
    if (seen === undefined) process.stdout.write(`${bug.id.padEnd(28)} the failing tests were not found\n`)
    else rows.push(await ranksOf(bug, source, seen, hands.tools))
  } catch (error) {
    process.stdout.write(`${bug.id.padEnd(28)} ${String(error.stack ?? error).slice(0, 300)}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
for (const [name, key] of [
  ['words and frames', 'without'],
  ['and what is executed', 'with'],
]) {
  const ranks = rows.map((row) => row[key])
  const within = (most) => `${ranks.filter((rank) => rank > 0 && rank <= most).length}`
  const mrr = ranks.reduce((sum, rank) => sum + (rank > 0 ? 1 / rank : 0), 0) / ranks.length
  process.stdout.write(
    `${name.padEnd(22)} first ${within(1)}, in 3 ${within(3)}, in 5 ${within(5)}, in 8 ${within(8)} of ${ranks.length}; MRR ${mrr.toFixed(3)}\n`,
  )
}

async function remembered(id, make) {
  if (kept === undefined) return make()
  const file = join(kept, `${id}.json`)
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'))
  const made = await make()
  mkdirSync(kept, { recursive: true })
  if (made !== undefined) writeFileSync(file, JSON.stringify(made))
  return made
}

/** The failing tests, and what they execute. */
async function observe(bug, folder, source, tools) {
  const detected = detectProject(source, { deps: 'copy' })
  const { project } = detected
  const workspace = {
    repository: folder,
    project,
    recipe: { ...detected.recipe, way: 'copy', directories: ['node_modules'] },
    dependencyFolder: folder,
    commands: {},
  }
  const workshop = new Workshop({ runId: `run_${tools.ids.sortable()}`, tools, workspace, source, policy: Policy.parse({}), signal, note: () => {} })
  try {
    return await executed(bug, project, source, await workshop.open(), tools)
  } finally {
    await workshop[Symbol.asyncDispose]()
  }
}

async function executed(bug, project, source, room, tools) {
  const suite = await room.test({ kind: 'all' }, signal)
  const names = new Set(bug.f2p)
  const failed = suite.tests.filter(
    (test) => test.status === 'failed' && (names.has(test.path.join(' ')) || bug.f2p.some((name) => name.endsWith(test.path.at(-1)))),
  )
  if (failed.length === 0) return undefined
  const reproduction = { tests: failed.slice(0, 1).map(({ id, file, path }) => ({ id, file, path })), files: [], failure: failed[0].failure }
  const started = performance.now()
  const request = { room, source, syntax: tools.syntax, project, reproduction, nonce: tools.ids.nonce(), suiteMs: suite.durationMs, timeoutMs: 60_000 }
  const found = await executedFunctions(request, signal)
  const seconds = (performance.now() - started) / 1000
  return { reproduction, testFiles: project.testFiles, seconds, suiteMs: suite.durationMs, executed: found && { ...found, paths: [...found.paths] } }
}

async function ranksOf(bug, source, { reproduction, testFiles, executed, seconds, suiteMs }, tools) {
  const report = await reportFrom(`# ${bug.title}\n\n${bug.report}\n`, 'file')
  const frames = parseStackTraces(`${reproduction.failure.message}\n${reproduction.failure.stack}`).flatMap((trace) => mapFrames(trace, source))
  const gather = (more) =>
    gatherDossier(
      { report, frames, reproduction, testFiles, ignore: new IgnoreGate(source), ...more },
      { search: { search: (patterns, limit) => tools.search.search(source, patterns, { limit, signal }) }, syntax: tools.syntax, history: [] },
    )
  const places = changedPlaces(bug, source)
  const rank = ({ suspects }) =>
    suspects.findIndex(({ path, lines: [first, last] }) => places.some((place) => place.path === path && place.line >= first && place.line <= last)) + 1
  const row = {
    without: rank(await gather({})),
    with: rank(await gather(executed ? { executed: { ...executed, paths: new Set(executed.paths) } } : {})),
  }
  const reached = executed?.functions.length ?? 0
  const hit = executed?.functions.some(({ path, lines: [first, last] }) =>
    places.some((place) => place.path === path && place.line >= first && place.line <= last),
  )
  process.stdout.write(
    `${bug.id.padEnd(28)} ${String(row.without).padStart(3)} → ${String(row.with).padStart(3)}   ${reached} functions${hit ? '' : ', the changed one not among them'}; ${seconds.toFixed(1)} s, suite ${(suiteMs / 1000).toFixed(1)} s\n`,
  )
  return row
}

/** Lines of the base that the fix changed or stands right behind. */
function changedPlaces(bug, source) {
  return trueFix(bug).flatMap(({ path, content }) => {
    const [before, after] = [(source.text(path) ?? '').split('\n'), content.split('\n')]
    let first = 0
    while (first < before.length && before[first] === after[first]) first += 1
    const kept = new Set(after)
    const gone = before.flatMap((line, index) => (line.trim() !== '' && !kept.has(line) ? [index + 1] : []))
    return (gone.length > 0 ? gone : [Math.max(1, first)]).map((line) => ({ path, line }))
  })
}
