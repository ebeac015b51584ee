import { createLazyRoute, Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { Button } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Cost } from '../../ui/proposal-words.tsx'
import { Rows } from '../../ui/rows.tsx'
import { RunChip } from '../../ui/run-words.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { Filters } from './filters.tsx'
import type { ListedRun } from './run-pages.ts'
import { useRuns } from './runs.ts'
import type { RunsSearch } from './search.ts'

export const Page = createLazyRoute('/runs')({ component: Runs })

const COLUMNS = [
  { name: 'Run' },
  { name: 'State' },
  { name: 'Source' },
  { name: 'Cost', end: true },
  { name: 'Changed', end: true },
  { name: 'Age', end: true },
]

function Runs() {
  const search = Page.useSearch()
  const navigate = useNavigate({ from: '/runs' })
  const query = useRuns(search)
  const runs = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data])
  const change = useCallback(
    (changed: object) => void navigate({ search: (before: RunsSearch) => ({ ...before, ...changed }) as RunsSearch, replace: true }),
    [navigate],
  )
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])

  return (
    <>
      <PageHeader title="Runs" tab="Runs">
        <Filters search={search} runs={runs} onChange={change} />
      </PageHeader>
      <Answer query={query} what="the runs">
        {() =>
          runs.length === 0 ? (
            <Nothing filtered={Object.keys(search).length > 0} onClear={() => void navigate({ search: {} })} />
          ) : (
            <div className={query.isPlaceholderData ? 'opacity-60' : ''}>
              <Rows
                label="Runs"
                what="run"
                items={runs}
                idOf={({ id }) => id}
                columns={COLUMNS}
                grid="@3xl:grid-cols-[minmax(0,1fr)_10rem_6.5rem_5rem_5rem_5rem]"
                onEnd={more}
              >
                {cells}
              </Rows>
              <p role="status" className="px-4 py-3 text-sm text-quiet md:px-6">
                {isFetchingNextPage
                  ? 'Asking for more…'
                  : hasNextPage
                    ? ''
                    : `${runs.length.toLocaleString('en')} ${runs.length === 1 ? 'run' : 'runs'}, and that is all`}
              </p>
            </div>
          )
        }
      </Answer>
    </>
  )
}

function cells(run: ListedRun) {
  const { id, owner, spent, parked } = run
  return (
    <>
      <td className="min-w-0 @max-3xl:w-full">
        <Link
          to="/runs/$run"
          params={{ run: id }}
          data-row
          title="Open (Enter)"
          className="block truncate font-medium hover:underline @max-3xl:whitespace-normal"
        >
          {owner?.title ?? 'A run without a report'}
        </Link>
        <div className="truncate text-xs text-quiet">
          {parked && <span className="text-bad">Parked: {parked.reason} · </span>}
          {owner?.repository && <>{owner.repository} · </>}
          <code title={id}>…{id.slice(-6)}</code>
        </div>
      </td>
      <td>
        <RunChip run={run} />
      </td>
      <td className="truncate text-muted @max-3xl:max-w-32">{owner?.source ?? '–'}</td>
      <td className="text-right text-muted">
        <Cost spent={spent} />
      </td>
      <td className="text-right text-muted @max-3xl:hidden">
        <Time at={run.updatedAt} short />
      </td>
      <td className="text-right text-muted @max-3xl:ml-auto">
        <Time at={run.openedAt} short />
      </td>
    </>
  )
}

function Nothing({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  return filtered ? (
    <Empty title="No run is like that">
      <Button onClick={onClear}>Show all</Button>
    </Empty>
  ) : (
    <Empty title="Nothing ran yet">
      A run begins when an alert, a label on an issue, or <code>fixpoint fix</code> asks for one.
    </Empty>
  )
}
