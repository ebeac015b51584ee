import { useQuery } from '@tanstack/react-query'
import { createLazyRoute, Link, useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { modelsQuery } from '../../api/models.ts'
import { Ask } from '../../ask/ask.tsx'
import { LogView } from '../../log/log-view.tsx'
import { Id } from '../../ui/copy.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { RunChip } from '../../ui/run-words.tsx'
import { Answer, Loading } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { Actions } from './actions.tsx'
import { Budget } from './budget.tsx'
import { factLine } from './fact-words.ts'
import { useJournal } from './journal.ts'
import { Overview } from './overview.tsx'
import { Prompts } from './prompts.tsx'
import { type Details, detailsQuery, type Run, runQuery } from './run.ts'
import { StepDetails } from './step-details.tsx'
import { stepLines } from './step-lines.ts'
import { Waterfall } from './waterfall.tsx'

export const Page = createLazyRoute('/runs/$run')({ component: RunPage })

const TABS = [
  [undefined, 'Steps'],
  ['log', 'Log'],
  ['prompts', 'Prompts'],
  ['ask', 'Ask'],
] as const

function RunPage() {
  const { run: id } = Page.useParams()
  const { tab } = Page.useSearch()
  const run = useQuery(runQuery(id))
  const details = useQuery(detailsQuery(id))
  const mayAsk = useQuery(modelsQuery).data?.answers !== undefined
  return (
    <Answer query={run} what="the run">
      {(data) => (
        <>
          <PageHeader
            title={<span className="break-words">{data.owner?.title ?? details.data?.report?.title ?? 'A run without a report'}</span>}
            tab={data.owner?.title ?? 'Run'}
          >
            <Actions run={data} />
          </PageHeader>
          <Answer query={details} what="what it did">
            {(told) => (
              <>
                <Standing run={data} details={told} />
                <nav aria-label="Parts of the run" className="flex gap-1 border-b border-line px-3 md:px-5">
                  {TABS.filter(([to]) => to !== 'ask' || mayAsk).map(([to, name]) => (
                    <Link
                      key={name}
                      to="/runs/$run"
                      params={{ run: id }}
                      search={to === undefined ? {} : { tab: to }}
                      aria-current={tab === to ? 'page' : undefined}
                      className={`flex min-h-9 items-center border-b-2 px-2 text-sm ${tab === to ? 'border-accent font-medium' : 'border-transparent text-muted hover:text-text'}`}
                    >
                      {name}
                      {to === 'prompts' && <span className="ml-1.5 text-xs text-quiet">{told.exchanges.length}</span>}
                    </Link>
                  ))}
                </nav>
                {tab === undefined && <Steps run={data} details={told} />}
                {tab === 'log' && <Log run={data} />}
                {tab === 'prompts' && <Asked details={told} />}
                {tab === 'ask' && (
                  <div className="max-w-4xl px-4 py-4 md:px-6">
                    <Ask key={id} run={id} />
                  </div>
                )}
              </>
            )}
          </Answer>
        </>
      )}
    </Answer>
  )
}

function Standing({ run, details }: { readonly run: Run; readonly details: Details }) {
  const now = useSeconds(run.phase !== 'settled')
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-3 border-b border-line px-4 py-3 md:px-6">
      <div className="flex flex-col gap-1">
        <span aria-live="polite">
          <RunChip run={run} />
        </span>
        <span className="flex flex-wrap items-center gap-x-3 text-sm text-muted">
          {run.owner?.repository && <span className="break-all">{run.owner.repository}</span>}
          {details.base && (
            <span>
              at <code title={details.base}>{details.base.slice(0, 8)}</code>
            </span>
          )}
          {details.pull &&
            (details.pull.url && /^https?:\/\//.test(details.pull.url) ? (
              <a href={details.pull.url} rel="noreferrer noopener" target="_blank" className="text-link underline">
                Pull request {details.pull.number}
              </a>
            ) : (
              <span>Pull request {details.pull.number}</span>
            ))}
          <span>
            opened <Time at={run.openedAt} />
          </span>
          <Id value={run.id} what="the id of the run" />
        </span>
      </div>
      <div className="ml-auto max-md:ml-0">
        <Budget details={details} now={now} />
      </div>
    </div>
  )
}

function Steps({ run, details }: { readonly run: Run; readonly details: Details }) {
  const { step: selected } = Page.useSearch()
  const navigate = useNavigate({ from: '/runs/$run' })
  const now = useSeconds(run.phase !== 'settled')
  const beside = useRef<HTMLElement>(null)
  const line = stepLines(details.steps, details.attempts, now).find(({ number }) => number === selected)
  return (
    <div className="grid lg:grid-cols-[minmax(24rem,2fr)_minmax(0,3fr)]">
      <div className="border-line max-lg:border-b lg:border-r">
        <Waterfall
          details={details}
          now={now}
          selected={selected}
          onSelect={(step) => {
            void navigate({ search: step === undefined ? {} : { step }, replace: true, resetScroll: false })
            // Where the details are below the steps, they are what was asked for.
            if (matchMedia('(width < 64rem)').matches) beside.current?.scrollIntoView()
          }}
        />
      </div>
      <section ref={beside} aria-label="Details" className="scroll-mt-14 flex min-w-0 flex-col gap-5 px-4 py-4 md:px-6">
        {line === undefined ? <Overview run={run} details={details} /> : <StepDetails run={run} details={details} line={line} />}
      </section>
    </div>
  )
}

function Log({ run }: { readonly run: Run }) {
  const { facts, settled } = useJournal(run.id)
  const lines = useMemo(() => facts.map(factLine), [facts])
  const navigate = useNavigate({ from: '/runs/$run' })
  const hash = useRouterState({ select: ({ location }) => location.hash })
  const line = /^L(\d+)$/.exec(hash)?.[1]
  if (facts.length === 0) return <Loading what="its journal" />
  return (
    <div className="flex h-[calc(100dvh-13rem)] min-h-80 flex-col p-3 md:px-6">
      <LogView
        label="The journal of the run"
        lines={lines}
        live={!settled}
        line={line === undefined ? undefined : Number(line)}
        onLine={(number) => void navigate({ search: { tab: 'log' }, hash: `L${number}`, replace: true, resetScroll: false, hashScrollIntoView: false })}
      />
    </div>
  )
}

function Asked({ details }: { readonly details: Details }) {
  const { exchange } = Page.useSearch()
  const navigate = useNavigate({ from: '/runs/$run' })
  return (
    <Prompts
      exchanges={details.exchanges}
      selected={exchange}
      onSelect={(seq) => void navigate({ search: { tab: 'prompts', exchange: seq }, replace: true, resetScroll: false })}
    />
  )
}

/** The present moment, each second while something is under way. */
function useSeconds(running: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [running])
  return now
}
