// Proves the judge: the true fixes of historical bugs are pushed through the whole run by a drafter that knows them. All but few must
// come out as fixed; each refusal is printed with its gate. Usage: node bench/true-fixes.mjs [--only id,id] [--minutes 15] [--verbose]
import { rmSync } from 'node:fs'
import { fold, Policy } from '@fixpoint/core'
import { Archive, drive, Judgement, openRun, patchFrom, Workspace } from '@fixpoint/engine'
import { reportFrom } from '@fixpoint/intake'
import { detectProject } from '@fixpoint/test-runners'
import { compose } from '../apps/cli/dist/compose.js'
import { readEnv } from '../apps/cli/dist/env.js'
import { KNOWN_RUNNERS, layOut, readCases, reportText, trueFix } from './cases.mjs'

const only = process.argv.includes('--only') ? new Set(process.argv[process.argv.indexOf('--only') + 1].split(',')) : undefined
const minutes = process.argv.includes('--minutes') ? Number(process.argv[process.argv.indexOf('--minutes') + 1]) : 15
const verbose = process.argv.includes('--verbose')
// The quick ones first: a run that is cut short has measured most of them.
const cases = readCases()
  .filter((bug) => KNOWN_RUNNERS.has(bug.runner) && (!only || only.has(bug.id)))
  .sort((a, b) => (a.full_seconds ?? 60) - (b.full_seconds ?? 60))
const rows = []
for (const bug of cases) {
  const started = Date.now()
  const folder = layOut(bug)
  try {
    rows.push({ id: bug.id, ...(await judgeTrueFix(bug, folder)), seconds: Math.round((Date.now() - started) / 1000) })
  } catch (error) {
    rows.push({
      id: bug.id,
      outcome: 'fault',
      why: error.stack?.split('\n').slice(0, 3).join(' | ') ?? String(error),
      seconds: Math.round((Date.now() - started) / 1000),
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const row = rows.at(-1)
  process.stdout.write(
    `${row.id.padEnd(28)} ${row.outcome.padEnd(14)} ${(row.strength ?? '').padEnd(10)} ${String(row.seconds).padStart(4)} s  ${row.why ?? ''}\n`,
  )
}
const fixed = rows.filter((row) => row.outcome === 'fixed')
process.stdout.write(`\n${fixed.length} of ${rows.length} true fixes pass every gate (${fixed.filter((row) => row.strength === 'verified').length} verified)\n`)

async function judgeTrueFix(bug, folder) {
  const env = readEnv()
  const hands = await compose(folder, env, {
    drafters: [
      {
        name: 'true-fix',
        async *draft(task) {
          if (task.lessons.length > 0) yield { kind: 'abstained', findings: ['there is one true fix'] }
          else
            yield {
              kind: 'candidate',
              candidate: {
                patch: patchFrom(task.source, trueFix(bug)),
                origin: { drafter: 'true-fix', kind: 'history', summary: 'the fix of the history', symptomOnly: false, score: 1 },
              },
            }
        },
      },
    ],
  })
  const { tools, journal } = hands
  const source = await tools.repository.snapshot(await tools.repository.resolve())
  const detected = detectProject(source, { deps: 'copy' })
  if ('unsupported' in detected) return { outcome: 'unsupported', why: detected.unsupported }
  const report = await reportFrom(reportText(bug), 'file')
  const archive = new Archive(tools.artifacts)
  const workspace = Workspace.parse({
    repository: folder,
    project: detected.project,
    recipe: { ...detected.recipe, way: 'copy', directories: ['node_modules'] },
    dependencyFolder: folder,
    commands: {},
  })
  const runId = await openRun(
    { report, workspace, base: source.commit, policy: Policy.parse({ budget: { attempts: 1, minutes }, lanes: [{ name: 'true-fix' }] }) },
    { journal, archive, clock: tools.clock, ids: tools.ids },
  )
  await drive({
    runId,
    journal,
    tools,
    signal: new AbortController().signal,
    progress: (progress) => verbose && progress.kind === 'step-note' && process.stdout.write(`    ${progress.message}\n`),
  })
  const entries = await journal.read(runId)
  fold(entries)
  const judged = entries.find((entry) => entry.event.kind === 'patch-judged')
  if (!judged) {
    const last = entries.at(-2)?.event
    const detail = last?.findings ?? last?.detail
    const told = detail ? JSON.parse(new TextDecoder().decode(await tools.artifacts.get(detail))) : {}
    const text = (told.tried ?? [told.message]).join(' · ')
    return { outcome: last?.kind ?? 'nothing', why: text.slice(0, 600) }
  }
  const judgement = await archive.get(Judgement, judged.event.judgement)
  const refused = judgement.verdict.gates.find((gate) => gate.status === 'failed')
  const soft = judgement.verdict.gates
    .filter((gate) => gate.status === 'not-applicable' && gate.gate !== 'static')
    .map((gate) => `${gate.gate}: ${gate.summary}`)
  return {
    outcome: judgement.verdict.name,
    strength: judgement.verdict.strength,
    why: refused ? `${refused.gate}: ${refused.summary} ${refused.findings.slice(0, 3).join(' · ')}` : soft.join('; '),
  }
}
