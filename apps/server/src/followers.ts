import { once } from 'node:events'
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { timeLimit } from '@fixpoint/core'
import type { FastifyReply } from 'fastify'
import type { Log } from './hands.ts'
import type { ServerSettings } from './settings.ts'

/** One server-sent event. `data` is anything that JSON can say. */
export interface Frame {
  readonly id?: number
  readonly event: string
  readonly data: unknown
}

/** Everybody who watches. What a reader does not take is not asked for either, so a slow one costs one frame. */
export class Followers {
  readonly #settings: ServerSettings['followers']
  readonly #log: Log
  readonly #closing = new AbortController()
  #count = 0

  constructor(settings: ServerSettings['followers'], log: Log) {
    this.#settings = settings
    this.#log = log
  }

  get count(): number {
    return this.#count
  }

  admits(): boolean {
    return this.#count < this.#settings.maximum && !this.#closing.signal.aborted
  }

  /** Lets everybody go: they come back with `Last-Event-ID`. */
  close(): void {
    this.#closing.abort()
  }

  /** Takes the answer over and sends frames until there are no more, the reader is gone, or it is time to ask again who they are. */
  async send(reply: FastifyReply, follow: (signal: AbortSignal) => AsyncIterable<Frame>): Promise<void> {
    const response = reply.raw
    const gone = new AbortController()
    const signal = AbortSignal.any([gone.signal, this.#closing.signal, timeLimit(this.#settings.lifetimeMs)])
    response.on('close', () => gone.abort())
    response.on('error', () => gone.abort())
    reply.hijack()
    this.#count += 1
    const heartbeat = this.#beat(response, gone)
    try {
      // The connection ends with the stream: one that went idle while the server closes would be waited for.
      const stream = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' }
      response.writeHead(200, { ...(reply.getHeaders() as OutgoingHttpHeaders), ...stream })
      await this.#write(response, 'retry: 2000\n\n', signal)
      // JSON has no raw line breaks: data cannot end its own frame.
      for await (const { id, event, data } of follow(signal))
        await this.#write(response, `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`, signal)
    } catch (cause) {
      if (!signal.aborted) this.#log.warn({ error: cause instanceof Error ? cause.name : 'unknown' }, 'a follower was let go')
    } finally {
      clearInterval(heartbeat)
      this.#count -= 1
      if (response.writableNeedDrain) response.destroy()
      else response.end()
    }
  }

  async #write(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
    if (response.write(text)) return
    await once(response, 'drain', { signal: AbortSignal.any([signal, timeLimit(this.#settings.stallMs)]) })
  }

  /** Says that we are alive, and notices who is not. */
  #beat(response: ServerResponse, gone: AbortController): NodeJS.Timeout {
    let stalledMs = 0
    const { heartbeatMs, stallMs } = this.#settings
    const timer = setInterval(() => {
      stalledMs = response.writableNeedDrain ? stalledMs + heartbeatMs : 0
      if (stalledMs === 0) response.write(':\n\n')
      else if (stalledMs >= stallMs) gone.abort()
    }, heartbeatMs)
    return timer.unref()
  }
}
