import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ModelReply } from '@fixpoint/core'
import { aReply } from './scripted-model.ts'

/** What a real endpoint may do when it is asked. */
export type WireTurn =
  | { readonly kind: 'reply'; readonly reply: Partial<ModelReply> /** In place of what the protocol makes of the reply’s usage. */; readonly usage?: unknown }
  | {
      readonly kind: 'refusal'
      readonly status: number
      readonly type?: string
      readonly message?: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** A status and a body in no protocol. */
  | { readonly kind: 'raw'; readonly status?: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  /** Takes the request and says nothing, ever. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'hang-up' }
  /** Begins the reply and then: says nothing more, hangs up, or names an error. Parts that are whole are told whole, the last by half. */
  | { readonly kind: 'idle' | 'cut'; readonly reply: Partial<ModelReply> }
  | { readonly kind: 'error-event'; readonly type: string; readonly message: string }
  /** The same text again and again, until nobody listens; `numbered`: never quite the same. */
  | { readonly kind: 'endless'; readonly text: string; readonly numbered?: true }

export interface WireRequest {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Readonly<Record<string, unknown>>
}

/** One piece of a streamed answer, as it goes over the wire. */
export type Frame = string

/** An HTTP server on this machine that speaks a provider’s protocol by a script. Runs out loudly. */
export abstract class WireDouble implements AsyncDisposable {
  readonly requests: WireRequest[] = []
  /** Requests whose caller went away before the end. */
  abandoned = 0
  readonly #turns: WireTurn[]
  readonly #server: Server
  #overrun = 0

  constructor(turns: readonly WireTurn[]) {
    this.#turns = [...turns]
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  add(...turns: readonly WireTurn[]): void {
    this.#turns.push(...turns)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
    if (this.#overrun > 0) throw new Error(`the endpoint was asked ${this.#overrun} times more than its script knows`)
  }

  /** What is answered without a turn of the script: lists of models, counts of tokens. */
  protected abstract aside(request: WireRequest): unknown
  protected abstract isAsk(request: WireRequest): boolean
  protected abstract errorBody(type: string, message: string): unknown
  /** The frames of a whole reply. `half`: as far as the middle of its last part. */
  protected abstract frames(reply: ModelReply, request: WireRequest, usage: unknown, half: boolean): readonly Frame[]
  protected abstract errorFrame(type: string, message: string): Frame
  /** What comes before the first text, and each piece of it. */
  protected abstract textFrames(text: string, isFirst: boolean): readonly Frame[]

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of message) parts.push(part as Buffer)
    const text = Buffer.concat(parts).toString()
    const request = { path: message.url ?? '', headers: message.headers, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) }
    if (!this.isAsk(request)) {
      const aside = this.aside(request)
      return void respond(response, aside === undefined ? 404 : 200, aside ?? this.errorBody('not_found_error', `no ${request.path}`))
    }
    this.requests.push(request)
    response.on('close', () => {
      if (!response.writableFinished) this.abandoned++
    })
    const turn = this.#turns.shift()
    if (turn === undefined) {
      this.#overrun++
      return void respond(response, 400, this.errorBody('invalid_request_error', 'the script of this double ends here'))
    }
    await this.#play(turn, request, response)
  }

  async #play(turn: WireTurn, request: WireRequest, response: ServerResponse): Promise<void> {
    switch (turn.kind) {
      case 'refusal':
        return void respond(response, turn.status, this.errorBody(turn.type ?? 'api_error', turn.message ?? ''), turn.headers)
      case 'raw':
        response.writeHead(turn.status ?? 200, { 'content-type': 'text/html', ...turn.headers })
        return void response.end(turn.body)
      case 'silence':
        return
      case 'hang-up':
        return void response.destroy()
      case 'error-event':
        return void stream(response, [...this.textFrames('So', true), this.errorFrame(turn.type, turn.message)]).end()
      case 'endless':
        return this.#goOn(turn, response)
      case 'reply':
        return void stream(response, this.frames(aReply(turn.reply), request, turn.usage, false)).end()
      case 'idle':
        return void stream(response, this.frames(aReply(turn.reply), request, undefined, true))
      case 'cut':
        stream(response, this.frames(aReply(turn.reply), request, undefined, true))
        // What was written arrives before the end does.
        setTimeout(() => response.destroy(), 50)
    }
  }

  async #goOn({ text, numbered }: Extract<WireTurn, { kind: 'endless' }>, response: ServerResponse): Promise<void> {
    for (let time = 0; !response.destroyed; time++) {
      const more = this.textFrames(numbered === true ? `${text} ${time} ` : text, time === 0)
      stream(response, more)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

function respond(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

function stream(response: ServerResponse, frames: readonly Frame[]): ServerResponse {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const frame of frames) response.write(frame)
  return response
}
