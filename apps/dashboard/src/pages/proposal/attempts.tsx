import type { Details } from '../../api/details.ts'
import { PatchPreview } from '../../diff/patch-preview.tsx'
import { Chip } from '../../ui/chip.tsx'
import { InlineCode } from '../../ui/inline-code.tsx'
import { GateMarks } from '../../ui/proposal-words.tsx'
import { More, Section } from '../../ui/section.tsx'
import { Time } from '../../ui/time.tsx'

type Attempt = Details['attempts'][number]

/** What was judged, and what was wrong with each. */
export function Attempts({ attempts }: { readonly attempts: readonly Attempt[] }) {
  return (
    <Section title="Attempts" aside={`${attempts.length} judged`}>
      <ol className="flex flex-col divide-y divide-line rounded-md border border-line bg-raised">
        {attempts.map((attempt) => (
          <li key={attempt.number} className="flex flex-col gap-1 px-3 py-2 text-sm">
            <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <span className="text-quiet">{attempt.number}</span>
              <span className="min-w-0 break-words font-medium">
                <InlineCode text={attempt.summary ?? 'Its text has expired'} />
              </span>
              <Chip tone={attempt.verdict === 'fixed' ? 'good' : 'bad'}>{attempt.verdict}</Chip>
              {attempt.gates && <GateMarks gates={attempt.gates} />}
              <span className="ml-auto text-xs text-quiet">
                {attempt.drafter} · <Time at={attempt.at} />
              </span>
            </div>
            <WhatWasWrong attempt={attempt} />
            {attempt.diff && (
              <More summary="The patch">
                <PatchPreview patch={attempt.diff} />
              </More>
            )}
          </li>
        ))}
      </ol>
    </Section>
  )
}

function WhatWasWrong({ attempt: { gates, lesson, review } }: { readonly attempt: Attempt }) {
  const failed = gates?.find(({ status }) => status === 'failed')
  return (
    <>
      {failed && (
        <p className="break-words text-muted">
          Refused by <span className="font-medium">{failed.gate}</span>: <InlineCode text={failed.summary} />
        </p>
      )}
      {lesson && lesson !== failed?.summary && <p className="break-words text-muted">{lesson}</p>}
      {review && (
        <p className="break-words text-muted">
          A second reader {review.approved ? 'agrees' : 'objects'}
          {review.why && `: ${review.why}`}
        </p>
      )}
    </>
  )
}
