import { ModelFailure } from '@fixpoint/core'
import { ModelSettings } from '@fixpoint/models'
import { calls, type ModelTurn, OpenAiDouble, ScriptedModel, SteppingClock, says } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { tryNamed } from './commands/models.ts'
import { readEnv } from './env.ts'
import { chooseModels } from './model-settings.ts'
import { tryModel } from './model-trial.ts'

const trial = (turns: readonly ModelTurn[]) => tryModel(new ScriptedModel(turns), new SteppingClock(), AbortSignal.timeout(5000))

describe('tryModel', () => {
  it('tells what came, how fast, what tools became and what it cost', async () => {
    expect(await trial([says('one two'), calls(['add', { a: 19, b: 23 }])])).toMatchObject({
      said: 'one two',
      pieces: 1,
      firstMs: 1000,
      wholeMs: 2000,
      tools: 'called',
      tokens: 240,
      money: 0.0012,
    })
  })

  it.each([
    ['ignored', says('42')],
    ['malformed', calls(['add', { x: 1 }])],
  ] as const)('knows a tool that is %s', async (tools, turn) => {
    expect(await trial([says('one'), turn])).toMatchObject({ tools })
  })

  it('a failure is part of what is told', async () => {
    expect(await trial([new ModelFailure('model-key-refused', 'no', 'set another')])).toMatchObject({
      tokens: 0,
      failure: { code: 'model-key-refused', hint: 'set another' },
    })
  })
})

describe('tryNamed', () => {
  it('asks the model that is named, on the wire', async () => {
    await using double = await OpenAiDouble.start([says('one two'), calls(['add', { a: 19, b: 23 }])].map((reply) => ({ kind: 'reply', reply }) as const))
    const { settings } = chooseModels(ModelSettings.parse({ providers: { house: { kind: 'openai', baseUrl: double.baseUrl, tools: 'native' } } }), {})
    const trial = await tryNamed('house/model', settings, readEnv({}), AbortSignal.timeout(20_000), () => undefined)
    expect(trial).toMatchObject({ said: 'one two', tools: 'called' })
  })
})

describe('chooseModels', () => {
  const chosen = (variables: Readonly<Record<string, string>>, told: object = {}) => {
    const { settings, ...rest } = chooseModels(ModelSettings.parse(told), { named: (name) => variables[name] })
    return { ...rest, lanes: settings.lanes, providers: settings.providers }
  }

  it.each([
    [{}, { from: 'nothing', lanes: {} }],
    [{ ANTHROPIC_API_KEY: 'k' }, { from: 'environment', lanes: { cheap: 'anthropic/claude-haiku-5-5', strong: 'anthropic/claude-opus-5-5' } }],
    [{ OPENAI_API_KEY: 'k' }, { from: 'environment', lanes: { cheap: 'openai/gpt-6-luna', strong: 'openai/gpt-6.1-sol' } }],
    [
      { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k', FIXPOINT_MODEL: 'claude-x' },
      { from: 'environment', lanes: { strong: 'anthropic/claude-x' } },
    ],
    [{ OPENAI_BASE_URL: 'http://localhost:11434/v1' }, { from: 'nothing', hint: expect.stringContaining('FIXPOINT_MODEL') }],
    [
      { OPENAI_BASE_URL: 'http://localhost:11434/v1', FIXPOINT_MODEL: 'qwen3:32b' },
      { from: 'environment', lanes: { strong: 'openai/qwen3:32b' }, providers: { openai: { kind: 'openai', baseUrl: 'http://localhost:11434/v1' } } },
    ],
  ])('from %j', (variables, expected) => {
    expect(chosen(variables)).toMatchObject(expected)
  })

  it('lanes of the settings count before the environment, and what it says wrongly is said', () => {
    expect(chosen({ OPENAI_API_KEY: 'k' }, { lanes: { strong: 'anthropic/claude-opus-5-5' } })).toMatchObject({
      from: 'settings',
      lanes: { strong: 'anthropic/claude-opus-5-5' },
    })
    expect(() => chosen({ OPENAI_BASE_URL: 'localhost:11434', FIXPOINT_MODEL: 'm' })).toThrow('an address like http://localhost:11434/v1')
  })
})
