import { useQuery } from '@tanstack/react-query'
import { createLazyRoute, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Dismissal } from './dismissal.tsx'
import { Filters } from './filters.tsx'
import type { ListedProposal } from './kept-rows.ts'
import { ProposalRows } from './proposal-rows.tsx'
import { moreThan, PAGE, proposalsQuery, says } from './proposals.ts'
import type { InboxSearch } from './search.ts'

export const Page = createLazyRoute('/')({ component: Inbox })

const NONE: readonly ListedProposal[] = []

function Inbox() {
  const search = Page.useSearch()
  const navigate = useNavigate({ from: '/' })
  const [limit, setLimit] = useState(PAGE)
  const query = useQuery(proposalsQuery(search, limit))
  const proposals = query.data?.items ?? NONE
  const shown = useMemo(() => proposals.filter((each) => search.text === undefined || says(each, search.text)), [proposals, search.text])
  const more = query.data && moreThan(limit, query.data)
  const [selected, setSelected] = useState<readonly string[]>([])
  const [dismissing, setDismissing] = useState<readonly ListedProposal[]>([])
  const chosen = shown.filter(({ run }) => selected.includes(run))
  const change = (changed: Partial<Record<keyof InboxSearch, string | undefined>>) =>
    void navigate({ search: (before) => ({ ...before, ...changed }) as InboxSearch, replace: true })

  return (
    <>
      <PageHeader title="Inbox" tab="Inbox">
        <Filters search={search} proposals={proposals} onChange={change} />
      </PageHeader>
      <Answer query={query} what="the proposals">
        {() => (
          <>
            <p role="status" className="flex min-h-9 flex-wrap items-center gap-2 border-b border-line px-4 text-sm text-quiet md:px-6">
              {chosen.length === 0 ? countOf(shown.length, more !== undefined) : `${chosen.length} selected`}
              {chosen.length > 0 && (
                <>
                  <Button look="danger" onClick={() => setDismissing(chosen)}>
                    Dismiss…
                  </Button>
                  <Button look="ghost" onClick={() => setSelected([])}>
                    Select none
                  </Button>
                </>
              )}
            </p>
            {shown.length === 0 ? (
              <Nothing filtered={Object.keys(search).some((name) => name !== 'sort')} onClear={() => void navigate({ search: {} })} />
            ) : (
              <ProposalRows proposals={shown} selected={selected} onSelect={setSelected} />
            )}
            {more !== undefined && (
              <div className="flex justify-center p-4">
                <Button onClick={() => setLimit(more)}>{query.isPlaceholderData ? 'Asking for more…' : 'Show more'}</Button>
              </div>
            )}
          </>
        )}
      </Answer>
      <Dismissal
        proposals={dismissing}
        onClose={() => {
          setDismissing([])
          setSelected([])
        }}
      />
    </>
  )
}

function countOf(shown: number, more: boolean): string {
  return `${shown}${more ? ' or more' : ''} ${shown === 1 && !more ? 'proposal waits' : 'proposals wait'} for a decision`
}

function Nothing({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  return filtered ? (
    <Empty title="No proposal is like that">
      <Button onClick={onClear}>Show all</Button>
    </Empty>
  ) : (
    <Empty title="Nothing waits for you">
      A proposal comes here when a patch has passed the gates and a person has to decide. Runs show what is under way.
    </Empty>
  )
}
