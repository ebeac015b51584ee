import { type LanguageModel, ModelFailure, type ModelReply, type ModelRequest, type ToolSpec } from '@fixpoint/core'
import { aModelRequest, aReply, aUsage, ScriptedModel, says } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { callsFromWords, inWords } from './text-tools.ts'
import { withProbedTools, withTextTools } from './with-tools.ts'

const tools: readonly ToolSpec[] = [
  { name: 'read_file', description: 'Reads a file.', input: { type: 'object', properties: { path: { type: 'string' } } } },
  { name: 'edit_file', description: 'Edits a file.', input: { type: 'object' } },
]
const read = (text: string) => callsFromWords(aReply({ content: [{ kind: 'text', text }] }), tools)
const block = (inner: string, word = 'tool') => `\`\`\`${word}\n${inner}\n\`\`\``

async function ask(model: LanguageModel, request: ModelRequest = aModelRequest({ tools: [...tools] })): Promise<ModelReply | undefined> {
  let reply: ModelReply | undefined
  for await (const event of model.ask(request, AbortSignal.timeout(5000))) if (event.kind === 'reply') reply = event.reply
  return reply
}

describe('tools as text', () => {
  it.each([
    ['as told', block('{"name": "read_file", "input": {"path": "a.ts"}}')],
    ['in a block of JSON', block('{"name": "read_file", "arguments": {"path": "a.ts"}}', 'json')],
    ['in another word', block('{"tool": "read_file", "parameters": {"path": "a.ts"}}', 'tool_call')],
    ['without an end', '```tool\n{"name": "read_file", "input": {"path": "a.ts"}}'],
    ['in tags', '<tool_call>\n{"name": "read_file", "arguments": {"path": "a.ts"}}\n</tool_call>'],
    ['as a string', block('{"name": "read_file", "arguments": "{\\"path\\": \\"a.ts\\"}"}')],
    ['with a comma too many', block('{"name": "read_file", "input": {"path": "a.ts",},}')],
  ])('a call is read that is written %s', (_name, text) => {
    const { content, stop } = read(`I look.\n\n${text}`)
    expect(content).toMatchObject([
      { kind: 'text', text: 'I look.' },
      { kind: 'tool-call', name: 'read_file', input: { path: 'a.ts' } },
    ])
    expect(stop).toBe('tool-calls')
  })

  it('line breaks within strings are mended, several calls are several', () => {
    const edit = block('{"name": "edit_file", "input": {"replace": "if (a) {\n\treturn 1\n}"}}')
    expect(read(`${edit}\n${block('{"name": "read_file", "input": {}}')}`).content).toMatchObject([
      { name: 'edit_file', input: { replace: 'if (a) {\n\treturn 1\n}' } },
      { name: 'read_file', input: {} },
    ])
  })

  it('what was meant as a call and cannot be read is malformed', () => {
    expect(read(block('{"name": "read_file", "input": {"path": ')).content).toMatchObject([
      { name: 'read_file', input: {}, malformed: expect.stringContaining('"path": ') },
    ])
    expect(read(block('{"name": "read_file", "input": [1]}')).content).toMatchObject([{ name: 'read_file', malformed: expect.any(String) }])
  })

  it('code and JSON that are no calls stay text', () => {
    const text = `${block('{"total": 3}', 'json')}\n${block('const name = 1', 'ts')}\n${block('{"name": "shop", "version": "1"}', 'json')}`
    expect(read(text)).toMatchObject({ content: [{ kind: 'text', text }], stop: 'end' })
  })

  it('a request says all in words', () => {
    const asked = inWords(
      aModelRequest({
        tools: [...tools],
        toolChoice: 'any',
        messages: [
          {
            role: 'assistant',
            content: [
              { kind: 'thinking', text: 'hm' },
              { kind: 'text', text: 'I look.' },
              { kind: 'tool-call', id: 'call_1', name: 'read_file', input: { path: 'a.ts' } },
            ],
          },
          { role: 'user', content: [{ kind: 'tool-result', id: 'call_1', text: 'no such file', failed: true }] },
        ],
      }),
    )
    expect(asked.tools).toEqual([])
    expect(asked.toolChoice).toBeUndefined()
    expect(
      `${asked.system}\n=====\n${asked.messages.map(({ role, content }) => `${role}: ${content.map((part) => ('text' in part ? part.text : '')).join()}`).join('\n')}`,
    ).toMatchInlineSnapshot(`
      "You fix bugs.

      ## Tools

      To use a tool, write a fenced block with the word \`tool\` and in it one JSON object with \`name\` and \`input\`:

      \`\`\`tool
      {"name": "read_file", "input": {}}
      \`\`\`

      Several blocks are several calls. Write nothing after the last block: the results come in the next message. You must use a tool now.

      ### read_file
      Reads a file.
      Input (JSON schema): {"type":"object","properties":{"path":{"type":"string"}}}

      ### edit_file
      Edits a file.
      Input (JSON schema): {"type":"object"}
      =====
      assistant: I look.

      \`\`\`tool
      {"id":"call_1","name":"read_file","input":{"path":"a.ts"}}
      \`\`\`
      user: Result of call call_1 (failed):
      no such file"
    `)
  })

  it('goes both ways around a model', async () => {
    const model = new ScriptedModel([says(block('{"name": "read_file", "input": {"path": "a.ts"}}'))])
    expect(await ask(withTextTools(model))).toMatchObject({ content: [{ kind: 'tool-call', name: 'read_file' }], stop: 'tool-calls' })
    expect(model.requests[0]).toMatchObject({ tools: [], system: expect.stringContaining('### read_file') })
  })
})

describe('withProbedTools', () => {
  const ready = {
    content: [{ kind: 'tool-call', id: '1', name: 'ready', input: { ready: true } }],
    usage: aUsage({ inputTokens: 50 }),
  } as const satisfies Partial<ModelReply>

  it('leaves tools to a model that calls them, and counts what it took to find out', async () => {
    const model = new ScriptedModel([ready, says('one'), says('two')])
    const probed = withProbedTools(model)
    expect(await ask(probed)).toMatchObject({ usage: { inputTokens: 150 } })
    expect(await ask(probed)).toMatchObject({ usage: { inputTokens: 100 } })
    expect(model.requests.map((request) => request.tools.length)).toEqual([1, 2, 2])
  })

  it.each([
    ['does not call them', says('I am ready!')],
    ['refuses them', new ModelFailure('model-malformed', 'does not support tools', 'hint')],
  ])('writes them out for a model that %s', async (_name, answer) => {
    const model = new ScriptedModel([answer, says(block('{"name": "read_file", "input": {}}'))])
    expect(await ask(withProbedTools(model))).toMatchObject({ content: [{ kind: 'tool-call', name: 'read_file' }] })
    expect(model.requests[1]?.tools).toEqual([])
  })

  it('asks nobody about tools that are not needed, and tries again when it could not find out', async () => {
    const model = new ScriptedModel([says('no tools'), new ModelFailure('model-overloaded', 'busy', 'hint'), ready, says('done')])
    const probed = withProbedTools(model)
    await ask(probed, aModelRequest())
    await expect(ask(probed)).rejects.toMatchObject({ code: 'model-overloaded' })
    expect(await ask(probed)).toMatchObject({ content: [{ text: 'done' }] })
  })
})
