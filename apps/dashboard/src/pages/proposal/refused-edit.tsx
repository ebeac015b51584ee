import { useQuery } from '@tanstack/react-query'
import { detailsQuery } from '../../api/details.ts'
import { InlineCode } from '../../ui/inline-code.tsx'

/** The last attempt was a person's, and does not stand: which gate refused it. */
export function RefusedEdit({ run }: { readonly run: string }) {
  const last = useQuery(detailsQuery(run)).data?.attempts.at(-1)
  const gate = last?.gates?.find(({ status }) => status === 'failed')
  if (last?.drafter !== 'person' || (gate === undefined && last.review?.approved !== false)) return null
  return (
    <p className="border-b border-line bg-bad-soft px-4 py-1.5 break-words text-bad md:px-6">
      {gate ? (
        <>
          The edited patch was refused by the gate <span className="font-medium">{gate.gate}</span>: <InlineCode text={gate.summary} />.
        </>
      ) : (
        <>The edited patch passed every gate, and a second reader objects: {last.review?.why}.</>
      )}{' '}
      This proposal stands as it stood.
    </p>
  )
}
