import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { BellOff, Play } from 'lucide-react'
import { api } from '../../api/client.ts'
import { ApiProblem, answerOf } from '../../api/problem.ts'
import { useDecidingRefusal } from '../../api/session.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton, Id } from '../../ui/copy.tsx'
import { Facts, Section } from '../../ui/section.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { Answer } from '../../ui/states.tsx'
import { TermChip } from '../../ui/terms.tsx'
import { Time } from '../../ui/time.tsx'
import { REPORT_STATES } from './report-states.ts'
import { historyQuery, type ListedReport, reportQuery, sightingsQuery } from './reports.ts'
import { Severity } from './severity.tsx'

/** One report: where it stands and why, how often it was seen, what was done about it. */
export function ReportPane({ id }: { readonly id: string }) {
  const query = useQuery(reportQuery(id))
  return (
    <Answer query={query} what="the report">
      {(report) => (
        <>
          <div className="flex flex-col gap-2">
            <h2 className="pr-10 text-base font-semibold break-words">{report.title}</h2>
            <p aria-live="polite" className="flex flex-wrap items-center gap-2 text-sm text-muted">
              <TermChip term={REPORT_STATES[report.state]} moving={report.state === 'running'} />
              <span className="min-w-0 break-words">{report.reason}</span>
            </p>
            {report.state === 'needs-trace' && (
              <p className="rounded-md bg-warn-soft px-3 py-2 text-sm break-words text-warn">
                Nobody can work on it until its source sends: {report.missing.length === 0 ? 'a stack trace' : report.missing.join(', ')}.
              </p>
            )}
            <Actions report={report} />
          </div>
          <Sightings report={report} />
          <Section title="Where">
            <Facts
              items={[
                ['Repository', report.repository ?? 'none: its service is mapped to no repository'],
                ['Service', report.service],
                ['Environment', report.environment],
                ['Release', report.release],
                ['Commit', report.commit && <code className="break-all">{report.commit.slice(0, 12)}</code>],
                ['Source', report.source],
                ['Severity', <Severity key="severity" severity={report.severity} />],
                ['There', report.url && <Address url={report.url} />],
                ['Grouped by', <Id key="key" value={report.groupKey} what="the group key" />],
                ['Id', <Id key="id" value={report.id} what="the id of the report" />],
              ]}
            />
          </Section>
          {report.fix && (
            <Section title="Fix">
              <p className="text-sm">
                Proposed as <code>{report.fix.commit.slice(0, 8)}</code> <Time at={report.fix.at} />
                {report.fix.landedAt && (
                  <>
                    , landed <Time at={report.fix.landedAt} />
                  </>
                )}
                .
              </p>
            </Section>
          )}
          <Section title="Runs">
            {report.runs.length === 0 ? (
              <p className="text-sm text-quiet">None yet.</p>
            ) : (
              <ul className="flex flex-col text-sm">
                {report.runs.toReversed().map((run) => (
                  <li key={run}>
                    <Link to="/runs/$run" params={{ run }} className="inline-flex min-h-6 items-center text-link underline">
                      <code>{run}</code>
                    </Link>
                  </li>
                ))}
              </ul>
            )}
          </Section>
          <History id={report.id} />
        </>
      )}
    </Answer>
  )
}

function Actions({ report: { id, state } }: { readonly report: ListedReport }) {
  const refusal = useDecidingRefusal()
  const client = useQueryClient()
  const path = { params: { path: { report: id } } }
  const told = useMutation({
    mutationFn: async (what: 'run' | 'mute') => {
      if (what === 'run') await answerOf(api.POST('/api/reports/{report}/run-now', path))
      else await answerOf(api.POST('/api/reports/{report}/mute', path))
      return what === 'run' ? 'Asked for: a run begins as soon as a worker is free.' : 'Muted: sightings are counted, and nothing is started.'
    },
    onSettled: () => {
      for (const queryKey of [['reports'], ['report', id]]) void client.invalidateQueries({ queryKey })
    },
  })
  const cannotRun = { running: 'A run works on it already.', 'needs-trace': 'Its source has to send more first.' }[String(state)]
  const cannotMute = { running: 'Cancel its run first.', muted: 'It is muted already.' }[String(state)]
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button
        look="primary"
        label="Work on it now, whatever the gates say"
        hotkey="a"
        refusal={refusal ?? cannotRun}
        icon={<Play size={14} aria-hidden />}
        onClick={() => told.mutate('run')}
      >
        Run now
      </Button>
      <Button
        label="Count it, and start nothing"
        hotkey="x"
        refusal={refusal ?? cannotMute}
        icon={<BellOff size={14} aria-hidden />}
        onClick={() => told.mutate('mute')}
      >
        Mute
      </Button>
      <span role="status" className={`min-w-0 text-sm ${told.error === null ? 'text-muted' : 'text-bad'}`}>
        {told.error === null ? told.data : [told.error.message, told.error instanceof ApiProblem && told.error.hint].filter(Boolean).join('. ')}
      </span>
    </div>
  )
}

function Sightings({ report: { id, sightings, firstSeen, lastSeen } }: { readonly report: ListedReport }) {
  const query = useQuery(sightingsQuery(id))
  return (
    <Section title={`Seen ${sightings.toLocaleString('en')} ${sightings === 1 ? 'time' : 'times'}`}>
      <Answer query={query} what="its sightings">
        {({ items }) => <Sparkline days={items} wide />}
      </Answer>
      <p className="flex justify-between text-xs text-quiet">
        <span>
          first <Time at={firstSeen} />
        </span>
        <span>
          last <Time at={lastSeen} />
        </span>
      </p>
    </Section>
  )
}

function History({ id }: { readonly id: string }) {
  const query = useQuery(historyQuery(id))
  return (
    <Section title="History">
      <Answer query={query} what="its history">
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-sm text-quiet">It stands where it began.</p>
          ) : (
            <ol className="flex flex-col gap-1 text-sm">
              {items.map(({ at, from, to, reason, run }) => (
                <li key={`${at} ${from} ${to}`} className="border-l-2 border-line pl-3">
                  {REPORT_STATES[from].words} → {REPORT_STATES[to].words}{' '}
                  <span className="text-xs text-quiet">
                    <Time at={at} />
                  </span>
                  {reason && <p className="break-words text-muted">{reason}</p>}
                  {run && (
                    <Link to="/runs/$run" params={{ run }} className="text-xs text-link underline">
                      <code>…{run.slice(-6)}</code>
                    </Link>
                  )}
                </li>
              ))}
            </ol>
          )
        }
      </Answer>
    </Section>
  )
}

/** A stranger's address: followed only where it is a page, and copied in any case. */
function Address({ url }: { readonly url: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      {/^https?:\/\//i.test(url) ? (
        <a href={url} rel="noreferrer noopener" target="_blank" className="min-w-0 break-all text-link underline">
          {url}
        </a>
      ) : (
        <span className="min-w-0 break-all">{url}</span>
      )}
      <CopyButton text={url} label="Copy the address" />
    </span>
  )
}
