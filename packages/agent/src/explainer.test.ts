import { createHash } from 'node:crypto'
import type { ExplainTask } from '@fixpoint/core'
import { aDossier, aReport, type ReplyScript, ScriptedInterlocutor, ScriptWorld, textFilesIn } from '@fixpoint/testkit'
import { describe, expect, test } from 'vitest'
import { createExplainer, promptFolder, readPrompts } from './index.ts'

const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const prompts = readPrompts(textFilesIn(promptFolder))
const world = new ScriptWorld({ main: 'function f() {\n  return 1\n}\n', tests: {}, failing: [], others: { 'k.env': 'TOKEN=abcdefghijkl\n' } })
const answer = (evidence: readonly object[] = [], text = 'It returns 1.') => [{ tool: 'answer', input: { text, evidence } }]
const at = (path: string, from: number, to = from) => ({ path, from, to, why: 'shows it' })

async function ask(script: readonly ReplyScript[]) {
  const model = new ScriptedInterlocutor([script])
  const tools = { ...world.tools(model), model }
  const question = { question: 'What does f return?', facts: ['the run ended without a patch'], dossier: aDossier(), source: world.source }
  const explanation = await createExplainer({ prompts, hash }).ask(question, tools, new AbortController().signal)
  model.assertDone()
  return { explanation, model, room: tools.room, edits: tools.edits }
}

describe('a question', () => {
  test('is answered with places that are there', async () => {
    const { explanation, model } = await ask([[{ tool: 'read_file', input: { path: 'src/main.js' } }], answer([at('src/main.js', 2)])])
    expect(explanation).toEqual({ text: 'It returns 1.', evidence: [{ path: 'src/main.js', lines: [2, 2], why: 'shows it' }], model: 'scripted/model' })
    expect(JSON.stringify(model.requests[0]?.messages)).toContain('What does f return?')
  })

  test('places that are not there, or not shown, are left out', async () => {
    const { explanation } = await ask([
      answer([at('src/main.js', 90), at('src/main.js', 3, 2), at('nowhere.js', 1), at('k.env', 1), at('/etc/passwd', 1), at('src/main.js', 1, 3)]),
    ])
    expect(explanation?.evidence.map(({ path, lines }) => [path, ...lines])).toEqual([['src/main.js', 1, 3]])
  })

  test('nothing can be changed or run', async () => {
    const { model, room, edits } = await ask([
      [
        { tool: 'edit_file', input: { path: 'src/main.js', search: 'return 1', replace: 'return 2' } },
        { tool: 'run_command', input: { argv: ['id'] } },
      ],
      answer(),
    ])
    expect(model.requests[0]?.tools.map(({ name }) => name)).toEqual(['search_code', 'read_file', 'find_definition', 'find_references', 'answer'])
    expect([room.commands, edits.edits()]).toEqual([[], []])
  })

  test('without an answer there is none', async () => {
    expect((await ask(['hm', 'hm'])).explanation).toBeUndefined()
    expect((await ask([{ spent: 'used up' }])).explanation).toBeUndefined()
  })
})

test('a failure is explained from the report and what is known', async () => {
  const model = new ScriptedInterlocutor([[answer([at('src/main.js', 2)], 'f returns too little.\u0007')]])
  const task: ExplainTask = {
    report: aReport(),
    frames: [],
    reproduction: undefined,
    dossier: undefined,
    findings: ['the patterns found nothing'],
    source: world.source,
  }
  const explanation = await createExplainer({ prompts, hash }).explain(task, { ...world.tools(model), model }, new AbortController().signal)
  expect(explanation).toMatchObject({ text: 'f returns too little.\ufffd', evidence: [{ path: 'src/main.js' }] })
  expect(JSON.stringify(model.requests[0]?.messages)).toContain('the patterns found nothing')
})
