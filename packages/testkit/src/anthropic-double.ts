import type { ModelReply, ReplyPart, StopCause } from '@fixpoint/core'
import { type Frame, WireDouble, type WireRequest, type WireTurn } from './wire-double.ts'

const STOPS: Readonly<Record<StopCause, string>> = {
  end: 'end_turn',
  'tool-calls': 'tool_use',
  'output-limit': 'max_tokens',
  'stop-sequence': 'stop_sequence',
  refused: 'refusal',
  cut: 'end_turn',
}

/** The Messages API on the wire, of Anthropic and of Vertex AI: streaming, counting of tokens, errors. */
export class AnthropicDouble extends WireDouble {
  /** Tokens that `count_tokens` tells; undefined: it does not know that path. */
  counts: number | undefined = 42

  static start(turns: readonly WireTurn[] = []): Promise<AnthropicDouble> {
    return new AnthropicDouble(turns).listen()
  }

  get baseUrl(): string {
    return this.origin
  }

  protected isAsk({ path }: WireRequest): boolean {
    return path.split('?')[0] === '/v1/messages' || path.endsWith(':streamRawPredict')
  }

  protected aside({ path }: WireRequest): unknown {
    return path.startsWith('/v1/messages/count_tokens') && this.counts !== undefined ? { input_tokens: this.counts } : undefined
  }

  protected errorBody(type: string, message: string): unknown {
    return { type: 'error', error: { type, message }, request_id: 'req_double' }
  }

  protected errorFrame(type: string, message: string): Frame {
    return event('error', { error: { type, message } })
  }

  protected textFrames(text: string, isFirst: boolean): readonly Frame[] {
    const delta = event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })
    return isFirst
      ? [
          start('claude-double', { input_tokens: 100, output_tokens: 1 }),
          event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
          delta,
        ]
      : [delta]
  }

  protected frames(reply: ModelReply, _request: WireRequest, told: unknown, half: boolean): readonly Frame[] {
    const { inputTokens, cachedTokens, cacheWriteTokens, outputTokens } = reply.usage
    const input = { input_tokens: inputTokens, cache_read_input_tokens: cachedTokens, cache_creation_input_tokens: cacheWriteTokens }
    const blocks = reply.content.flatMap((part, index) => blockFrames(part, index, half && index === reply.content.length - 1))
    const begun = [start(reply.servedBy, told ?? { ...input, output_tokens: 1 }), event('ping', {}), ...blocks]
    if (half) return begun
    const delta = { stop_reason: STOPS[reply.stop], stop_sequence: null }
    return [...begun, event('message_delta', { delta, usage: told ?? { ...input, output_tokens: outputTokens } }), event('message_stop', {})]
  }
}

function start(model: string, usage: unknown): Frame {
  const message = { id: 'msg_double', type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null, usage }
  return event('message_start', { message })
}

function blockFrames(part: ReplyPart, index: number, half: boolean): readonly Frame[] {
  const { block, deltas } = blockOf(part)
  const told = half ? deltas.slice(0, Math.ceil(deltas.length / 2)) : deltas
  return [
    event('content_block_start', { index, content_block: block }),
    ...told.map((delta) => event('content_block_delta', { index, delta })),
    ...(half ? [] : [event('content_block_stop', { index })]),
  ]
}

function blockOf(part: ReplyPart): { readonly block: object; readonly deltas: readonly object[] } {
  switch (part.kind) {
    case 'text':
      return { block: { type: 'text', text: '' }, deltas: piecesOf(part.text).map((text) => ({ type: 'text_delta', text })) }
    case 'thinking': {
      const pieces = piecesOf(part.text).map((thinking) => ({ type: 'thinking_delta', thinking }))
      return {
        block: { type: 'thinking', thinking: '', signature: '' },
        deltas: part.signature === undefined ? pieces : [...pieces, { type: 'signature_delta', signature: part.signature }],
      }
    }
    case 'tool-call': {
      const pieces = piecesOf(part.malformed ?? JSON.stringify(part.input))
      return {
        block: { type: 'tool_use', id: part.id, name: part.name, input: {} },
        deltas: pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
      }
    }
  }
}

/** At least two, where there is something to divide. */
export function piecesOf(text: string): readonly string[] {
  const size = Math.max(1, Math.min(20, Math.floor(text.length / 2)))
  return text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []
}

function event(type: string, data: object): Frame {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
}
