export type FieldError = Readonly<Record<string, unknown>>

/** A refusal in GitHub's words. */
export class Denial extends Error {
  readonly status: number
  readonly errors: readonly FieldError[] | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, more: { readonly errors?: readonly FieldError[]; readonly headers?: Readonly<Record<string, string>> } = {}) {
    super(message)
    this.status = status
    this.errors = more.errors
    this.headers = more.headers ?? {}
  }
}

export function notFound(): Denial {
  return new Denial(404, 'Not Found')
}

/** 422 as GitHub says it. */
export function invalid(resource: string, ...errors: readonly FieldError[]): Denial {
  return new Denial(422, 'Validation Failed', { errors: errors.map((error) => ({ resource, ...error })) })
}
