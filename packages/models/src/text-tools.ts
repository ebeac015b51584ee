import { randomUUID } from 'node:crypto'
import type { ModelMessage, ModelReply, ModelRequest, ReplyPart, ToolCall, ToolSpec } from '@fixpoint/core'
import { objectIn } from './reply-under-way.ts'

const FENCE = '```tool'

/** The same request for a model that cannot call tools: they are described to it, and calls and results are written out. */
export function inWords(request: ModelRequest): ModelRequest {
  const told = request.tools.length > 0 && request.toolChoice !== 'none' ? manual(request.tools, request.toolChoice === 'any') : ''
  const { toolChoice: _, ...rest } = request
  return { ...rest, tools: [], system: [request.system, told].filter((each) => each !== '').join('\n\n'), messages: request.messages.map(messageInWords) }
}

function manual(tools: readonly ToolSpec[], must: boolean): string {
  const each = tools.map(({ name, description, input }) => `### ${name}\n${description}\nInput (JSON schema): ${JSON.stringify(input)}`)
  return [
    '## Tools',
    `To use a tool, write a fenced block with the word \`tool\` and in it one JSON object with \`name\` and \`input\`:\n\n${FENCE}\n{"name": "${tools[0]?.name}", "input": {}}\n\`\`\``,
    `Several blocks are several calls. Write nothing after the last block: the results come in the next message. ${must ? 'You must use a tool now.' : 'Without such a block your answer is final.'}`,
    ...each,
  ].join('\n\n')
}

function messageInWords(message: ModelMessage): ModelMessage {
  if (message.role === 'assistant') {
    const text = message.content.flatMap((part) => (part.kind === 'text' ? [part.text] : part.kind === 'tool-call' ? [callInWords(part)] : []))
    return { role: 'assistant', content: [{ kind: 'text', text: text.join('\n\n') }] }
  }
  const content = message.content.map((part) =>
    part.kind === 'text' ? part : ({ kind: 'text', text: `Result of call ${part.id}${part.failed === true ? ' (failed)' : ''}:\n${part.text}` } as const),
  )
  return { role: 'user', content }
}

function callInWords({ id, name, input, malformed }: ToolCall): string {
  return `${FENCE}\n${malformed ?? JSON.stringify({ id, name, input })}\n\`\`\``
}

/** A fenced block that says it is a call, or JSON that looks like one. An unclosed block at the end is one whose end was forgotten. */
const BLOCK = /^[ \t]*```[ \t]*(tool(?:_call|_code)?|json)?[ \t]*\r?\n([\s\S]*?)(?:^[ \t]*```[ \t]*$|(?![\s\S]))/gm
/** As models write it that were trained on another form. */
const TAG = /<tool_call>\s*([\s\S]*?)\s*(?:<\/tool_call>|(?![\s\S]))/g

/** The reply with the calls that stand written in it as calls. */
export function callsFromWords(reply: ModelReply, tools: readonly ToolSpec[]): ModelReply {
  const names = new Set(tools.map(({ name }) => name))
  const content = reply.content.flatMap((part) => (part.kind === 'text' ? partsOf(part.text, names) : [part]))
  const hasCalls = content.some(({ kind }) => kind === 'tool-call')
  return { ...reply, content, stop: hasCalls && (reply.stop === 'end' || reply.stop === 'stop-sequence') ? 'tool-calls' : reply.stop }
}

function partsOf(text: string, names: ReadonlySet<string>): ReplyPart[] {
  const calls: ToolCall[] = []
  const take = (whole: string, inner: string, isMarked: boolean) => {
    const call = callFrom(inner, names, isMarked)
    if (call === undefined) return whole
    calls.push(call)
    return ''
  }
  const rest = text
    .replace(BLOCK, (whole, word: string | undefined, inner: string) => take(whole, inner, word?.startsWith('tool') === true))
    .replace(TAG, (whole, inner: string) => take(whole, inner, true))
    .trim()
  return [...(rest === '' ? [] : [{ kind: 'text', text: rest } as const]), ...calls]
}

/** Undefined: no call at all. One that was meant as a call and is not to be read is `malformed`. */
function callFrom(text: string, names: ReadonlySet<string>, isMarked: boolean): ToolCall | undefined {
  const value = objectIn(text.trim()) ?? objectIn(mended(text.trim()))
  const name = [value?.name, value?.tool, value?.function].find((each) => typeof each === 'string')
  const input = [value?.input, value?.arguments, value?.parameters].find((each) => each !== undefined)
  const id = `call_${randomUUID().replaceAll('-', '').slice(0, 12)}`
  if (name !== undefined && (isMarked || names.has(name))) {
    const object = typeof input === 'string' ? objectIn(input) : objectIn(JSON.stringify(input ?? {}))
    return object === undefined ? { kind: 'tool-call', id, name, input: {}, malformed: text } : { kind: 'tool-call', id, name, input: object }
  }
  const meant = /"(?:name|tool)"\s*:\s*"([^"]*)"/.exec(text)?.[1]
  return isMarked ? { kind: 'tool-call', id, name: meant ?? '', input: {}, malformed: text } : undefined
}

/** JSON as people write it: line breaks within strings, and a comma too many. */
function mended(text: string): string {
  return text
    .replace(/"(?:[^"\\]|\\[\s\S])*"/g, (string) => string.replaceAll('\r', '').replaceAll('\n', '\\n').replaceAll('\t', '\\t'))
    .replace(/,(\s*[}\]])/g, '$1')
}
