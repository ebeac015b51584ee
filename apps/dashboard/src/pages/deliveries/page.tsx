import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { createLazyRoute, Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { Beside } from '../../ui/beside.tsx'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { TermChip, TermOptions } from '../../ui/terms.tsx'
import { Time } from '../../ui/time.tsx'
import { type Delivery, deliveriesQuery, deliveryQuery } from './deliveries.ts'
import { DeliveryPane } from './delivery-pane.tsx'
import { DELIVERY_STATES } from './delivery-states.ts'
import type { DeliveriesSearch } from './search.ts'

export const Page = createLazyRoute('/deliveries')({ component: Deliveries })

const COLUMNS = [
  { name: 'Delivery' },
  { name: 'State' },
  { name: 'Sender' },
  { name: 'Reports', end: true },
  { name: 'Again', end: true },
  { name: 'Received', end: true },
]

function Deliveries() {
  const search = Page.useSearch()
  const navigate = useNavigate({ from: '/deliveries' })
  const query = useInfiniteQuery(deliveriesQuery(search))
  const deliveries = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data])
  const sources = [...new Set([search.source, ...deliveries.map(({ source }) => source)])].filter((each) => each !== undefined).sort()
  const one = useQuery({ ...deliveryQuery(search.delivery ?? ''), enabled: search.delivery !== undefined })
  const listed = deliveries.find(({ id }) => id === search.delivery)
  const change = (changed: object) =>
    void navigate({ search: (before: DeliveriesSearch) => ({ ...before, ...changed }) as DeliveriesSearch, replace: true, resetScroll: false })
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])

  return (
    <>
      <PageHeader title="Deliveries" tab="Deliveries">
        <search className="flex flex-wrap items-center gap-2 [&_select]:max-w-44">
          <Select label="State" value={search.state ?? ''} onChange={(state) => change({ state: state || undefined })}>
            <option value="">Any state</option>
            <TermOptions terms={DELIVERY_STATES} />
          </Select>
          <Select label="Source" value={search.source ?? ''} onChange={(source) => change({ source: source || undefined })}>
            <option value="">All sources</option>
            {sources.map((source) => (
              <option key={source}>{source}</option>
            ))}
          </Select>
        </search>
      </PageHeader>
      <Beside
        label="Delivery"
        onClose={() => change({ delivery: undefined })}
        pane={
          search.delivery &&
          (listed ? (
            <DeliveryPane key={listed.id} delivery={one.data ?? listed} />
          ) : (
            <Answer query={one} what="the delivery">
              {(delivery) => <DeliveryPane key={delivery.id} delivery={delivery} />}
            </Answer>
          ))
        }
        list={
          <Answer query={query} what="the deliveries">
            {() =>
              deliveries.length === 0 ? (
                <Nothing filtered={search.state !== undefined || search.source !== undefined} onClear={() => void navigate({ search: {} })} />
              ) : (
                <Rows
                  label="Deliveries"
                  what="delivery"
                  items={deliveries}
                  idOf={({ id }) => id}
                  columns={COLUMNS}
                  grid="@3xl:grid-cols-[minmax(0,1fr)_6rem_6rem_4.5rem_4rem_5rem]"
                  current={search.delivery}
                  onEnd={more}
                >
                  {(delivery) => cells(delivery, search)}
                </Rows>
              )
            }
          </Answer>
        }
      />
    </>
  )
}

function cells({ id, source, deliveryId, state, reason, reports, duplicates, receivedAt }: Delivery, search: DeliveriesSearch) {
  return (
    <>
      <td className="min-w-0 @max-3xl:w-full">
        <Link
          to="/deliveries"
          search={{ ...search, delivery: id }}
          replace
          resetScroll={false}
          data-row
          title="Open (Enter)"
          className="block truncate font-medium hover:underline"
        >
          {source} <code className="font-normal text-quiet">{deliveryId}</code>
        </Link>
        <div className="truncate text-xs text-quiet @max-3xl:whitespace-normal @max-3xl:break-words">{reason ?? DELIVERY_STATES[state].means}</div>
      </td>
      <td>
        <TermChip term={DELIVERY_STATES[state]} />
      </td>
      <td className={state === 'refused' ? 'text-bad' : 'text-muted'}>{state === 'refused' ? 'not verified' : 'verified'}</td>
      <td className="text-right text-muted">
        {reports.length}
        <span className="@3xl:sr-only"> {reports.length === 1 ? 'report' : 'reports'}</span>
      </td>
      <td className="text-right text-muted" title={`Sent again ${duplicates} times`}>
        {duplicates > 0 ? `${duplicates}×` : ''}
      </td>
      <td className="text-right text-muted @max-3xl:ml-auto">
        <Time at={receivedAt} short />
      </td>
    </>
  )
}

function Nothing({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  return filtered ? (
    <Empty title="No delivery is like that">
      <Button onClick={onClear}>Show all</Button>
    </Empty>
  ) : (
    <Empty title="Nothing was delivered yet">
      Make an ingest key with <code>fixpoint keys create sentry</code>, and give its address to a source of alerts.
    </Empty>
  )
}
