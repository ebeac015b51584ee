import createClient from 'openapi-fetch'
import type { paths } from './schema.ts'

/** The server's API, as its OpenAPI description has it: `answerOf(api.GET('/api/runs', …))`. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: (request) => fetch(request) })
