import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Check, Circle, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import { keys } from '../../api/queries.ts'
import { Time } from '../../ui/time.tsx'
import { milestonesOf, type RoadRun } from './milestones.ts'

const ASK_MS = 1500
const NEWEST = 50

/** Where the sample is, from the delivery on; followed until there is nothing more to come. */
export function Road({ after }: { readonly after: string }) {
  const delivery = useQuery({
    queryKey: ['sample-delivery', after],
    queryFn: async ({ signal }) => {
      const { items } = await answerOf(api.GET('/api/deliveries', { params: { query: { limit: NEWEST, source: 'sentry' } }, signal }))
      // The first after what was there: older ones are below it.
      const until = items.findIndex(({ id }) => id === after)
      return (until === -1 ? items : items.slice(0, until)).at(-1) ?? null
    },
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'accepted' ? false : ASK_MS),
  }).data
  const reportId = delivery?.reports[0]
  const report = useQuery({
    queryKey: ['report', reportId, 'road'],
    queryFn: ({ signal }) => answerOf(api.GET('/api/reports/{report}', { params: { path: { report: reportId ?? '' } }, signal })),
    enabled: reportId !== undefined,
    refetchInterval: ({ state }) => (state.data && state.data.runs.length > 0 ? false : ASK_MS),
  }).data
  const runId = report?.runs.at(-1)
  const run = useQuery({
    queryKey: keys.run(runId ?? ''),
    queryFn: ({ signal }) => answerOf(api.GET('/api/runs/{run}', { params: { path: { run: runId ?? '' } }, signal })),
    enabled: runId !== undefined,
    // The stream tells of changes at once; this is for when it is not there.
    refetchInterval: ({ state }) => (state.data?.phase === 'settled' || state.data?.awaiting ? false : 5 * ASK_MS),
  }).data
  return (
    <ol aria-label="The road of the sample" aria-live="polite" className="flex flex-col px-4 py-2">
      <Mark state={delivery ? (delivery.state === 'failed' || delivery.state === 'refused' ? 'failed' : 'done') : 'now'} name="Delivery">
        {delivery ? (
          <>
            {delivery.state} <Time at={delivery.receivedAt} />
            {delivery.reason && `: ${delivery.reason}`} ·{' '}
            <Link to="/deliveries" search={{ delivery: delivery.id }} className="text-link underline">
              Deliveries
            </Link>
          </>
        ) : (
          'waiting for it'
        )}
      </Mark>
      <Mark state={report ? 'done' : delivery ? 'now' : 'later'} name="Report">
        {report && (
          <>
            {report.title} · {report.sightings === 1 ? 'new' : `seen ${report.sightings} times: it is another sighting of the same defect`}
            {report.reason && runId === undefined && ` · ${report.reason}`} ·{' '}
            <Link to="/reports" search={{ report: report.id }} className="text-link underline">
              Reports
            </Link>
          </>
        )}
      </Mark>
      {milestonesOf(run as RoadRun | undefined, report !== undefined).map(({ name, state, words }) => (
        <Mark key={name} state={state} name={name}>
          {words}
        </Mark>
      ))}
      {run && (
        <li className="flex flex-wrap gap-3 py-2 text-sm">
          {(run.proposal !== undefined || run.awaiting) && (
            <Link to="/proposals/$run" params={{ run: run.id }} className="text-link underline">
              Look at the proposal and decide
            </Link>
          )}
          <Link to="/runs/$run" params={{ run: run.id }} className="text-link underline">
            Watch the run
          </Link>
        </li>
      )}
    </ol>
  )
}

const MARKS = {
  done: { icon: Check, look: 'text-good', says: 'done' },
  now: { icon: Circle, look: 'text-accent animate-pulse', says: 'under way' },
  later: { icon: Circle, look: 'text-line-strong', says: 'not yet' },
  failed: { icon: X, look: 'text-bad', says: 'failed' },
} as const

function Mark({ state, name, children }: { readonly state: keyof typeof MARKS; readonly name: string; readonly children?: ReactNode }) {
  const { icon: Icon, look, says } = MARKS[state]
  return (
    <li className="flex gap-3 py-1 text-sm">
      <Icon size={16} aria-label={says} className={`mt-0.5 shrink-0 ${look}`} />
      <span className="w-28 shrink-0 font-medium">{name}</span>
      <span className="min-w-0 break-words text-muted">{children}</span>
    </li>
  )
}
