import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import { useDecidingRefusal } from '../../api/session.ts'
import { percent, several } from '../../ui/amounts.ts'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SettingTable } from '../../ui/setting-table.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { Time } from '../../ui/time.tsx'
import { Detected } from './detected.tsx'
import { RATE_DAYS, type Repository, ratesQuery, repositoriesQuery } from './repositories.ts'

const AUTONOMY = {
  observe: 'Everything is run, and nothing is published',
  propose: 'A person decides on every proposal',
  'draft-pr': 'Opens draft pull requests',
  pr: 'Opens pull requests',
} as const

/** One repository: its settings and what is wrong with them, how runs on it end, and a switch. */
export function RepositoryPanel({ repository }: { readonly repository: Repository }) {
  const { name, kind, url, autonomy, problem, settings, paused } = repository
  return (
    <Panel
      title={
        <span className="flex flex-wrap items-center gap-2">
          <span className="break-all">{name}</span>
          {autonomy && <Chip title={AUTONOMY[autonomy]}>{autonomy}</Chip>}
          {paused.stopped && <Chip tone="warn">paused</Chip>}
          {problem !== undefined && <Chip tone="bad">settings cannot be used</Chip>}
        </span>
      }
      about={kind === 'folder' ? 'A folder on the machine of the service' : <Host url={url} />}
      aside={<PauseButton repository={repository} />}
    >
      <div className="flex flex-col gap-2 px-4 py-3 text-sm">
        {problem !== undefined && (
          <div className="rounded-md bg-bad-soft px-3 py-2 text-bad">
            <pre className="text-xs/5 break-words whitespace-pre-wrap">{problem}</pre>
            <p>
              Nothing is begun here until it is put right; <code>fixpoint config validate</code> says the same before you push.
            </p>
          </div>
        )}
        {paused.stopped && (
          <p className="rounded-md bg-warn-soft px-3 py-2 break-words text-warn">
            No run is begun: {paused.by ?? 'somebody'} paused it
            {paused.since && (
              <>
                {' '}
                <Time at={paused.since} />
              </>
            )}
            {paused.reason && `: ${paused.reason}`}
          </p>
        )}
        <Facts repository={repository} />
      </div>
      {settings !== undefined && (
        <details className="border-t border-line">
          <summary className="min-h-9 px-4 py-2 text-sm text-muted hover:text-text">Settings in effect</summary>
          <SettingTable label={`Settings of ${name}`} settings={settings} empty="Everything has its default." />
        </details>
      )}
    </Panel>
  )
}

function Host({ url }: { readonly url: string | undefined }) {
  if (url === undefined || !/^https?:\/\//.test(url)) return <>On a code host</>
  return (
    <a href={url} rel="noreferrer noopener" target="_blank" className="break-all text-link underline">
      {url.replace(/^https?:\/\//, '')}
    </a>
  )
}

function Facts({ repository }: { readonly repository: Repository }) {
  const { name, settings } = repository
  const rates = useQuery(ratesQuery)
  const group = rates.data?.get(name)
  const setup = settings?.setup
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1">
      <dt className="text-quiet">Tests</dt>
      <dd className="min-w-0 break-words">
        <Detected repository={repository} />
      </dd>
      {typeof setup === 'string' && (
        <>
          <dt className="text-quiet">Set-up</dt>
          <dd className="break-words">
            <code>{setup}</code>
          </dd>
        </>
      )}
      <dt className="text-quiet">Last {RATE_DAYS} days</dt>
      <dd>
        {group === undefined ? (
          <span className="text-muted">{rates.isPending ? '…' : rates.error ? 'cannot be told now' : 'no run'}</span>
        ) : (
          <>
            <b className="font-semibold">{percent(group.proposed / Math.max(1, group.runs))}</b> of {several(group.runs, 'run')} came to a proposal,{' '}
            {group.merged} merged, {group.declined} declined.{' '}
            <Link to="/insights" search={{ days: RATE_DAYS, repository: name }} className="text-link underline">
              Insights
            </Link>{' '}
            <Link to="/runs" search={{ repository: name }} className="text-link underline">
              Runs
            </Link>
          </>
        )}
      </dd>
    </dl>
  )
}

function PauseButton({ repository: { name, paused } }: { readonly repository: Repository }) {
  const [asking, setAsking] = useState(false)
  const client = useQueryClient()
  const refusal = useDecidingRefusal()
  const turn = async (given: FormData) => {
    const reason = String(given.get('reason') ?? '').trim()
    const body = { stopped: !paused.stopped, ...(reason && { reason }) }
    await answerOf(api.PUT('/api/repositories/{repository}/pause', { params: { path: { repository: name } }, body }))
    await client.invalidateQueries(repositoriesQuery)
  }
  return (
    <>
      <Button refusal={refusal} label={paused.stopped ? `Begin runs on ${name} again` : `Begin no more runs on ${name}`} onClick={() => setAsking(true)}>
        {paused.stopped ? 'Go on' : 'Pause'}
      </Button>
      <FormDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={paused.stopped ? `Go on with ${name}?` : `Pause ${name}?`}
        about={paused.stopped ? 'Reports that came in meanwhile may begin runs.' : 'No run is begun on it; those under way go on. Reports are still taken in.'}
        action={paused.stopped ? 'Go on' : 'Pause'}
        onSubmit={turn}
      >
        <TextField name="reason" label="Why" hint="Everybody sees it here, with your name." maxLength={2000} />
      </FormDialog>
    </>
  )
}
