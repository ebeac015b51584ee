import { type Clock, costOf, Failure, type LanguageModel, type ModelReply, type ModelRequest, tokensOf } from '@fixpoint/core'

/** What a model did with a tiny question and a tool. */
export interface Trial {
  readonly model: string
  readonly servedBy?: string
  /** From the question to the first piece of the answer, and to its end. */
  readonly firstMs?: number
  readonly wholeMs?: number
  /** Pieces that the answer came in. */
  readonly pieces?: number
  readonly said?: string
  /** What it made of a tool; undefined when it was not asked. */
  readonly tools?: 'called' | 'malformed' | 'ignored'
  readonly contextTokens: number
  readonly tokens: number
  /** In US dollars; undefined where no price is known. */
  readonly money: number | undefined
  readonly failure?: Failure
}

const QUESTION: ModelRequest = {
  system: 'You are asked whether you can be reached. Answer in one short line.',
  tools: [],
  messages: [{ role: 'user', content: [{ kind: 'text', text: 'Count from one to five, in words.' }] }],
  maxOutputTokens: 1024,
}

const TOOL: ModelRequest = {
  ...QUESTION,
  tools: [
    {
      name: 'add',
      description: 'Adds two numbers.',
      input: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'] },
    },
  ],
  messages: [{ role: 'user', content: [{ kind: 'text', text: 'What is 19 + 23? Use the tool `add`.' }] }],
}

/** Asks twice; a failure is part of the result. */
export async function tryModel(model: LanguageModel, clock: Pick<Clock, 'monotonic'>, signal: AbortSignal): Promise<Trial> {
  const replies: ModelReply[] = []
  let found: Partial<Trial> = {}
  try {
    const answer = await ask(model, QUESTION, clock, signal)
    replies.push(answer.reply)
    found = { servedBy: answer.reply.servedBy, firstMs: answer.firstMs, wholeMs: answer.wholeMs, pieces: answer.pieces, said: textOf(answer.reply) }
    const used = await ask(model, TOOL, clock, signal)
    replies.push(used.reply)
    found = { ...found, tools: toolsIn(used.reply) }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    found = { ...found, failure: error }
  }
  const sum = (count: (reply: ModelReply) => number) => replies.reduce((total, reply) => total + count(reply), 0)
  return {
    model: model.card.name,
    contextTokens: model.card.contextTokens,
    tokens: sum(({ usage }) => tokensOf(usage)),
    money: model.card.prices === undefined ? undefined : sum(({ usage }) => costOf(usage, model.card)),
    ...found,
  }
}

async function ask(model: LanguageModel, request: ModelRequest, clock: Pick<Clock, 'monotonic'>, signal: AbortSignal) {
  const started = clock.monotonic()
  let firstMs: number | undefined
  let pieces = 0
  for await (const event of model.ask(request, signal)) {
    firstMs ??= clock.monotonic() - started
    if (event.kind === 'reply') return { reply: event.reply, firstMs, wholeMs: clock.monotonic() - started, pieces }
    pieces++
  }
  throw new Failure('model-malformed', `${model.card.name} ended without a reply`, 'Check kind and baseUrl of the provider in the settings.')
}

function textOf(reply: ModelReply): string {
  return reply.content.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('')
}

function toolsIn(reply: ModelReply): NonNullable<Trial['tools']> {
  const call = reply.content.find((part) => part.kind === 'tool-call')
  if (call === undefined) return 'ignored'
  return call.malformed === undefined && call.name === 'add' && 'a' in call.input && 'b' in call.input ? 'called' : 'malformed'
}
