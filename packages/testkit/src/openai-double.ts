import type { ModelReply, ReplyPart, StopCause } from '@fixpoint/core'
import { piecesOf } from './anthropic-double.ts'
import { type Frame, WireDouble, type WireRequest, type WireTurn } from './wire-double.ts'

const STOPS: Readonly<Record<StopCause, string>> = {
  end: 'stop',
  'tool-calls': 'tool_calls',
  'output-limit': 'length',
  'stop-sequence': 'stop',
  refused: 'content_filter',
  cut: 'stop',
}

/** Chat completions on the wire: streaming, usage in the stream, errors. */
export class OpenAiDouble extends WireDouble {
  /** What it answers elsewhere, by path: `/v1/models`, `/props`, `/api/show`. */
  readonly asides = new Map<string, unknown>()
  /** Whether it tells how likely each token was. */
  probabilities = false

  static start(turns: readonly WireTurn[] = []): Promise<OpenAiDouble> {
    return new OpenAiDouble(turns).listen()
  }

  get baseUrl(): string {
    return `${this.origin}/v1`
  }

  protected isAsk({ path }: WireRequest): boolean {
    return path === '/v1/chat/completions'
  }

  protected aside({ path }: WireRequest): unknown {
    return this.asides.get(path)
  }

  protected errorBody(type: string, message: string): unknown {
    return { error: { message, type, param: null, code: type } }
  }

  protected errorFrame(type: string, message: string): Frame {
    return frame({ error: { message, type, code: type } })
  }

  protected textFrames(text: string, isFirst: boolean): readonly Frame[] {
    return isFirst ? [chunk('double', { role: 'assistant', content: '' }), chunk('double', { content: text })] : [chunk('double', { content: text })]
  }

  protected frames(reply: ModelReply, request: WireRequest, told: unknown, half: boolean): readonly Frame[] {
    const model = reply.servedBy
    let calls = 0
    const deltas = reply.content.map((part) => deltasOf(part, part.kind === 'tool-call' ? calls++ : 0))
    const last = deltas.length - 1
    const pieces = deltas.flatMap((each, index) => (half && index === last ? each.slice(0, Math.ceil(each.length / 2)) : each))
    const logprobs = this.probabilities ? { content: [{ token: 'x', logprob: -0.5 }] } : undefined
    const begun = [chunk(model, { role: 'assistant', content: '' }), ...pieces.map((delta) => chunk(model, delta, null, logprobs))]
    if (half) return begun
    const { inputTokens, cachedTokens, cacheWriteTokens, outputTokens } = reply.usage
    const prompt = inputTokens + cachedTokens + cacheWriteTokens
    const details = { cached_tokens: cachedTokens, cache_write_tokens: cacheWriteTokens }
    const usage = told ?? { prompt_tokens: prompt, completion_tokens: outputTokens, total_tokens: prompt + outputTokens, prompt_tokens_details: details }
    const wanted = (request.body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true
    return [...begun, chunk(model, {}, STOPS[reply.stop]), ...(wanted ? [frame({ ...around(model), choices: [], usage })] : []), 'data: [DONE]\n\n']
  }
}

function deltasOf(part: ReplyPart, index: number): readonly object[] {
  if (part.kind === 'text') return piecesOf(part.text).map((content) => ({ content }))
  if (part.kind === 'thinking') return piecesOf(part.text).map((reasoning_content) => ({ reasoning_content }))
  const pieces = piecesOf(part.malformed ?? JSON.stringify(part.input))
  return [
    { tool_calls: [{ index, id: part.id, type: 'function', function: { name: part.name, arguments: '' } }] },
    ...pieces.map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]
}

function around(model: string): object {
  return { id: 'chatcmpl-double', object: 'chat.completion.chunk', created: 0, model }
}

function chunk(model: string, delta: object, finish_reason: string | null = null, logprobs?: object): Frame {
  return frame({ ...around(model), choices: [{ index: 0, delta, finish_reason, ...(logprobs && { logprobs }) }] })
}

function frame(data: object): Frame {
  return `data: ${JSON.stringify(data)}\n\n`
}
