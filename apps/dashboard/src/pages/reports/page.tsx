import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { createLazyRoute, Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { Beside } from '../../ui/beside.tsx'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { TermChip, TermOptions } from '../../ui/terms.tsx'
import { Time } from '../../ui/time.tsx'
import { ReportPane } from './report-pane.tsx'
import { REPORT_STATES } from './report-states.ts'
import { type ListedReport, reportsQuery, sightingsQuery } from './reports.ts'
import type { ReportsSearch } from './search.ts'
import { Severity } from './severity.tsx'

export const Page = createLazyRoute('/reports')({ component: Reports })

const COLUMNS = [{ name: 'Report' }, { name: 'State' }, { name: 'Severity' }, { name: '30 days' }, { name: 'Seen', end: true }, { name: 'Last', end: true }]

function Reports() {
  const search = Page.useSearch()
  const navigate = useNavigate({ from: '/reports' })
  const query = useInfiniteQuery(reportsQuery(search))
  const reports = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data])
  const repositories = [...new Set([search.repository, ...reports.map(({ repository }) => repository)])].filter((each) => each !== undefined).sort()
  const change = (changed: object) =>
    void navigate({ search: (before: ReportsSearch) => ({ ...before, ...changed }) as ReportsSearch, replace: true, resetScroll: false })
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])

  return (
    <>
      <PageHeader title="Reports" tab="Reports">
        <search className="flex flex-wrap items-center gap-2 [&_select]:max-w-44">
          <Select label="State" value={search.state ?? ''} onChange={(state) => change({ state: state || undefined })}>
            <option value="">Any state</option>
            <TermOptions terms={REPORT_STATES} />
          </Select>
          <Select label="Repository" value={search.repository ?? ''} onChange={(repository) => change({ repository: repository || undefined })}>
            <option value="">All repositories</option>
            {repositories.map((repository) => (
              <option key={repository}>{repository}</option>
            ))}
          </Select>
        </search>
      </PageHeader>
      <Beside
        label="Report"
        onClose={() => change({ report: undefined })}
        pane={search.report === undefined ? undefined : <ReportPane key={search.report} id={search.report} />}
        list={
          <Answer query={query} what="the reports">
            {() =>
              reports.length === 0 ? (
                <Nothing filtered={search.state !== undefined || search.repository !== undefined} onClear={() => void navigate({ search: {} })} />
              ) : (
                <Rows
                  label="Reports"
                  what="report"
                  items={reports}
                  idOf={({ id }) => id}
                  columns={COLUMNS}
                  grid="@3xl:grid-cols-[minmax(0,1fr)_8rem_5rem_6rem_4rem_4rem]"
                  current={search.report}
                  onEnd={more}
                >
                  {(report) => <Cells report={report} search={search} />}
                </Rows>
              )
            }
          </Answer>
        }
      />
    </>
  )
}

function Cells({ report, search }: { readonly report: ListedReport; readonly search: ReportsSearch }) {
  const { id, title, state, reason, severity, source, repository, service, sightings, lastSeen, missing } = report
  const { data } = useQuery(sightingsQuery(id))
  const about = [repository ?? 'no repository', service, source].filter((each) => each !== undefined)
  return (
    <>
      <td className="min-w-0 @max-3xl:w-full">
        <Link
          to="/reports"
          search={{ ...search, report: id }}
          replace
          resetScroll={false}
          data-row
          title="Open (Enter)"
          className="block truncate font-medium hover:underline @max-3xl:whitespace-normal @max-3xl:break-words"
        >
          {title}
        </Link>
        <div className="truncate text-xs text-quiet">
          {about.join(' · ')}
          {state === 'needs-trace' && missing.length > 0 && <span className="text-warn"> · missing: {missing.join(', ')}</span>}
        </div>
      </td>
      <td>
        <TermChip term={REPORT_STATES[state]} also={reason} moving={state === 'running'} />
      </td>
      <td>
        <Severity severity={severity} />
      </td>
      <td>{data && <Sparkline days={data.items} />}</td>
      <td className="text-right text-muted" title={`Seen ${sightings} times`}>
        {sightings.toLocaleString('en')}×
      </td>
      <td className="text-right text-muted @max-3xl:ml-auto">
        <Time at={lastSeen} short />
      </td>
    </>
  )
}

function Nothing({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  return filtered ? (
    <Empty title="No report is like that">
      <Button onClick={onClear}>Show all</Button>
    </Empty>
  ) : (
    <Empty title="Nothing was reported yet">
      Reports come from alerts (see Deliveries), from labels on issues, and from <code>fixpoint fix</code>.
    </Empty>
  )
}
