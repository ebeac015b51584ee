import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { ApiProblem } from '../api/problem.ts'
import { Button } from './button.tsx'
import { Time } from './time.tsx'

/** A spinner says nothing: after a second, words do. */
const WORDS_AFTER_MS = 1000

/** What a question to the server came to, with every state in between. `what`: “the proposals”. */
export function Answer<T>({
  query,
  what,
  children,
}: {
  readonly query: Pick<UseQueryResult<T>, 'data' | 'error' | 'isPending' | 'refetch' | 'dataUpdatedAt'>
  readonly what: string
  readonly children: (data: T) => ReactNode
}) {
  const retry = () => void query.refetch()
  if (query.data === undefined) return query.error === null ? <Loading what={what} /> : <Refused error={query.error} what={what} onRetry={retry} />
  return (
    <>
      {query.error !== null && (
        <div role="status" className="flex flex-wrap items-center gap-2 border-b border-line bg-warn-soft px-4 py-1.5 text-sm text-warn">
          <span>
            {query.error.message}. This is what was known <Time at={new Date(query.dataUpdatedAt).toISOString()} />.
          </span>
          <Button look="ghost" onClick={retry}>
            Ask again
          </Button>
        </div>
      )}
      {children(query.data)}
    </>
  )
}

export function Loading({ what }: { readonly what: string }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), WORDS_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="flex flex-col gap-3 p-4">
      <p role="status" className="min-h-5 text-sm text-quiet">
        {late ? `Asking the server for ${what}…` : ''}
      </p>
      {['w-2/3', 'w-5/6', 'w-1/2', 'w-3/4'].map((width) => (
        <div key={width} aria-hidden className={`h-4 animate-pulse rounded bg-hover ${width}`} />
      ))}
    </div>
  )
}

export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-4 py-16 text-center">
      <h2 className="text-base font-semibold">{title}</h2>
      <div className="text-sm text-muted">{children}</div>
    </div>
  )
}

/** Why there is nothing to show, what to do about it, and the request's id for whoever reads the log. */
export function Refused({ error, what, onRetry }: { readonly error: Error; readonly what: string; readonly onRetry?: () => void }) {
  const problem = error instanceof ApiProblem ? error : undefined
  return (
    <div role="alert" className="mx-auto flex max-w-lg flex-col items-center gap-2 px-4 py-16 text-center">
      <h2 className="text-base font-semibold">{problem?.status === 403 ? `You may not see ${what}` : error.message}</h2>
      {problem?.detail && <p className="text-sm text-muted">{problem.detail}</p>}
      {problem?.hint && <p className="text-sm text-muted">{problem.hint}</p>}
      {problem?.requestId && (
        <p className="text-xs text-quiet">
          Request <code>{problem.requestId}</code>
        </p>
      )}
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  )
}
