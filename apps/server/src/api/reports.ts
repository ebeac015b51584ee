import { Digest, ObjectId, type ReportCursor, type ReportState, RunId, Severity, type StoredReport } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { quietly } from '../quietly.ts'
import { type App, callerOf, Id, Moment, PageQuery, paged, pageOf, present, problems } from './app.ts'

const State = z.enum(['new', 'needs-trace', 'held', 'running', 'settled', 'reopened', 'confirmed', 'muted'])
const Report = z.object({
  id: Id,
  title: z.string(),
  groupKey: z.string(),
  state: State,
  reason: z.string().optional(),
  /** Somebody asked for a run that is not begun yet. */
  wantedBy: z.string().optional(),
  severity: Severity,
  source: z.string(),
  repository: z.string().optional(),
  service: z.string().optional(),
  environment: z.string().optional(),
  release: z.string().optional(),
  commit: z.string().optional(),
  url: z.string().optional(),
  missing: z.array(z.string()),
  report: Digest,
  sightings: z.number().int(),
  firstSeen: Moment,
  lastSeen: Moment,
  /** What was proposed for it: the commit, when its run was settled, and when it was found to be merged or released. */
  fix: z.object({ commit: ObjectId, at: Moment, landedAt: Moment.optional() }).optional(),
  runs: z.array(RunId),
})
const Move = z.object({ at: Moment, from: State, to: State, reason: z.string().optional(), run: RunId.optional() })
const At = z.object({ report: Id })
const MOVES = 200
const DAYS = 30
const DAY_MS = 86_400_000

/** Where a page ended: the moment and the id of its last report, as they were then. */
const Cursor = z.string().regex(/^\d{1,15}-[\w-]{1,100}$/)

function cursorOf({ lastSeen, id }: ReportCursor): string {
  return `${lastSeen.getTime()}-${id}`
}

function placeOf(cursor: string): ReportCursor {
  const dash = cursor.indexOf('-')
  return { lastSeen: new Date(Number(cursor.slice(0, dash))), id: cursor.slice(dash + 1) }
}

/** States from which somebody may send a report to a run. */
const RUNNABLE: readonly ReportState[] = ['new', 'held', 'settled', 'reopened', 'confirmed', 'muted']
const MUTABLE: readonly ReportState[] = ['new', 'needs-trace', 'held', 'settled', 'reopened', 'confirmed']

export function reportRoutes(app: App, hands: ServerHands): void {
  const { reports } = hands
  const tags = ['reports']

  app.get(
    '/api/reports',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Reports, the one seen last first',
        querystring: z.object({ limit: PageQuery.limit, before: Cursor.optional(), state: State.optional(), repository: z.string().max(300).optional() }),
        response: { 200: pageOf(Report), ...problems },
      },
    },
    async ({ query: { limit, before, ...page } }) =>
      paged(
        limit,
        (more) => reports.list({ ...present({ ...page, before: before === undefined ? undefined : placeOf(before) }), limit: more }),
        shown,
        cursorOf,
      ),
  )

  app.get(
    '/api/reports/:report',
    { config: { scope: 'read' }, schema: { tags, summary: 'One report', params: At, response: { 200: Report, ...problems } } },
    async ({ params }) => shown(await known(params.report)),
  )

  app.get(
    '/api/reports/:report/history',
    {
      config: { scope: 'read' },
      schema: { tags, summary: 'Its last moves, the newest first', params: At, response: { 200: z.object({ items: z.array(Move) }), ...problems } },
    },
    async ({ params }) => {
      const moves = await reports.history((await known(params.report)).id, MOVES)
      return { items: moves.map(({ at, ...move }) => ({ at: at.toISOString(), ...present(move) })) }
    },
  )

  app.get(
    '/api/reports/:report/sightings',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'How often it was seen on each of the last 30 days, in UTC, as far as single sightings are kept',
        params: At,
        response: { 200: z.object({ items: z.array(z.object({ day: z.iso.date(), sightings: z.number().int() })) }), ...problems },
      },
    },
    async ({ params }) => {
      const today = Math.floor(hands.clock.now().getTime() / DAY_MS) * DAY_MS
      const days = Array.from({ length: DAYS }, (_, index) => new Date(today - (DAYS - 1 - index) * DAY_MS))
      const seen = await reports.sightingsByDay((await known(params.report)).id, days[0] ?? new Date(today))
      const counts = new Map(seen.map(({ day, sightings }) => [day, sightings]))
      return { items: days.map((each) => each.toISOString().slice(0, 10)).map((day) => ({ day, sightings: counts.get(day) ?? 0 })) }
    },
  )

  app.post(
    '/api/reports/:report/run-now',
    {
      config: { scope: 'decide' },
      schema: { tags, summary: 'Work on it now, whatever the gates say', params: At, response: { 202: z.object({ state: State }), ...problems } },
    },
    async (request, reply) => {
      const { id, state } = await known(request.params.report)
      const { name } = callerOf(request)
      const moved = await reports.move(id, { from: RUNNABLE, to: 'new', reason: `asked for by ${name}`, wantedBy: name })
      if (!moved)
        throw new Refusal(409, `The report is ${state}`, {
          hint: state === 'needs-trace' ? 'Its `missing` says what the source has to send first.' : 'Wait for its run, or cancel that.',
        })
      await quietly(hands.log, hands.wake.report(id))
      return reply.code(202).send({ state: 'new' })
    },
  )

  app.post(
    '/api/reports/:report/mute',
    {
      config: { scope: 'decide' },
      schema: { tags, summary: 'Count further sightings and start nothing', params: At, response: { 200: z.object({ state: State }), ...problems } },
    },
    async (request) => {
      const { id, state } = await known(request.params.report)
      const moved = await reports.move(id, { from: MUTABLE, to: 'muted', reason: `muted by ${callerOf(request).name}` })
      if (!moved && state !== 'muted') throw new Refusal(409, `The report is ${state}`, { hint: 'Cancel its run first.' })
      return { state: 'muted' as const }
    },
  )

  async function known(id: string): Promise<StoredReport> {
    const report = await reports.get(id)
    if (report === undefined) throw new Refusal(404, 'No such report')
    return report
  }
}

function shown(report: StoredReport): z.infer<typeof Report> {
  const { firstSeen, lastSeen, runs, missing, fix, ...rest } = report
  return {
    ...present(rest),
    ...(fix && { fix: { commit: fix.commit, at: fix.at.toISOString(), ...present({ landedAt: fix.landedAt?.toISOString() }) } }),
    ...{ missing: [...missing], runs: [...runs], firstSeen: firstSeen.toISOString(), lastSeen: lastSeen.toISOString() },
  }
}
