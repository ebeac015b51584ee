import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import { useDecidingRefusal } from '../../api/session.ts'
import { Button } from '../../ui/button.tsx'
import { Chip, type Tone } from '../../ui/chip.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Select } from '../../ui/field.tsx'
import { Panel, PanelText } from '../../ui/panel.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { groupIn, type Message, settingsQuery } from './settings.ts'

const STATES = { waiting: 'plain', sent: 'good', failed: 'bad' } as const satisfies Record<Message['state'], Tone>
const STATE_NAMES = Object.keys(STATES) as Message['state'][]

/** Who is told what happens to runs, and whether it arrived. */
export function NotificationsSection() {
  const settings = useQuery(settingsQuery)
  return (
    <>
      <Panel title="Who is told" about="By webhook or Slack; set under “outbound” in fixpoint.config.yml.">
        <Answer query={settings} what="the subscribers">
          {({ settings: said }) => (
            <DataTable
              label="Subscribers"
              columns={[
                { name: 'Name', cell: ({ name }) => name },
                { name: 'Kind', cell: ({ kind }) => kind },
                { name: 'Told of', wide: true, cell: ({ events }) => <span className="text-muted">{events}</span> },
              ]}
              rows={subscribersIn(said)}
              idOf={({ name }) => name}
              empty="Nobody."
            />
          )}
        </Answer>
      </Panel>
      <Messages />
    </>
  )
}

function Messages() {
  const [state, setState] = useState<Message['state']>()
  const messages = useInfiniteQuery({
    queryKey: ['outbound', state],
    queryFn: ({ signal, pageParam }) =>
      answerOf(api.GET('/api/outbound', { params: { query: { limit: 50, ...(state && { state }), ...(pageParam && { before: pageParam }) } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const columns: readonly Column<Message>[] = [
    { name: 'When', cell: ({ at }) => <Time at={at} /> },
    { name: 'To', cell: ({ subscriber }) => subscriber },
    { name: 'What', wide: true, cell: (message) => <About message={message} /> },
    { name: 'State', cell: (message) => <StateChip message={message} /> },
    { name: 'Tries', end: true, cell: ({ attempts }) => attempts },
    { name: 'Send again', untitled: true, end: true, cell: ({ id }) => <Resend id={id} /> },
  ]
  return (
    <Panel
      title="What was told"
      aside={
        <Select label="State" value={state ?? ''} onChange={(chosen) => setState(STATE_NAMES.find((each) => each === chosen))}>
          <option value="">All states</option>
          {STATE_NAMES.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      }
    >
      <Answer query={messages} what="what was told">
        {({ pages }) => (
          <>
            <DataTable
              label="What was told"
              columns={columns}
              rows={pages.flatMap(({ items }) => items)}
              idOf={({ id }) => id}
              empty={state === undefined ? 'Nothing yet.' : `Nothing is ${state}.`}
            />
            {messages.hasNextPage && (
              <PanelText>
                <Button onClick={() => void messages.fetchNextPage()}>{messages.isFetchingNextPage ? 'Asking…' : 'Older ones'}</Button>
              </PanelText>
            )}
          </>
        )}
      </Answer>
    </Panel>
  )
}

function About({ message: { topic, run, repository } }: { readonly message: Message }) {
  return (
    <>
      <code>{topic}</code>{' '}
      {run && (
        <Link to="/runs/$run" params={{ run }} className="text-link underline">
          run …{run.slice(-8)}
        </Link>
      )}{' '}
      <span className="text-quiet">{repository}</span>
    </>
  )
}

function StateChip({ message: { state, reason, nextAt } }: { readonly message: Message }) {
  return (
    <>
      <Chip tone={STATES[state]} title={reason}>
        {state}
      </Chip>
      {state !== 'sent' && reason && <span className="block max-w-64 text-xs break-words text-quiet">{reason}</span>}
      {nextAt && Date.parse(nextAt) > Date.now() && <span className="block text-xs text-quiet">next try {nextAt.slice(11, 19)} UTC</span>}
    </>
  )
}

function Resend({ id }: { readonly id: string }) {
  const refusal = useDecidingRefusal()
  const client = useQueryClient()
  const resend = useMutation({
    mutationFn: () => answerOf(api.POST('/api/outbound/{message}/resend', { params: { path: { message: id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['outbound'] }),
  })
  return (
    <>
      <Button
        look="ghost"
        label="Send it once more, under the same id"
        refusal={refusal ?? (resend.isPending ? 'It is on its way.' : undefined)}
        onClick={() => resend.mutate()}
      >
        Send again
      </Button>
      <span role="status" className="block text-xs text-bad">
        {resend.error?.message}
      </span>
    </>
  )
}

function subscribersIn(settings: Readonly<Record<string, unknown>>) {
  const outbound = groupIn(settings, 'outbound') ?? {}
  return Object.keys(outbound).map((name) => {
    const { kind, events } = groupIn(outbound, name) ?? {}
    return { name, kind: String(kind ?? 'webhook'), events: Array.isArray(events) ? events.join(', ') : 'everything' }
  })
}
