/** What the server says when it does not do what it was asked (`application/problem+json`). */
interface SaidProblem {
  readonly title?: string
  readonly detail?: string
  readonly hint?: string
}

/** Why there is no answer, as people are shown it. `status` 0: the server was not reached. */
export class ApiProblem extends Error {
  readonly status: number
  readonly detail: string | undefined
  readonly hint: string | undefined
  readonly requestId: string | undefined

  constructor(status: number, said: SaidProblem, requestId?: string) {
    super(said.title ?? (status === 0 ? 'The server cannot be reached' : `The server answered ${status}`))
    this.name = 'ApiProblem'
    this.status = status
    this.detail = said.detail
    this.hint = said.hint
    this.requestId = requestId
  }
}

/** The answer, or an `ApiProblem`. */
export async function answerOf<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiProblem(0, { hint: 'Look whether `fixpoint serve` runs, and whether you are connected.' })
  })
  if (response.ok) return data as T
  const said = typeof error === 'object' && error !== null ? (error as SaidProblem) : {}
  throw new ApiProblem(response.status, said, response.headers.get('x-request-id') ?? undefined)
}
