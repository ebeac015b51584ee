// Measures what the model-free drafter proposes: every case is driven to rest, and a proposal is right when the case's own tests say so.
// Usage: node bench/drafters.mjs [--fixtures] [--only id,id] [--minutes 3] [--verbose]
// Without --fixtures the historical bugs of FIXPOINT_BENCH are used, with their tests visible (see cases.mjs).
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Policy } from '@fixpoint/core'
import { Archive, drive, Judgement, openRun, PlannedProposal, Workspace } from '@fixpoint/engine'
import { reportFrom } from '@fixpoint/intake'
import { detectProject } from '@fixpoint/test-runners'
import { compose } from '../apps/cli/dist/compose.js'
import { readEnv } from '../apps/cli/dist/env.js'

const option = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined)
const only = option('--only')?.split(',')
const minutes = Number(option('--minutes') ?? 3)
const verbose = process.argv.includes('--verbose')
const work = mkdtempSync(join(tmpdir(), 'fixpoint-drafters-'))

const cases = (process.argv.includes('--fixtures') ? fixtureCases() : await historicalCases()).filter(({ id }) => !only || only.includes(id))
const rows = []
for (const bug of cases) {
  const started = Date.now()
  const row = { id: bug.id, kind: bug.kind, reproduced: false, strength: undefined, right: undefined, tried: 0, why: '' }
  const folder = bug.layOut()
  try {
    Object.assign(row, await attempt(bug, folder, row))
  } catch (error) {
    row.why = `fault: ${String(error?.message ?? error).slice(0, 300)}`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  row.seconds = Math.round((Date.now() - started) / 1000)
  rows.push(row)
  process.stdout.write(
    `${row.id.padEnd(28)} ${(row.reproduced ? 'reproduced' : 'not-repr.').padEnd(11)} ${answerOf(row).padEnd(10)} ${(row.strength ?? '').padEnd(10)} ${String(row.seconds).padStart(4)} s ${String(row.tried).padStart(4)} tried  ${row.why}\n`,
  )
}
rmSync(work, { recursive: true, force: true })
printTotals()

function answerOf({ strength, right }) {
  return strength === undefined ? 'abstained' : right ? 'right' : 'WRONG'
}

function printTotals() {
  const count = (list, answer) => list.filter((row) => answerOf(row) === answer).length
  const line = (name, list) =>
    process.stdout.write(
      `${name.padEnd(32)} ${count(list, 'right')} right, ${count(list, 'WRONG')} wrong, ${count(list, 'abstained')} abstained, of ${list.length}\n`,
    )
  process.stdout.write('\n')
  for (const kind of [...new Set(rows.map((row) => row.kind))].sort())
    line(
      kind,
      rows.filter((row) => row.kind === kind),
    )
  for (const strength of ['verified', 'implicit', 'choice', 'suggestion'])
    line(
      `offered as ${strength}`,
      rows.filter((row) => row.strength === strength),
    )
  line('all', rows)
  process.stdout.write(`${rows.filter((row) => row.reproduced).length} of ${rows.length} reproduced\n`)
}

async function attempt(bug, folder, row) {
  const hands = await compose(folder, readEnv())
  try {
    return await driven(bug, folder, row, hands)
  } finally {
    await hands[Symbol.asyncDispose]()
  }
}

async function driven(bug, folder, row, { tools, journal }) {
  const source = await tools.repository.snapshot(await tools.repository.resolve())
  const detected = detectProject(source, { deps: bug.deps })
  if ('unsupported' in detected) return { why: detected.unsupported }
  const archive = new Archive(tools.artifacts)
  const recipe = bug.deps === 'copy' ? { ...detected.recipe, way: 'copy', directories: ['node_modules'] } : detected.recipe
  const workspace = Workspace.parse({
    repository: folder,
    project: detected.project,
    recipe,
    ...(bug.deps === 'copy' ? { dependencyFolder: folder } : {}),
    commands: {},
  })
  const policy = Policy.parse({ budget: { minutes } })
  const runId = await openRun({ report: await bug.report(), workspace, base: source.commit, policy }, { journal, archive, clock: tools.clock, ids: tools.ids })
  const progress = (event) => {
    if (event.kind !== 'step-note') return
    row.tried = Math.max(row.tried, Number(/^(\d+) of \d+ tried/.exec(event.message)?.[1] ?? 0))
    if (verbose) process.stdout.write(`    ${event.message}\n`)
  }
  await drive({ runId, journal, tools, signal: AbortSignal.timeout((minutes + 1) * 60_000), progress }).catch((error) => {
    row.why = `stopped: ${String(error?.message ?? error).slice(0, 120)}`
  })
  const events = (await journal.read(runId)).map((entry) => entry.event)
  row.reproduced = events.some((event) => event.kind === 'bug-reproduced')
  const planned = events.findLast((event) => event.kind === 'proposal-planned')
  if (planned === undefined) return { why: row.why || (await whyNot(events, archive)) }
  const proposal = await archive.get(PlannedProposal, planned.proposal)
  const right = bug.isRight(folder, proposal.edits)
  return { strength: proposal.strength, right, why: [proposal.title, ...(verbose ? [proposal.diff] : [])].join('\n').slice(0, verbose ? 3000 : 160) }
}

async function whyNot(events, archive) {
  const verdicts = []
  for (const event of events.filter((each) => each.kind === 'patch-judged')) {
    const { verdict, candidate } = await archive.get(Judgement, event.judgement)
    const gate = verdict.gates.find((each) => each.status === 'failed')
    verdicts.push(`${candidate.origin.summary.slice(0, 60)}: ${gate ? `${gate.gate}: ${gate.summary.slice(0, 80)}` : verdict.name}`)
  }
  return verdicts.length > 0 ? verdicts.slice(0, 3).join(' · ') : (events.findLast((event) => /not-reproduced|exhausted|failed/.test(event.kind))?.kind ?? '')
}

function writeEdits(folder, edits) {
  for (const { path, content } of edits) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    if (content === null) rmSync(file, { force: true })
    else writeFileSync(file, content)
  }
}

