import { Link } from '@tanstack/react-router'
import { count, dollars, percent, tokens } from '../../ui/amounts.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { RunGroup } from './insights.ts'

interface GroupsProps {
  readonly title: string
  readonly groups: readonly RunGroup[]
  /** What the runs have in common whose group has no name. */
  readonly unnamed: string
  /** Whether a name leads to the numbers of it alone. */
  readonly search?: boolean
}

/** The same numbers for runs that have one thing in common. */
export function Groups({ title, groups, unnamed, search = false }: GroupsProps) {
  const named = ({ name }: RunGroup) => {
    if (name === '') return <span className="text-quiet">{unnamed}</span>
    if (!search) return name
    return (
      <Link to="/insights" search={(before) => ({ ...before, repository: name })} className="text-link underline">
        {name}
      </Link>
    )
  }
  const columns: readonly Column<RunGroup>[] = [
    { name: title.replace('By ', '').replace(/^./, (letter) => letter.toUpperCase()), wide: true, cell: named },
    { name: 'Runs', end: true, cell: ({ runs }) => count(runs) },
    { name: 'Proposed', end: true, cell: ({ proposed }) => count(proposed) },
    { name: 'Merged', end: true, cell: ({ merged }) => count(merged) },
    { name: 'Declined', end: true, cell: ({ declined }) => count(declined) },
    { name: 'Proposed of runs', end: true, cell: ({ runs, proposed }) => (runs === 0 ? '–' : percent(proposed / runs)) },
    { name: 'Cost', end: true, cell: ({ money }) => dollars(money) },
    { name: 'Tokens', end: true, cell: (group) => <span title={count(group.tokens)}>{tokens(group.tokens)}</span> },
  ]
  return (
    <Panel title={title}>
      <DataTable label={title} columns={columns} rows={groups} idOf={({ name }) => name} empty="No run in this time." />
    </Panel>
  )
}
