import { useNavigate } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { DayField } from '../../ui/day-field.tsx'
import { Select } from '../../ui/field.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { useNow } from '../../ui/time.tsx'
import { csvOf } from './csv.ts'
import type { Insights } from './insights.ts'
import { DAYS, type InsightsSearch, insightsSearch, today } from './search.ts'

const DAY_MS = 86_400_000
const RANGES: Readonly<Record<(typeof DAYS)[number], string>> = {
  1: 'Last 24 hours',
  7: 'Last 7 days',
  30: 'Last 30 days',
  90: 'Last 90 days',
  365: 'Last 365 days',
}

/** Which time and which repository; and all numbers as a file. */
export function Controls({ search, insights }: { readonly search: InsightsSearch; readonly insights: Insights | undefined }) {
  const navigate = useNavigate()
  const now = useNow()
  const { from, to, repository, days = 7 } = search
  const show = (changes: Record<string, unknown>) => void navigate({ to: '/insights', search: insightsSearch({ ...search, ...changes }), replace: true })
  const chooseTime = (chosen: string) =>
    show(
      chosen === 'own'
        ? { days: undefined, from: today(new Date(now - days * DAY_MS)), to: today(new Date(now)) }
        : { days: chosen, from: undefined, to: undefined },
    )
  const names = new Set([...(repository === undefined ? [] : [repository]), ...(insights?.byRepository ?? []).map(({ name }) => name).filter(Boolean)])
  return (
    <>
      <Select label="Time" value={from === undefined ? String(days) : 'own'} onChange={chooseTime}>
        {DAYS.map((each) => (
          <option key={each} value={each}>
            {RANGES[each]}
          </option>
        ))}
        <option value="own">From … to …</option>
      </Select>
      {from !== undefined && to !== undefined && (
        <>
          <DayField label="First day" value={from} most={to} onChange={(day) => show({ from: day })} />
          <DayField label="Last day" value={to} least={from} most={today(new Date(now))} onChange={(day) => show({ to: day })} />
        </>
      )}
      <Select label="Repository" value={repository ?? ''} onChange={(name) => show({ repository: name || undefined })}>
        <option value="">All repositories</option>
        {[...names].map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
      <Button
        label="Save the numbers as CSV"
        hotkey="e"
        icon={<Download size={14} aria-hidden />}
        refusal={insights === undefined ? 'The numbers are not there yet.' : undefined}
        onClick={() => insights && saveFile(`fixpoint-insights-${insights.since.slice(0, 10)}-${insights.until.slice(0, 10)}.csv`, 'text/csv', csvOf(insights))}
      >
        CSV
      </Button>
    </>
  )
}
