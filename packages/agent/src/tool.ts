import { inert, type ToolCall, type ToolSpec } from '@fixpoint/core'
import { z } from 'zod'
import type { Prompts } from './prompts.ts'

/** What a tool says. `ends`: the conversation has reached its aim. */
export interface Answer {
  readonly text: string
  readonly ends?: true
}

export interface Tool {
  readonly spec: ToolSpec
  /** What it does lies outside the room: done again when a conversation is gone through again after a kill. */
  readonly keeps: boolean
  run(call: ToolCall, signal: AbortSignal): Promise<Answer>
}

const REFUSED = 'Not done: '
const LONGEST_ECHO = 300

/** A refusal is known by its first words, so that it is the same when it is read back from a record. */
export function refused(why: string): Answer {
  return { text: `${REFUSED}${why}` }
}

export function isRefused(text: string): boolean {
  return text.startsWith(REFUSED)
}

export function defineTool<Input extends z.ZodObject>(
  prompts: Prompts,
  about: { name: string; input: Input; keeps?: true; run(input: z.infer<Input>, signal: AbortSignal): Promise<Answer> | Answer },
): Tool {
  const { $schema: _, ...schema } = z.toJSONSchema(about.input, { io: 'input' })
  const expected = `Its input is an object of this schema: ${JSON.stringify(schema)}`
  return {
    spec: { name: about.name, description: prompts.section('tools', about.name), input: schema },
    keeps: about.keeps ?? false,
    async run(call, signal) {
      if (call.malformed !== undefined)
        return refused(`the input of ${about.name} is not the JSON of an object: ${inert(call.malformed, LONGEST_ECHO)}\n${expected}`)
      const input = about.input.safeParse(call.input)
      if (!input.success) return refused(`the input of ${about.name} is not as it should be: ${problemsOf(input.error)}.\n${expected}`)
      return about.run(input.data, signal)
    },
  }
}

/** Answers any call, also of a tool that is not there. */
export async function answerTo(call: ToolCall, tools: readonly Tool[], signal: AbortSignal): Promise<Answer> {
  const tool = tools.find(({ spec }) => spec.name === call.name)
  if (tool === undefined) return refused(`there is no tool "${inert(call.name, 60)}"; there are ${tools.map(({ spec }) => spec.name).join(', ')}.`)
  return tool.run(call, signal)
}

function problemsOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => inert(`${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`, 160))
    .join('; ')
}
