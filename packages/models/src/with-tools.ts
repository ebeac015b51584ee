import { type LanguageModel, type ModelEvent, ModelFailure, type ModelRequest, type Usage } from '@fixpoint/core'
import { sumOf } from './sum-of.ts'
import { callsFromWords, inWords } from './text-tools.ts'

/** For a model that cannot call tools by itself: in both directions tools go as text. */
export function withTextTools(model: LanguageModel): LanguageModel {
  return {
    card: model.card,
    countTokens: (request, signal) => model.countTokens(inWords(request), signal),
    async *ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
      for await (const event of model.ask(inWords(request), signal)) {
        if (event.kind !== 'reply') {
          yield event
          continue
        }
        const reply = callsFromWords(event.reply, request.tools)
        for (const part of reply.content) if (part.kind === 'tool-call') yield { kind: 'tool-call', call: part }
        yield { kind: 'reply', reply }
      }
    },
  }
}

/** Finds out with one small call whether a model calls tools by itself, when tools are first needed. What the call took is added to the reply. */
export function withProbedTools(model: LanguageModel): LanguageModel {
  const inText = withTextTools(model)
  let probed: Promise<Probe> | undefined
  const chosen = async (request: ModelRequest, signal: AbortSignal): Promise<Probe & { readonly fresh: boolean }> => {
    if (request.tools.length === 0) return { native: true, usage: undefined, fresh: false }
    const fresh = probed === undefined
    probed ??= probeTools(model, signal)
    try {
      return { ...(await probed), fresh }
    } catch (error) {
      // It could not be asked: that says nothing of what it can do.
      probed = undefined
      throw error
    }
  }
  return {
    card: model.card,
    countTokens: (request, signal) => inText.countTokens(request, signal),
    async *ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
      const { native, usage, fresh } = await chosen(request, signal)
      for await (const event of (native ? model : inText).ask(request, signal))
        yield event.kind === 'reply' && fresh ? { kind: 'reply', reply: { ...event.reply, usage: sumOf(usage, event.reply.usage) } } : event
    },
  }
}

export interface Probe {
  /** It calls tools by itself. */
  readonly native: boolean
  readonly usage: Usage | undefined
}

const PROBE: ModelRequest = {
  system: 'You answer by calling the tool.',
  tools: [
    { name: 'ready', description: 'Says that you are ready.', input: { type: 'object', properties: { ready: { type: 'boolean' } }, required: ['ready'] } },
  ],
  messages: [{ role: 'user', content: [{ kind: 'text', text: 'Are you ready? Call the tool `ready` with {"ready": true}.' }] }],
  maxOutputTokens: 512,
}

export async function probeTools(model: LanguageModel, signal: AbortSignal): Promise<Probe> {
  try {
    for await (const event of model.ask(PROBE, signal))
      if (event.kind === 'reply')
        return { native: event.reply.content.some((part) => part.kind === 'tool-call' && part.name === 'ready'), usage: event.reply.usage }
  } catch (error) {
    // Some refuse tools outright.
    if (!(error instanceof ModelFailure && error.code === 'model-malformed')) throw error
  }
  return { native: false, usage: undefined }
}
