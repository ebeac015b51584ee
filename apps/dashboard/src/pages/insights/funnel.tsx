import { count, percent } from '../../ui/amounts.ts'
import { Bar } from '../../ui/bar.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { Insights } from './insights.ts'

type Funnel = Insights['funnel']
interface Stage {
  readonly name: string
  readonly means: string
  readonly runs: number
  /** Of the stage before; undefined where there is none to compare with. */
  readonly share: number | undefined
}

const STAGES = [
  ['reports', 'Reports', 'First seen in this time'],
  ['runs', 'Runs', 'Opened in this time; all that follows counts these runs'],
  ['reproduced', 'Reproduced', 'The failure was made to happen here'],
  ['patched', 'Patched', 'A patch was judged'],
  ['verified', 'Verified', 'A patch passed every gate'],
  ['proposed', 'Proposed', 'It was offered to people'],
  ['merged', 'Merged', 'People took it'],
  ['surviving', 'Surviving', 'At least half of it stood when it was last measured'],
] as const satisfies readonly (readonly [keyof Funnel, string, string])[]

export function FunnelPanel({ funnel }: { readonly funnel: Funnel }) {
  const longest = Math.max(funnel.reports, funnel.runs, 1)
  const columns: readonly Column<Stage>[] = [
    { name: 'Stage', cell: ({ name, means }) => <span title={means}>{name}</span> },
    { name: 'Count', end: true, cell: ({ runs }) => count(runs) },
    { name: 'How many', wide: true, untitled: true, cell: ({ runs }) => <Bar share={runs / longest} /> },
    { name: 'Of those before', end: true, cell: ({ share }) => <span className="text-muted">{share === undefined ? '–' : percent(share)}</span> },
  ]
  return (
    <Panel title="How far runs came" about="From what was reported to what still stands.">
      <DataTable label="How far runs came" columns={columns} rows={stagesOf(funnel)} idOf={({ name }) => name} empty="" />
    </Panel>
  )
}

function stagesOf(funnel: Funnel): readonly Stage[] {
  return STAGES.map(([stage, name, means], index) => {
    const before = STAGES[index - 1]?.[0]
    // A report has many runs or none: neither is a part of the other.
    const whole = before === undefined || before === 'reports' ? 0 : funnel[before]
    return { name, means, runs: funnel[stage], share: whole === 0 ? undefined : funnel[stage] / whole }
  })
}
