import { queryOptions } from '@tanstack/react-query'
import { api } from './client.ts'
import { answerOf } from './problem.ts'

/** The lanes, and who answers questions. */
export const modelsQuery = queryOptions({ queryKey: ['models'], queryFn: ({ signal }) => answerOf(api.GET('/api/models', { signal })) })
