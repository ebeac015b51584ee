import { Link } from '@tanstack/react-router'
import { PatchPreview } from '../../diff/patch-preview.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Facts, Quoted, Section } from '../../ui/section.tsx'
import { Time } from '../../ui/time.tsx'
import { Suspects } from './dossier.tsx'
import type { Details, Run } from './run.ts'
import { stepWords } from './step-lines.ts'

const SAID = {
  steer: 'said',
  'request-changes': 'asked for changes',
  reject: 'rejected the proposal',
  approve: 'approved the proposal',
  edit: 'edited the patch',
} as const

/** The run as a whole: what came of it, what people said, what failed, and what it was about. */
export function Overview({ run, details: { report, diagnosis, words, failures, policy } }: { readonly run: Run; readonly details: Details }) {
  return (
    <>
      {run.parked && (
        <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-sm text-bad">
          The queue gave this run up <Time at={run.parked.at} />: {run.parked.reason}. {run.parked.deaths} workers died with it, and {run.parked.throws} times
          driving it failed. Retry lets it go on.
        </p>
      )}
      {run.proposal !== undefined && (
        <p className="text-sm">
          <Link to="/proposals/$run" params={{ run: run.id }} className="font-medium text-link underline">
            {run.phase === 'proposing' && run.awaiting ? 'Look at the proposal, and decide' : 'Look at its proposal'}
          </Link>
        </p>
      )}
      {diagnosis && <DiagnosisFacts diagnosis={diagnosis} />}
      {failures.length > 0 && <Failures failures={failures} />}
      {words.length > 0 && (
        <Section title="What people said">
          <ul className="flex flex-col gap-2 text-sm">
            {words.map(({ at, by, kind, words: said }) => (
              <li key={`${at} ${by}`} className="border-l-2 border-line pl-3">
                <div className="text-xs text-quiet">
                  <span className="font-medium text-text">{by}</span> {SAID[kind]}, <Time at={at} />
                </div>
                {kind !== 'approve' && kind !== 'edit' && <p className="break-words whitespace-pre-wrap">{said ?? 'The words have expired.'}</p>}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {report ? (
        <Section title="The report">
          <Quoted text={report.text} label="What was reported" />
        </Section>
      ) : (
        <p className="text-sm text-quiet">The text of its report has expired.</p>
      )}
      {policy && (
        <Section title="Policy">
          <Facts
            items={[
              ['Autonomy', policy.autonomy],
              ['Approval', policy.approval === 'person' ? 'a person approves each proposal' : 'as the evidence allows'],
              ['Lanes', policy.lanes.map(({ name, model }) => (model ? `${name} (${model})` : name)).join(', ')],
              ['Second reader', policy.critic],
            ]}
          />
        </Section>
      )}
    </>
  )
}

export function Failures({ failures }: Pick<Details, 'failures'>) {
  return (
    <Section title="Failures">
      <ul className="flex flex-col gap-2 text-sm">
        {failures.map(({ seq, at, step, code, message, hint }) => (
          <li key={seq} className="border-l-2 border-bad pl-3">
            <div className="text-xs text-quiet">
              {stepWords(step)}: <code className="text-bad">{code}</code>, <Time at={at} />
            </div>
            {message && <p className="break-words">{message}</p>}
            {hint && <p className="break-words text-muted">{hint}</p>}
          </li>
        ))}
      </ul>
    </Section>
  )
}

export function DiagnosisFacts({ diagnosis }: { readonly diagnosis: NonNullable<Details['diagnosis']> }) {
  const { reason, summary, missingFact, nextCommand, bestRejected, suspects, tried, explanation } = diagnosis
  return (
    <Section title="Diagnosis">
      <p className="text-base break-words">{summary}</p>
      <Facts
        items={[
          ['Reason', reason.replaceAll('-', ' ')],
          ['Missing', missingFact],
          [
            'Next',
            <span key="next" className="inline-flex max-w-full items-center gap-1">
              <code className="min-w-0 break-all">{nextCommand}</code>
              <CopyButton text={nextCommand} label="Copy the command" />
            </span>,
          ],
        ]}
      />
      {explanation && (
        <div className="border-l-2 border-line pl-3 text-sm">
          <p className="text-xs text-quiet">In the words of {explanation.model}; no evidence</p>
          <p className="break-words whitespace-pre-wrap">{explanation.text}</p>
        </div>
      )}
      {suspects.length > 0 && <Suspects suspects={suspects} />}
      {bestRejected && (
        <details>
          <summary className="text-sm">
            The best patch was refused by {bestRejected.gate}: {bestRejected.why}
          </summary>
          <PatchPreview patch={bestRejected.diff} />
        </details>
      )}
      {tried.length > 0 && (
        <details>
          <summary className="text-sm">What was tried ({tried.length})</summary>
          <ul className="list-disc pl-5 text-sm">
            {tried.map((each, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: what was tried never changes
              <li key={index} className="break-words">
                {each}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  )
}
