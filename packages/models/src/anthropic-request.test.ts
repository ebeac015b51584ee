import type { ModelRequest } from '@fixpoint/core'
import { aModelRequest } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { anthropicRequest, redactedSignature, withoutThinking } from './anthropic-request.ts'
import { cardOf } from './model-cards.ts'

const traits = (model: string) => cardOf(`anthropic/${model}`, 'anthropic').traits
const made = (request: Partial<ModelRequest>, model = 'claude-sonnet-4-5') => anthropicRequest(model, aModelRequest(request), traits(model))
const text = (value: string, stable?: true) => ({ kind: 'text' as const, text: value, ...(stable && { stable }) })
const tool = { name: 'read_file', description: 'Reads.', input: { type: 'object' } }

/** Where breakpoints are, as paths. */
function breakpoints(value: unknown, place = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => (key === 'cache_control' ? [place] : breakpoints(each, place === '' ? key : `${place}.${key}`)))
}

describe('anthropicRequest', () => {
  it('marks what is worth the cache: after tools and system, after what stays, and the end', () => {
    const messages: ModelRequest['messages'] = [
      { role: 'user', content: [text('dossier', true), text('task')] },
      { role: 'assistant', content: [{ kind: 'tool-call', id: 'a', name: 'read_file', input: {} }] },
      { role: 'user', content: [{ kind: 'tool-result', id: 'a', text: 'x' }] },
    ]
    expect(breakpoints(made({ tools: [tool], messages }))).toEqual(['messages.0.content.0', 'messages.2.content.0', 'system.0'])
    expect(breakpoints(made({ system: '', tools: [tool] }))).toEqual(['messages.0.content.0', 'tools.0'])
  })

  it('never sets more than four', () => {
    const messages: ModelRequest['messages'] = [{ role: 'user', content: [1, 2, 3, 4, 5].map((index) => text(`part ${index}`, true)) }]
    expect(breakpoints(made({ tools: [tool], messages }))).toEqual(['messages.0.content.2', 'messages.0.content.3', 'messages.0.content.4', 'system.0'])
  })

  it('gives thoughts back as they came, and drops those of somebody else', () => {
    const messages: ModelRequest['messages'] = [
      {
        role: 'assistant',
        content: [
          { kind: 'thinking', text: 'hm', signature: 'sig' },
          { kind: 'thinking', text: '', signature: redactedSignature('opaque') },
          { kind: 'thinking', text: 'unsigned' },
          text('So.'),
        ],
      },
    ]
    expect(made({ messages }).messages[0]?.content).toMatchObject([
      { type: 'thinking', thinking: 'hm', signature: 'sig' },
      { type: 'redacted_thinking', data: 'opaque' },
      { type: 'text' },
    ])
    expect(withoutThinking(aModelRequest({ messages })).messages[0]?.content).toEqual([text('So.')])
  })

  it('puts results before what else is said', () => {
    const messages: ModelRequest['messages'] = [{ role: 'user', content: [text('go on'), { kind: 'tool-result', id: 'a', text: 'x', failed: true }] }]
    expect(made({ messages }).messages[0]?.content).toMatchObject([
      { type: 'tool_result', tool_use_id: 'a', is_error: true },
      { type: 'text', text: 'go on' },
    ])
  })

  it.each([
    ['claude-sonnet-4-5', { thinkingTokens: 8000 }, { max_tokens: 9024, thinking: { type: 'enabled', budget_tokens: 8000 } }],
    ['claude-sonnet-4-5', { thinkingTokens: 10 }, { max_tokens: 2048, thinking: { type: 'enabled', budget_tokens: 1024 } }],
    [
      'claude-opus-5-5',
      { thinkingTokens: 8000 },
      { max_tokens: 9024, thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'medium' } },
    ],
    ['claude-opus-5-5', {}, { max_tokens: 1024 }],
  ])('lets %s think as it can: %j', (model, request, expected) => {
    const { max_tokens, thinking, output_config } = made(request, model)
    expect({ max_tokens, ...(thinking && { thinking }), ...(output_config && { output_config }) }).toEqual(expected)
  })

  it('leaves out what a model would refuse', () => {
    const asked: Partial<ModelRequest> = { tools: [tool], temperature: 0, toolChoice: 'any' }
    expect(made(asked)).toMatchObject({ temperature: 0, tool_choice: { type: 'any' } })
    const newest = made(asked, 'claude-opus-5-5')
    expect(newest.tool_choice).toEqual({ type: 'auto' })
    expect(newest).not.toHaveProperty('temperature')
    expect(made({ ...asked, thinkingTokens: 2000 })).not.toHaveProperty('temperature')
  })
})
