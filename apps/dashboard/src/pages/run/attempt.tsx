import { PatchPreview } from '../../diff/patch-preview.tsx'
import { Commands } from '../../log/command-output.tsx'
import { Chip } from '../../ui/chip.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { GateMark } from '../../ui/proposal-words.tsx'
import { Scrolling, Section } from '../../ui/section.tsx'
import type { Attempt } from './run.ts'

type Gate = NonNullable<Attempt['gates']>[number]

/** One patch, what every gate said to it, and what was learnt. */
export function AttemptFacts({ attempt }: { readonly attempt: Attempt }) {
  const { number, verdict, drafter, kind, summary, symptomOnly, diff, gates, lesson, review } = attempt
  return (
    <Section
      title={`Attempt ${number}`}
      aside={
        <>
          <Chip tone={verdict === 'fixed' ? 'good' : verdict === 'contested' || verdict === 'inconclusive' ? 'warn' : 'bad'}>{verdict}</Chip>
          {drafter && <span className="text-sm text-muted">by {drafter}</span>}
          {kind && <code className="text-xs text-quiet">{kind}</code>}
          {symptomOnly && (
            <Chip tone="warn" title="It hides the failure rather than its cause.">
              symptom only
            </Chip>
          )}
        </>
      }
    >
      {summary && <p className="text-sm break-words">{summary}</p>}
      {lesson && (
        <p className="border-l-2 border-warn pl-3 text-sm break-words">
          <span className="font-medium">Lesson. </span>
          {lesson}
        </p>
      )}
      {review && (
        <p className={`border-l-2 pl-3 text-sm break-words ${review.approved ? 'border-good' : 'border-bad'}`}>
          <span className="font-medium">
            {review.lane} read it and {review.approved ? 'has no objection.' : 'objects.'}{' '}
          </span>
          {review.why}
        </p>
      )}
      {gates === undefined ? (
        <p className="text-sm text-quiet">What the gates said has expired.</p>
      ) : (
        <ul aria-label="Gates" className="flex flex-col rounded-md border border-line">
          {gates.map((gate) => (
            <GateLine key={gate.gate} gate={gate} />
          ))}
        </ul>
      )}
      {diff !== undefined && (
        <>
          <div className="flex items-center gap-1 text-xs text-quiet">
            Its patch
            <CopyButton text={diff} label="Copy the patch" />
          </div>
          <PatchPreview patch={diff} />
        </>
      )}
    </Section>
  )
}

function GateLine({ gate: { gate, status, summary, findings, commands, differences } }: { readonly gate: Gate }) {
  const more = findings.length + commands.length + differences.length
  const line = (
    <>
      <GateMark status={status} />
      <span className="w-24 shrink-0 font-medium">
        {gate}
        <span className="sr-only"> {status}</span>
      </span>
      <span className="min-w-0 break-words text-muted">{summary}</span>
    </>
  )
  const look = 'flex min-h-8 items-start gap-2 px-2.5 py-1.5 text-sm'
  if (more === 0) return <li className={`${look} border-b border-line last:border-0`}>{line}</li>
  return (
    <li className="border-b border-line last:border-0">
      <details open={status === 'failed'}>
        <summary className={`${look} hover:bg-hover`}>{line}</summary>
        <div className="flex flex-col gap-2 px-3 pb-3 text-sm md:pl-10">
          {findings.length > 0 && (
            <ul className="list-disc pl-4">
              {findings.map((finding, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: what a gate found never changes
                <li key={index} className="break-words">
                  {finding}
                </li>
              ))}
            </ul>
          )}
          {differences.length > 0 && <Differences differences={differences} />}
          <Commands commands={commands} />
        </div>
      </details>
    </li>
  )
}

function Differences({ differences }: Pick<Gate, 'differences'>) {
  return (
    <Scrolling label="What behaves differently" look="overflow-x-auto">
      <table className="w-full text-xs">
        <thead className="text-left text-quiet">
          <tr>
            {['Call', 'Before', 'After', 'Expected'].map((name) => (
              <th key={name} scope="col" className="py-1 pr-3 font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="font-mono">
          {differences.map(({ call, before, after, expected }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what behaved differently never changes
            <tr key={index} className="border-t border-line align-top">
              <td className="py-1 pr-3 break-all">{call}</td>
              <td className="py-1 pr-3 break-all">{before}</td>
              <td className="py-1 pr-3 break-all">{after}</td>
              <td className="py-1">{expected ? 'yes' : <span className="font-semibold text-warn">no</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  )
}
