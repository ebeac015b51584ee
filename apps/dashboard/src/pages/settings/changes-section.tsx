import { useInfiniteQuery } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Panel, PanelText } from '../../ui/panel.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import type { Change } from './settings.ts'

const COLUMNS: readonly Column<Change>[] = [
  { name: 'When', cell: ({ at }) => <Time at={at} /> },
  { name: 'Who', cell: ({ by }) => <span className="whitespace-nowrap">{by}</span> },
  { name: 'What', wide: true, cell: ({ what }) => what },
  { name: 'Of what', cell: ({ subject }) => <code className="break-all text-muted">{subject}</code> },
]

/** Who changed what. */
export function ChangesSection() {
  const changes = useInfiniteQuery({
    queryKey: ['changes'],
    queryFn: ({ signal, pageParam }) =>
      answerOf(api.GET('/api/changes', { params: { query: { limit: 50, ...(pageParam && { before: pageParam }) } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  return (
    <Panel title="Changes" about="Whatever somebody changed through the API or on these pages, the newest first.">
      <Answer query={changes} what="the changes">
        {({ pages }) => (
          <>
            <DataTable
              label="Changes"
              columns={COLUMNS}
              rows={pages.flatMap(({ items }) => items)}
              idOf={({ id }) => id}
              empty="Nobody has changed anything yet."
            />
            {changes.hasNextPage && (
              <PanelText>
                <Button onClick={() => void changes.fetchNextPage()}>{changes.isFetchingNextPage ? 'Asking…' : 'Older ones'}</Button>
              </PanelText>
            )}
          </>
        )}
      </Answer>
    </Panel>
  )
}
