import { type Answered, Exchange, inert, type JournalEntry, type ModelMessage, type ReplyPart, tokensOf } from '@fixpoint/core'
import { Archive } from '@fixpoint/engine'
import { composeStore } from '../compose.ts'
import type { Env } from '../env.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import { knownRun } from '../known-run.ts'
import type { Screen } from '../present/terminal.ts'

const LONGEST_TEXT = 1_000_000

/** What the models of a run were asked: a list, or one exchange with every word of its prompt and its reply. */
export async function exchanges(id: string, number: string | undefined, options: { json?: boolean }, env: Env, screen: Screen): Promise<ExitCode> {
  const { journal, artifacts } = composeStore(env)
  const { runId, entries } = await knownRun(id, journal)
  const asked = exchangesIn(entries)
  if (number === undefined) {
    for (const [index, answered] of asked.entries())
      process.stdout.write(options.json ? `${JSON.stringify({ number: index + 1, ...answered })}\n` : lineOf(index + 1, answered))
    if (asked.length === 0) screen.line(`${runId} asked no model.`)
    return ExitCode.delivered
  }
  const answered = asked[Number(number) - 1]
  if (answered === undefined)
    throw new UsageError(`${runId} has no exchange ${inert(number, 20)}`, `It has ${asked.length}: fixpoint runs exchanges ${runId} lists them.`)
  const exchange = await new Archive(artifacts).get(Exchange, answered.exchange)
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ...answered, ...exchange })}\n`
      : wholeExchange(`${answered.conversation} · ${answered.model} · prompts ${answered.prompts}`, exchange),
  )
  return ExitCode.delivered
}

export function exchangesIn(entries: readonly JournalEntry[]): readonly Answered[] {
  return entries.flatMap(({ event }) => (event.kind === 'model-answered' ? [event] : []))
}

function lineOf(number: number, { conversation, model, usage, money }: Answered): string {
  const cached = usage.cachedTokens > 0 ? `, ${usage.cachedTokens} cached` : ''
  const cost = money > 0 ? `$${money.toFixed(4)}` : ''
  return `${String(number).padStart(3)}  ${conversation.padEnd(32)} ${model}  ${tokensOf(usage)} tokens (${usage.outputTokens} out${cached}) ${cost}\n`
}

/** Every word that was sent and said. */
export function wholeExchange(title: string, { request, reply, at, durationMs }: Exchange): string {
  const tools = request.tools.map((tool) => `${tool.name}: ${tool.description}\n${JSON.stringify(tool.input, undefined, 1)}`)
  return [
    heading(`${title} · ${at} · ${(durationMs / 1000).toFixed(1)} s`),
    heading('system'),
    request.system,
    ...(tools.length > 0 ? [heading('tools'), ...tools] : []),
    ...request.messages.flatMap((message) => [heading(message.role), ...partsOf(message)]),
    heading(`reply: ${reply.stop}`),
    ...reply.content.map(partOf),
  ]
    .map((text) => `${inert(text, LONGEST_TEXT)}\n`)
    .join('')
}

function heading(text: string): string {
  return `\n──── ${text}`
}

function partsOf(message: ModelMessage): string[] {
  if (message.role === 'assistant') return message.content.map(partOf)
  return message.content.map((part) => (part.kind === 'text' ? part.text : `[${part.id}${part.failed ? ', failed' : ''}] ${part.text}`))
}

function partOf(part: ReplyPart): string {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'thinking':
      return `(thinking) ${part.text}`
    case 'tool-call':
      return `[${part.id}] ${part.name}(${part.malformed ?? JSON.stringify(part.input)})`
    default:
      return part satisfies never
  }
}
