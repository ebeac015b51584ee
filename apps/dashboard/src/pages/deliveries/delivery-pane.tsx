import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { ApiProblem, answerOf } from '../../api/problem.ts'
import { sessionQuery, useDecidingRefusal } from '../../api/session.ts'
import { Button } from '../../ui/button.tsx'
import { Id } from '../../ui/copy.tsx'
import { Facts, Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { TermChip } from '../../ui/terms.tsx'
import { Time } from '../../ui/time.tsx'
import type { Delivery } from './deliveries.ts'
import { DELIVERY_STATES } from './delivery-states.ts'

/** One delivery: what became of it and why. */
export function DeliveryPane({ delivery }: { readonly delivery: Delivery }) {
  const { id, source, key, deliveryId, receivedAt, bytes, state, reason, reports, duplicates } = delivery
  return (
    <>
      <div className="flex flex-col gap-2">
        <h2 className="pr-10 text-base font-semibold break-words">From {source}</h2>
        <p aria-live="polite" className="flex flex-wrap items-center gap-2 text-sm text-muted">
          <TermChip term={DELIVERY_STATES[state]} />
          <span className="min-w-0 break-words">{reason ?? DELIVERY_STATES[state].means}</span>
        </p>
        <Replay delivery={delivery} />
      </div>
      <Facts
        items={[
          ['Received', <Time key="at" at={receivedAt} />],
          ['Sender', state === 'refused' ? 'not verified' : 'verified'],
          ['Sent again', duplicates === 0 ? 'never' : `${duplicates} ${duplicates === 1 ? 'time' : 'times'}`],
          ['Size', `${bytes.toLocaleString('en')} bytes`],
          ['Its own id', <Id key="delivery" value={deliveryId} what="the id that its source gave it" />],
          ['Ingest key', <Id key="key" value={key} what="the id of the key" />],
          ['Id', <Id key="id" value={id} what="the id of the delivery" />],
        ]}
      />
      <Section title="Reports">
        {reports.length === 0 ? (
          <p className="text-sm text-quiet">It became a sighting of none.</p>
        ) : (
          <ul className="flex flex-col text-sm">
            {reports.map((report) => (
              <li key={report}>
                <Link to="/reports" search={{ report }} className="inline-flex min-h-6 items-center break-all text-link underline">
                  <code>{report}</code>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Headers delivery={delivery} />
    </>
  )
}

function Replay({ delivery: { id, state } }: { readonly delivery: Delivery }) {
  const refusal = useDecidingRefusal()
  const client = useQueryClient()
  const told = useMutation({
    mutationFn: async () => {
      await answerOf(api.POST('/api/deliveries/{delivery}/replay', { params: { path: { delivery: id } } }))
      return 'It is looked at once more.'
    },
    onSettled: () => void client.invalidateQueries({ queryKey: ['deliveries'] }),
  })
  const cannot = { refused: 'It was not verified: nothing of it was kept.', accepted: 'It waits to be looked at already.' }[String(state)]
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button
        label="Look at it once more, as if it had just come"
        hotkey="a"
        refusal={refusal ?? cannot}
        icon={<RotateCcw size={14} aria-hidden />}
        onClick={() => told.mutate()}
      >
        Replay
      </Button>
      <span role="status" className={`min-w-0 text-sm ${told.error === null ? 'text-muted' : 'text-bad'}`}>
        {told.error === null ? told.data : [told.error.message, told.error instanceof ApiProblem && told.error.hint].filter(Boolean).join('. ')}
      </span>
    </div>
  )
}

function Headers({ delivery: { id, state } }: { readonly delivery: Delivery }) {
  const [wanted, setWanted] = useState(false)
  const { data: session } = useQuery(sessionQuery)
  const refusal = session?.scopes.includes('admin') ? undefined : 'What a source sends may hold its secrets: that needs the scope “admin”.'
  const query = useQuery({ ...headersQuery(id), enabled: wanted })
  return (
    <Section title="Headers">
      {wanted ? (
        <Answer query={query} what="the headers">
          {({ headers }) => (
            <Facts
              items={Object.entries(headers).map(([name, value]) => [
                name,
                <code key={name} className="break-all">
                  {value}
                </code>,
              ])}
            />
          )}
        </Answer>
      ) : (
        <div>
          <Button
            label="The headers it came with"
            hotkey="e"
            refusal={refusal ?? (state === 'refused' ? 'Nothing of it was kept.' : undefined)}
            onClick={() => setWanted(true)}
          >
            Show headers
          </Button>
        </div>
      )}
    </Section>
  )
}

function headersQuery(delivery: string) {
  return queryOptions({
    queryKey: ['delivery-headers', delivery],
    queryFn: ({ signal }) => answerOf(api.GET('/api/deliveries/{delivery}/headers', { params: { path: { delivery } }, signal })),
    gcTime: 0,
  })
}
