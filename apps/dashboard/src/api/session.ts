import { queryOptions, skipToken, useQuery } from '@tanstack/react-query'
import { api } from './client.ts'
import { ApiProblem, answerOf } from './problem.ts'
import { keys, noteEnd } from './queries.ts'

/** Who is signed in; `null`: nobody. */
export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: ({ signal, client }) =>
    answerOf(api.GET('/api/session', { signal })).catch((cause: unknown) => {
      if (!(cause instanceof ApiProblem) || cause.status !== 401) throw cause
      noteEnd(client, cause)
      return null
    }),
  staleTime: 60_000,
})

/** Nobody asks for it: whoever is refused leaves it. */
export const endedQuery = queryOptions<{ readonly detail: string; readonly hint: string | undefined }>({ queryKey: keys.ended, queryFn: skipToken })

/** How people may sign in besides by link. */
export const signInQuery = queryOptions({ queryKey: ['sign-in'], queryFn: ({ signal }) => answerOf(api.GET('/api/sign-in', { signal })), staleTime: 60_000 })

/** Why deciding is not offered; undefined when this person may decide. */
export function useDecidingRefusal(): string | undefined {
  const { data } = useQuery(sessionQuery)
  return data?.scopes.includes('decide') ? undefined : 'You may look, and not decide: that needs the scope “decide”.'
}

/** Why settings cannot be changed; undefined when this person may. */
export function useAdminRefusal(): string | undefined {
  const { data } = useQuery(sessionQuery)
  return data?.scopes.includes('admin') ? undefined : 'You may look, and not change settings: that needs the scope “admin”.'
}
