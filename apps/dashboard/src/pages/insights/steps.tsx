import { TriangleAlert } from 'lucide-react'
import { count, took } from '../../ui/amounts.ts'
import { Bar } from '../../ui/bar.tsx'
import { Chip } from '../../ui/chip.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { Step } from './insights.ts'
import { lengthOf } from './search.ts'
import { stepWords } from './words.ts'

/** How long each step takes; one that became slower says so in words. */
export function Steps({ steps, time }: { readonly steps: readonly Step[]; readonly time: { readonly since: string; readonly until: string } }) {
  const length = lengthOf(time)
  const slower = steps.filter((step) => step.slower)
  const longest = Math.max(...steps.map(({ slowestTenthMs }) => slowestTenthMs), 1)
  const columns: readonly Column<Step>[] = [
    { name: 'Step', cell: ({ step }) => <span className="whitespace-nowrap">{stepWords(step)}</span> },
    { name: 'Times', end: true, cell: ({ times }) => count(times) },
    { name: 'Median', end: true, cell: ({ medianMs }) => took(medianMs) },
    {
      name: 'How long',
      wide: true,
      untitled: true,
      cell: ({ medianMs, slower: isSlower }) => <Bar share={medianMs / longest} fill={isSlower ? 'warn' : 'accent'} />,
    },
    { name: 'Slowest tenth', end: true, cell: ({ slowestTenthMs }) => took(slowestTenthMs) },
    { name: `The ${length} before`, end: true, cell: ({ beforeMs }) => <span className="text-muted">{beforeMs === undefined ? '–' : took(beforeMs)}</span> },
    { name: 'Change', end: true, cell: (step) => <Change step={step} length={length} /> },
  ]
  return (
    <Panel title="How long steps take" about="The median of each step, and of its slowest tenth.">
      {slower.length > 0 && (
        <ul className="border-b border-line bg-warn-soft px-4 py-2 text-sm text-warn">
          {slower.map(({ step, medianMs, beforeMs = 0 }) => (
            <li key={step} className="flex items-center gap-2">
              <TriangleAlert size={14} aria-hidden className="shrink-0" />
              <span>
                <b className="font-semibold">{stepWords(step)}</b> is slower than in the {length} before: {took(medianMs)}, it was {took(beforeMs)}.
              </span>
            </li>
          ))}
        </ul>
      )}
      <DataTable label="How long steps take" columns={columns} rows={steps} idOf={({ step }) => step} empty="No step was performed in this time." />
    </Panel>
  )
}

function Change({ step: { medianMs, beforeMs, slower }, length }: { readonly step: Step; readonly length: string }) {
  if (beforeMs === undefined || beforeMs === 0) return <span className="text-muted">–</span>
  const change = Math.round((medianMs / beforeMs - 1) * 100)
  if (slower)
    return (
      <Chip tone="warn" title={`So much slower than in the ${length} before that it is no chance`}>
        slower, +{change} %
      </Chip>
    )
  return <span className="text-muted">{change === 0 ? 'the same' : `${change > 0 ? '+' : '−'}${Math.abs(change)} %`}</span>
}
