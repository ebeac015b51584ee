import { count } from '../../ui/amounts.ts'
import { Bar } from '../../ui/bar.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { Insights } from './insights.ts'
import { reasonWords } from './words.ts'

export function Failures({ failures }: Pick<Insights, 'failures'>) {
  const most = Math.max(...failures.map(({ runs }) => runs), 1)
  return (
    <Panel title="Why runs ended without a proposal">
      <DataTable
        label="Why runs ended without a proposal"
        columns={[
          { name: 'Reason', wide: true, cell: ({ reason }) => <Reason reason={reason} /> },
          { name: 'Runs', end: true, cell: ({ runs }) => count(runs) },
          { name: 'How many', untitled: true, cell: ({ runs }) => <Bar share={runs / most} fill="quiet" /> },
        ]}
        rows={failures}
        idOf={({ reason }) => reason}
        empty="No run ended without a proposal."
      />
    </Panel>
  )
}

function Reason({ reason }: { readonly reason: string }) {
  const { means, help } = reasonWords(reason)
  return (
    <>
      <span title={reason}>{means}</span>
      {help && <span className="block text-xs text-quiet">{help}</span>}
    </>
  )
}
