import type { Certificate } from '@fixpoint/core'
import { Section } from '../../ui/section.tsx'

const MET = { yes: 'yes', no: 'no', unclear: 'cannot be seen' } as const
const CELL = 'px-3 py-2 text-left align-top break-words'

/** Sentences of the report, and whether they are done: as the test's author states them, and as a fresh mind reads them. Words, no evidence. */
export function SecondReader({ certificate: { reproduction, review } }: { readonly certificate: Certificate }) {
  const written = reproduction.expectations ?? []
  if (review === undefined && written.length === 0) return null
  return (
    <Section title="What the report asks for" aside="words, no evidence">
      {review && <p className="break-words text-muted">A second reader: {review.why}</p>}
      <div className="overflow-x-auto rounded-md border border-line bg-raised">
        <table className="w-full text-sm">
          <thead className="border-b border-line text-xs text-quiet">
            <tr>
              <th className={CELL}>The report says</th>
              <th className={CELL}>Done</th>
              <th className={CELL}>Asserted by the test</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {written.map(({ quote, assertion, unstated }) => (
              <tr key={quote}>
                <td className={CELL}>{quote}</td>
                <td className={CELL}>–</td>
                <td className={CELL}>{assertion ? <code>{assertion}</code> : `no: ${unstated ?? ''}`}</td>
              </tr>
            ))}
            {review?.expectations.map(({ quote, met, asserted, contradictedBy }) => (
              <tr key={quote}>
                <td className={CELL}>{quote}</td>
                <td className={CELL}>
                  {MET[met]}
                  {contradictedBy && `; otherwise in ${contradictedBy}`}
                </td>
                <td className={CELL}>{asserted ? 'yes' : 'no'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}
