import { useQuery } from '@tanstack/react-query'
import { dollars, several, tokens } from '../../ui/amounts.ts'
import { Panel, PanelText } from '../../ui/panel.tsx'
import { Answer } from '../../ui/states.tsx'
import { type Spend, spendQuery } from './insights.ts'

const DAY_MS = 86_400_000
const MOST_DAYS = 366
const HEIGHT = 96

interface Day {
  readonly day: string
  readonly money: number
  readonly tokens: number
}

interface SpendPanelProps {
  readonly time: { readonly since: string; readonly until: string }
  readonly repository: string | undefined
}

/** What models took, day by day. */
export function SpendPanel({ time, repository }: SpendPanelProps) {
  const back = Math.ceil((Date.now() - Date.parse(time.since)) / DAY_MS) + 1
  const spend = useQuery(spendQuery(Math.min(MOST_DAYS, Math.max(1, back))))
  return (
    <Panel title="What models took" about="Day by day, in UTC.">
      <Answer query={spend} what="what was spent">
        {(told) => (
          <Days
            days={daysOf(told, time, repository)}
            ceiling={repository === undefined ? told.ceilings.perDay.money : told.ceilings.perRepositoryPerDay.money}
          />
        )}
      </Answer>
    </Panel>
  )
}

function Days({ days, ceiling }: { readonly days: readonly Day[]; readonly ceiling: number | undefined }) {
  const whole = days.reduce((sum, day) => ({ money: sum.money + day.money, tokens: sum.tokens + day.tokens }), { money: 0, tokens: 0 })
  if (whole.tokens === 0) return <PanelText>No model was asked: nothing was spent.</PanelText>
  // Without prices, tokens are all that is known.
  const by = whole.money > 0 ? 'money' : 'tokens'
  const most = Math.max(...days.map((day) => day[by]), 0)
  return (
    <div className="flex flex-col gap-2 px-4 py-3">
      <p className="text-sm text-muted">
        {whole.money > 0 && <b className="font-semibold text-text">{dollars(whole.money)}</b>} {tokens(whole.tokens)} tokens in {several(days.length, 'day')}.
        {ceiling !== undefined && ` At most ${dollars(ceiling)} a day.`}
      </p>
      <svg role="img" aria-label={`Most on one day: ${amount(by, most)}. The days are in the table below.`} width="100%" height={HEIGHT}>
        {days.map((day, index) => {
          const height = day[by] === 0 ? 1 : Math.max(2, (day[by] / most) * HEIGHT)
          return (
            <rect
              key={day.day}
              x={`${(index / days.length) * 100}%`}
              width={`${(0.8 / days.length) * 100}%`}
              y={HEIGHT - height}
              height={height}
              className={day[by] === 0 ? 'fill-line' : 'fill-accent'}
            >
              <title>{`${day.day}: ${amount(by, day[by])}`}</title>
            </rect>
          )
        })}
      </svg>
      <div aria-hidden className="flex justify-between text-xs text-quiet">
        <span>{days[0]?.day}</span>
        <span>{days.at(-1)?.day}</span>
      </div>
      <details className="text-sm">
        <summary className="min-h-6 text-muted">As a table</summary>
        <table className="mt-1 w-full">
          <thead className="text-xs text-quiet">
            <tr className="text-right">
              <th scope="col" className="text-left font-medium">
                Day
              </th>
              <th scope="col" className="font-medium">
                Cost
              </th>
              <th scope="col" className="font-medium">
                Tokens
              </th>
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day.day} className="border-t border-line text-right">
                <td className="py-0.5 text-left">{day.day}</td>
                <td>{dollars(day.money)}</td>
                <td>{tokens(day.tokens)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  )
}

function amount(by: 'money' | 'tokens', value: number): string {
  return by === 'money' ? dollars(value) : `${tokens(value)} tokens`
}

/** Every day of the time, also those on which nothing was spent. */
function daysOf({ items }: Spend, { since, until }: SpendPanelProps['time'], repository: string | undefined): readonly Day[] {
  const days = new Map<string, Day>()
  for (let at = Date.parse(since.slice(0, 10)); at < Date.parse(until); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10)
    days.set(day, { day, money: 0, tokens: 0 })
  }
  for (const { day, spent, repository: of } of items) {
    const known = days.get(day)
    if (known !== undefined && (repository === undefined || of === repository))
      days.set(day, { day, money: known.money + spent.money, tokens: known.tokens + spent.tokens })
  }
  return [...days.values()]
}
