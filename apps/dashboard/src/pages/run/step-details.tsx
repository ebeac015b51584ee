import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Facts, Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { AttemptFacts } from './attempt.tsx'
import { DossierFacts } from './dossier.tsx'
import { factWords } from './fact-words.ts'
import { DiagnosisFacts, Failures } from './overview.tsx'
import { type Details, factsQuery, type Run } from './run.ts'
import { isWait, type StepLine, stepWords } from './step-lines.ts'

interface StepDetailsProps {
  readonly run: Run
  readonly details: Details
  readonly line: StepLine
}

/** What one step came to. */
export function StepDetails({ run, details, line: { step, attempt, number } }: StepDetailsProps) {
  const { startedAt, endedAt, facts } = step
  const exchanges = details.exchanges.filter(({ seq }) => facts.includes(seq))
  const failures = details.failures.filter(({ seq }) => facts.includes(seq))
  const said = details.words.filter(({ at }) => at === endedAt)
  return (
    <>
      <div className="flex flex-col gap-1">
        <h2 className="text-base font-semibold">
          {stepWords(step.step)} <span className="text-sm font-normal text-quiet">step {number}</span>
        </h2>
        <Facts
          items={[
            ['Began', <Time key="began" at={startedAt} />],
            ['Ended', endedAt === undefined ? isWait(step) ? 'it waits for people' : 'it is under way' : <Time key="ended" at={endedAt} />],
          ]}
        />
      </div>
      {failures.length > 0 && <Failures failures={failures} />}
      {said.map(({ by, words }) => (
        <p key={by} className="border-l-2 border-line pl-3 text-sm break-words whitespace-pre-wrap">
          <span className="font-medium">{by}: </span>
          {words ?? 'The words have expired.'}
        </p>
      ))}
      {attempt && <AttemptFacts attempt={attempt} />}
      {step.step === 'review-patch' && <Reviewed details={details} until={endedAt} />}
      {step.step === 'gather-dossier' && !step.failed && endedAt !== undefined && (details.dossier ? <DossierFacts dossier={details.dossier} /> : <Expired />)}
      {step.step === 'diagnose-run' && details.diagnosis && <DiagnosisFacts diagnosis={details.diagnosis} />}
      {exchanges.length > 0 && (
        <Section title={`Asked a model ${exchanges.length === 1 ? 'once' : `${exchanges.length} times`}`}>
          <ul className="flex flex-col text-sm">
            {exchanges.map(({ seq, lane, model, money }) => (
              <li key={seq}>
                <Link
                  to="/runs/$run"
                  params={{ run: run.id }}
                  search={{ tab: 'prompts', exchange: seq }}
                  className="inline-flex min-h-6 items-center text-link underline"
                >
                  {lane}: {model}, ${money.toFixed(4)}
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {facts.length > 0 && <StepFacts run={run.id} facts={facts} />}
    </>
  )
}

/** The attempt that was read: the last that was judged before. */
function Reviewed({ details, until }: { readonly details: Details; readonly until: string | undefined }) {
  const attempt = details.attempts.findLast(({ at }) => until === undefined || at < until)
  return attempt && <AttemptFacts attempt={attempt} />
}

function StepFacts({ run, facts }: { readonly run: string; readonly facts: readonly number[] }) {
  const query = useQuery(factsQuery(run, facts[0] ?? 0, facts.length))
  return (
    <Section title="Facts">
      <Answer query={query} what="the facts">
        {(entries) => (
          <ul className="flex flex-col text-sm">
            {entries.map(({ seq, at, event }) => (
              <li key={seq} className="flex flex-wrap gap-x-2 border-b border-line py-1 last:border-0">
                <Link
                  to="/runs/$run"
                  params={{ run }}
                  search={{ tab: 'log' }}
                  hash={`L${seq + 1}`}
                  className="text-quiet hover:underline"
                  aria-label={`Fact ${seq} in the log`}
                >
                  {seq}
                </Link>
                <code>{event.kind}</code>
                <span className="min-w-0 break-words text-muted">{factWords(event)}</span>
                <span className="ml-auto text-xs text-quiet">
                  <Time at={at} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </Section>
  )
}

function Expired() {
  return <p className="text-sm text-quiet">What was chosen has expired.</p>
}
