import { expect } from 'vitest'
import { leftBehind } from '../stories/small-repository.ts'
import { PLANTED } from './defects.ts'
import type { Ground } from './ground.ts'
import type { RoomsCounted } from './rooms-counted.ts'
import { until } from './service-process.ts'

/** The life of a run that nothing disturbed, up to the person who decides. */
const LIFE = [
  ...['run-opened', 'bug-reproduced', 'dossier-gathered', 'patch-drafted', 'patch-minimised', 'patch-judged', 'patch-chosen', 'proposal-planned'],
] as const
/** Rooms of such a run (two to reproduce, one to see what is executed, three to draft, two to judge), and of the step that opens most. */
const ROOMS = 8
const ROOMS_OF_A_STEP = 3

/** A run takes most of a minute on a machine that is idle; there may be several, one after the other, on one that is not. */
const PATIENCE_MS = 600_000

/** Every defect that was told of has come to a proposal, and every delivery is concluded. */
export async function comesToProposals(ground: Ground): Promise<void> {
  for (const defect of new Set(ground.accepted.values())) {
    await until(
      `a proposal for ${defect}`,
      async () => {
        const states = await ground.ask<{ state: string; awaiting: boolean | null; phase: string | null }>(
          `SELECT report.state, run.awaiting, run.phase FROM fixpoint.reports report
           LEFT JOIN fixpoint.report_runs owned ON owned.report = report.id LEFT JOIN fixpoint.runs run ON run.id = owned.run
           WHERE report.title LIKE $1`,
          [`${defect} %`],
        )
        return states.some(({ awaiting }) => awaiting === true) ? true : undefined
      },
      () => ground.words,
      PATIENCE_MS,
    )
  }
  await until('every delivery is concluded', async () => {
    const waiting = await ground.ask("SELECT 1 FROM fixpoint.deliveries WHERE state = 'accepted'")
    return waiting.length === 0 ? true : undefined
  })
}

/** What the service promises, whatever it went through. `interruptions`: how often a step may have been cut off and begun again, over all runs. */
export async function keepsItsPromises(ground: Ground, counted: RoomsCounted, { interruptions }: { readonly interruptions: number }): Promise<void> {
  await losesNoReport(ground)
  const runs = await proposesOnce(ground)
  await paysNoStepTwice(ground, counted, runs, interruptions)
  await leavesNothing(ground, runs)
  tellsNoSecret(ground)
}

async function losesNoReport(ground: Ground): Promise<void> {
  const deliveries = await ground.ask<{ id: string; delivery_id: string; state: string }>(
    "SELECT id, delivery_id, state FROM fixpoint.deliveries WHERE state <> 'refused'",
  )
  expect(
    deliveries.filter(({ state }) => state !== 'reported'),
    'a delivery that became no sighting',
  ).toEqual([])
  const kept = new Set(deliveries.map(({ delivery_id }) => delivery_id))
  expect(
    [...ground.accepted.keys()].filter((id) => !kept.has(id)),
    'accepted and lost',
  ).toEqual([])
  expect(kept.size, 'a delivery was kept twice').toBe(deliveries.length)
  const [{ sightings, told } = { sightings: '', told: '' }] = await ground.ask<{ sightings: string; told: string }>(
    'SELECT (SELECT count(*) FROM fixpoint.sightings) AS sightings, (SELECT coalesce(sum(sightings), 0) FROM fixpoint.reports) AS told',
  )
  expect([sightings, told], 'each delivery is one sighting').toEqual([`${deliveries.length}`, `${deliveries.length}`])
}

/** The runs, one per report, each with the life of a run that nothing disturbed. */
async function proposesOnce(ground: Ground): Promise<readonly string[]> {
  const reports = await ground.ask<{ title: string }>('SELECT title FROM fixpoint.reports')
  expect(reports.length, 'one report per defect').toBe(new Set(ground.accepted.values()).size)
  const owned = await ground.ask<{ report: string; run: string }>('SELECT report, run FROM fixpoint.report_runs')
  expect(new Set(owned.map(({ report }) => report)).size, 'a report has two runs').toBe(owned.length)
  const runs = (await ground.ask<{ id: string }>('SELECT id FROM fixpoint.runs')).map(({ id }) => id)
  expect(runs.toSorted(), 'runs that nobody owns').toEqual(owned.map(({ run }) => run).toSorted())
  for (const run of runs) {
    const events = await ground.ask<{ kind: string }>("SELECT kind FROM fixpoint.events WHERE run = $1 AND kind <> 'step-failed' ORDER BY seq", [run])
    expect(
      events.map(({ kind }) => kind),
      `the life of ${run}`,
    ).toEqual(LIFE)
  }
  return runs
}

async function paysNoStepTwice(ground: Ground, counted: RoomsCounted, runs: readonly string[], interruptions: number): Promise<void> {
  const [{ failed } = { failed: '0' }] = await ground.ask<{ failed: string }>("SELECT count(*) AS failed FROM fixpoint.events WHERE kind = 'step-failed'")
  const again = interruptions + Number(failed)
  const begun = runs.map((run) => ground.words.split(`\n${run.slice(-6)} …`).length - 1).reduce((sum, each) => sum + each, 0)
  const steps = runs.length * (LIFE.length - 1)
  expect(begun, 'steps that were begun').toBeGreaterThanOrEqual(steps)
  expect(begun, 'steps that were begun').toBeLessThanOrEqual(steps + again)
  const rooms = runs.map((run) => counted.rooms.get(run) ?? 0).reduce((sum, each) => sum + each, 0)
  expect(rooms, 'rooms that were opened').toBeLessThanOrEqual(runs.length * ROOMS + again * ROOMS_OF_A_STEP)
}

/** After a minute at most: sweeps come once in it. */
async function leavesNothing(ground: Ground, runs: readonly string[]): Promise<void> {
  // Its own processes live on.
  const left = async () => {
    const all = await Promise.all(runs.flatMap((run) => [...ground.homes].map((home) => leftBehind(home, run))))
    return [...new Set(all.flat())].filter((what) => !what.startsWith('process '))
  }
  const end = Date.now() + 70_000
  while ((await left()).length > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 2_000))
  expect(await left()).toEqual([])
  expect(ground.branches(), 'published before anybody approved').toEqual([])
}

function tellsNoSecret(ground: Ground): void {
  const told = [...ground.secrets, ['value of an alert', PLANTED] as const].filter(([, secret]) => ground.words.includes(secret))
  expect(
    told.map(([name]) => name),
    'told in a log',
  ).toEqual([])
}
