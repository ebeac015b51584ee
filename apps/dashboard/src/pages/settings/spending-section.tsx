import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import { dollars, tokens } from '../../ui/amounts.ts'
import { Bar } from '../../ui/bar.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Answer } from '../../ui/states.tsx'
import { groupIn, settingsQuery } from './settings.ts'

interface Ceiling {
  readonly money?: number | undefined
  readonly tokens?: number | undefined
}

/** What may be spent at most, and what of it today has taken. */
export function SpendingSection() {
  const spend = useQuery({ queryKey: ['spend', 1], queryFn: ({ signal }) => answerOf(api.GET('/api/spend', { params: { query: { days: 1 } }, signal })) })
  const settings = useQuery(settingsQuery)
  const budget = groupIn(settings.data?.settings ?? {}, 'budget') ?? {}
  const limits = Object.entries(budget).map(([name, value]) => `${String(value)} ${name}`)
  return (
    <Answer query={spend} what="the ceilings">
      {({ ceilings, today, items }) => {
        const used = (of: 'spent' | 'reserved') => `${dollars(today[of].money)}, ${tokens(today[of].tokens)} tokens`
        return (
          <>
            <Panel title="Spending ceilings" about="The most that models may take; a day is one of UTC. Set under “spending” in fixpoint.config.yml.">
              <DataTable
                label="Spending ceilings"
                columns={[
                  { name: 'For', wide: true, cell: ([name]) => name },
                  { name: 'Money', end: true, cell: ([, ceiling]) => (ceiling.money === undefined ? <NoLimit /> : dollars(ceiling.money)) },
                  { name: 'Tokens', end: true, cell: ([, ceiling]) => (ceiling.tokens === undefined ? <NoLimit /> : tokens(ceiling.tokens)) },
                ]}
                rows={
                  [
                    ['One run', ceilings.perRun],
                    ['One repository in a day', ceilings.perRepositoryPerDay],
                    ['Everything in a day', ceilings.perDay],
                  ] as readonly (readonly [string, Ceiling])[]
                }
                idOf={([name]) => name}
                empty=""
              />
              {limits.length > 0 && (
                <p className="border-t border-line px-4 py-2.5 text-sm text-muted">
                  One run has at most {limits.join(', ')}, whatever its repository asks for.
                </p>
              )}
            </Panel>
            <Panel title="Today" about={`Spent: ${used('spent')}. Reserved for calls under way: ${used('reserved')}.`}>
              {ceilings.perDay.money !== undefined && ceilings.perDay.money > 0 && (
                <div className="px-4 py-3">
                  <Bar
                    share={(today.spent.money + today.reserved.money) / ceilings.perDay.money}
                    fill={reached(today, ceilings.perDay.money) ? 'warn' : 'accent'}
                  />
                  {reached(today, ceilings.perDay.money) && (
                    <p className="mt-1 text-sm text-warn">The ceiling of today is reached: no run is begun until the next day.</p>
                  )}
                </div>
              )}
              <DataTable
                label="Spent today"
                columns={[
                  { name: 'Repository', wide: true, cell: ({ repository }) => repository },
                  { name: 'Cost', end: true, cell: ({ spent }) => dollars(spent.money) },
                  { name: 'Tokens', end: true, cell: ({ spent }) => tokens(spent.tokens) },
                ]}
                rows={items}
                idOf={({ day, repository }) => `${day} ${repository}`}
                empty="No model was asked today."
              />
            </Panel>
          </>
        )
      }}
    </Answer>
  )
}

function reached({ spent, reserved }: { readonly spent: { readonly money: number }; readonly reserved: { readonly money: number } }, ceiling: number): boolean {
  return spent.money + reserved.money >= ceiling
}

function NoLimit() {
  return <span className="text-quiet">no limit</span>
}
