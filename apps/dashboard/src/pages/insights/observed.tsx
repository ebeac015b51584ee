import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { several } from '../../ui/amounts.ts'
import { Chip, type Tone } from '../../ui/chip.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Time } from '../../ui/time.tsx'
import { type Observed, observedQuery } from './insights.ts'
import type { InsightsSearch } from './search.ts'

type Withheld = Observed['proposals'][number]

const PEOPLE = {
  identical: { words: 'did the same', tone: 'good' },
  'same-lines': { words: 'changed the same lines', tone: 'good' },
  'same-files': { words: 'changed the same files', tone: 'plain' },
  untouched: { words: 'did nothing yet', tone: 'plain' },
  unknown: { words: 'cannot be told', tone: 'plain' },
} as const satisfies Record<Withheld['people'], { words: string; tone: Tone }>

/** Under `observe` nothing is published: what would have been, and what people did. Absent where nothing was withheld. */
export function ObservedPanel({ search }: { readonly search: InsightsSearch }) {
  const { data } = useQuery(observedQuery(search))
  const { repository } = search
  const proposals = data?.proposals.filter((each) => repository === undefined || each.repository === repository) ?? []
  if (proposals.length === 0) return null
  const columns: readonly Column<Withheld>[] = [
    { name: 'Proposal', wide: true, cell: (each) => <Named proposal={each} /> },
    { name: 'Evidence', cell: ({ strength }) => strength ?? '–' },
    { name: 'What people did', cell: ({ people }) => <Chip tone={PEOPLE[people].tone}>{PEOPLE[people].words}</Chip> },
    { name: 'Seen again', end: true, cell: ({ seenAgain }) => (seenAgain === 0 ? 'no' : several(seenAgain, 'time')) },
    { name: 'When', end: true, cell: ({ at }) => <Time at={at} /> },
  ]
  return (
    <Panel title="What would have been proposed" about="These repositories are only observed: nothing was published, and people did what they would have done.">
      <DataTable label="What would have been proposed" columns={columns} rows={proposals} idOf={({ run }) => run} empty="" />
    </Panel>
  )
}

function Named({ proposal: { run, title, repository, files } }: { readonly proposal: Withheld }) {
  return (
    <>
      <Link to="/runs/$run" params={{ run }} className="text-link underline">
        {title ?? run}
      </Link>
      <span className="block text-xs text-quiet">
        {repository} {files.join(', ')}
      </span>
    </>
  )
}
