import type { ReactNode } from 'react'
import { dollars, percent, several, tokens, took } from '../../ui/amounts.ts'
import { Panel } from '../../ui/panel.tsx'
import type { Insights } from './insights.ts'

/** What people said, what stood, and what one merged fix took. */
export function Decisions({ decided, retention, perMerged }: Pick<Insights, 'decided' | 'retention' | 'perMerged'>) {
  const taken = decided.merged + decided.delivered
  const answered = taken + decided.declined
  return (
    <Panel title="What became of proposals" about="Acceptance and retention, and what one merged fix takes.">
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-b-lg bg-line sm:grid-cols-3">
        <Tile name="Accepted" value={answered === 0 ? '–' : percent(taken / answered)}>
          {answered === 0 ? 'No proposal was answered' : `${taken} of ${several(answered, 'answer')}`}
        </Tile>
        <Tile name="Declined" value={String(decided.declined)}>
          {decided.merged} merged, {decided.delivered} delivered
        </Tile>
        <Tile name="Waiting" value={String(decided.waiting)}>
          for a person
        </Tile>
        {[7, 30, 90].map((days) => (
          <Retained key={days} days={days} retention={retention} />
        ))}
        <Tile name="Cost per merged fix" value={perMerged === undefined ? '–' : dollars(perMerged.money)}>
          {perMerged === undefined ? 'Nothing was merged' : 'of all runs, also those without a fix'}
        </Tile>
        <Tile name="Tokens per merged fix" value={perMerged === undefined ? '–' : tokens(perMerged.tokens)}>
          {perMerged?.tokens === 0 ? 'patterns alone' : 'read and written by models'}
        </Tile>
        <Tile name="Time to merge" value={perMerged === undefined ? '–' : took(perMerged.medianMinutes * 60_000)}>
          median, from the opening of the run
        </Tile>
      </dl>
    </Panel>
  )
}

function Retained({ days, retention }: { readonly days: number; readonly retention: Insights['retention'] }) {
  const measure = retention.find((each) => each.days === days)
  const known = measure !== undefined && measure.measured > 0
  return (
    <Tile name={`Stands after ${days} days`} value={known ? percent(measure.share) : '–'}>
      {known ? `of the lines of ${several(measure.measured, 'merged patch', 'merged patches')}` : 'Not measured yet'}
    </Tile>
  )
}

function Tile({ name, value, children }: { readonly name: string; readonly value: string; readonly children: ReactNode }) {
  return (
    <div className="flex flex-col bg-raised px-4 py-3 max-sm:last:col-span-2">
      <dt className="text-xs text-quiet">{name}</dt>
      <dd className="text-xl font-semibold tracking-tight">{value}</dd>
      <dd className="text-xs text-muted">{children}</dd>
    </div>
  )
}
