export type FaultKind = '500' | '502' | 'hang' | 'truncated' | 'reset' | '403' | '409' | '422' | 'secondary' | 'secondary-without-headers'

export interface Fault {
  /** undefined: any. */
  readonly method?: string
  /** Looked for in the path with its query. */
  readonly path: RegExp
  /** 1 when not told. */
  readonly times?: number
  readonly kind: FaultKind
  /** The request is carried out, and only then does this happen instead of the reply. */
  readonly after?: true
  /** Of a secondary limit; 1 when not told. */
  readonly retryAfterSeconds?: number
}

export interface FaultReply {
  readonly status: number
  readonly message: string
  readonly headers: Readonly<Record<string, string>>
}

/** What goes wrong on demand, once or several times, in the order it was asked for. */
export class Faults {
  readonly #waiting: { readonly fault: Fault; left: number }[] = []

  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times ?? 1 })
  }

  /** Uses one up. */
  take(method: string, path: string): Fault | undefined {
    const found = this.#waiting.find(({ fault, left }) => left > 0 && (fault.method === undefined || fault.method === method) && fault.path.test(path))
    if (found === undefined) return undefined
    found.left -= 1
    return found.fault
  }

  /** How often faults that were asked for have not happened yet. */
  get left(): number {
    return this.#waiting.reduce((total, { left }) => total + left, 0)
  }
}

const SECONDARY = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'

/** undefined: the connection itself goes wrong. */
export function faultReply({ kind, retryAfterSeconds = 1 }: Fault): FaultReply | undefined {
  switch (kind) {
    case '500':
      return { status: 500, message: 'Server Error', headers: {} }
    case '502':
      return { status: 502, message: 'Server Error', headers: {} }
    case '403':
      return { status: 403, message: 'Resource not accessible by integration', headers: {} }
    case '409':
      return { status: 409, message: 'Conflict', headers: {} }
    case '422':
      return { status: 422, message: 'Validation Failed', headers: {} }
    case 'secondary':
      return { status: 403, message: SECONDARY, headers: { 'retry-after': String(retryAfterSeconds) } }
    case 'secondary-without-headers':
      return { status: 429, message: SECONDARY, headers: {} }
    case 'hang':
    case 'truncated':
    case 'reset':
      return undefined
  }
}
