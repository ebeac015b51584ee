import type { ApiOptions } from './github-api.ts'

export interface TokenSource {
  token(): Promise<string>
  /** Another one, because this one was refused. */
  renewed?(refused: string): Promise<string>
}

interface Endpoint {
  readonly headers: Record<string, string | number | undefined>
}
interface Request {
  (endpoint: Endpoint): Promise<unknown>
  readonly endpoint: { merge(route: unknown, parameters?: unknown): Endpoint }
}

/** Authentication as octokit wants it: every request with the token of now, and once more with another when the host says that it ran out. */
export function tokenStrategy(source: TokenSource): NonNullable<ApiOptions['identity']> {
  const hook = async (request: Request, route: unknown, parameters: unknown) => {
    const endpoint = request.endpoint.merge(route, parameters)
    const send = (token: string) => request({ ...endpoint, headers: { ...endpoint.headers, authorization: `token ${token}` } })
    const token = await source.token()
    try {
      return await send(token)
    } catch (error) {
      const refused = error instanceof Error && 'status' in error && error.status === 401
      if (!refused || source.renewed === undefined) throw error
      return send(await source.renewed(token))
    }
  }
  return { authStrategy: () => Object.assign(async () => ({ type: 'token' }), { hook }), auth: {} }
}