async function historicalCases() {
  const { KNOWN_RUNNERS, layOut, readCases, reportText, score } = await import('./cases.mjs')
  return readCases()
    .filter((bug) => KNOWN_RUNNERS.has(bug.runner))
    .map((bug) => ({
      id: bug.id,
      kind: bug.defect_kind,
      deps: 'copy',
      layOut: () => layOut(bug),
      report: () => reportFrom(reportText(bug), 'file'),
      isRight: (folder, edits) => {
        writeEdits(folder, edits)
        return score(bug, folder).resolved
      },
    }))
}

/** The repositories of fixtures/: right is what passes the held-out tests beside the suite. */
function fixtureCases() {
  const fixtures = new URL('../fixtures/', import.meta.url).pathname
  return readdirSync(join(fixtures, 'repos'))
    .filter((name) => name.endsWith('.case.json'))
    .map((file) => {
      const id = file.replace('.case.json', '')
      const fixture = JSON.parse(readFileSync(join(fixtures, 'repos', file), 'utf8'))
      return {
        id,
        kind: `expected: ${fixture.expects}`,
        deps: 'install',
        layOut: () => {
          const folder = join(work, id)
          cpSync(join(fixtures, 'repos', id), folder, { recursive: true })
          const git = (...args) => execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], { cwd: folder })
          git('init', '-q', '-b', 'main')
          git('add', '-A')
          git('commit', '-q', '-m', 'base')
          return folder
        },
        report: () => reportFrom(readFileSync(join(fixtures, 'reports', fixture.report), 'utf8'), 'file'),
        isRight: (folder, edits) => fixture.heldOut !== null && passesHeldOut(folder, edits, join(fixtures, 'held-out', id), fixture.runner),
      }
    })
}

function passesHeldOut(folder, edits, heldOut, runner) {
  writeEdits(folder, edits)
  cpSync(heldOut, folder, { recursive: true })
  const env = { ...process.env, CI: 'true', NO_COLOR: '1', PYTHONDONTWRITEBYTECODE: '1' }
  const run = (command, ...args) => spawnSync(command, args, { cwd: folder, env, timeout: 120_000 }).status === 0
  if (existsSync(join(folder, 'package-lock.json')) && !run('npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund')) throw new Error('npm ci failed')
  return runner === 'pytest' ? run('python3', '-m', 'pytest', '-q', '-p', 'no:cacheprovider') : run('npm', 'test')
}
