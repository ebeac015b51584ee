import { QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiProblem } from './problem.ts'

/** First words of the keys under which answers are kept: an event about a run makes these old. */
export const keys = {
  session: ['session'],
  /** Why the last one ended, where the server says so. */
  ended: ['session-ended'],
  proposals: ['proposals'],
  proposal: (run: string) => ['proposal', run],
  run: (run: string) => ['run', run],
  details: (run: string) => ['details', run],
} as const

export function noteEnd(client: QueryClient, { detail, hint }: ApiProblem): void {
  if (detail !== undefined) client.setQueryData(keys.ended, { detail, hint })
}

const FRESH_MS = 5000
const RETRIES = 2

export function newQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (cause) => {
        // A session that ended shows the sign-in page, whoever noticed.
        if (cause instanceof ApiProblem && cause.status === 401) {
          noteEnd(client, cause)
          client.setQueryData(keys.session, null)
        }
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        // What was refused is refused again; what was not reached may be back.
        retry: (failures, cause) => failures < RETRIES && (!(cause instanceof ApiProblem) || cause.status === 0 || cause.status >= 500),
      },
    },
  })
  return client
}
