import { createAgentDrafter, createAgentReproducer, createCritic } from '@fixpoint/agent'
import { Certificate, Diagnosis, type Drafter, type ModelReply, type ModelRequest, Policy, type RunEvent } from '@fixpoint/core'
import { Archive, drive, openRun, PlannedProposal } from '@fixpoint/engine'
import { reportFrom } from '@fixpoint/intake'
import { detectProject } from '@fixpoint/test-runners'
import { InMemoryArtifacts, InMemoryInbox, InMemoryJournal, MemorySnapshot, type ModelTurn, RecordingCodeHost, ScriptedModel } from '@fixpoint/testkit'
import { expect } from 'vitest'
import { loadAgentWords } from '../../apps/cli/src/run-models.ts'
import { hands } from '../crash/hands.ts'
import { MortalJournal } from '../crash/mortal-journal.ts'

// Whole runs on this machine with a scripted model: a shop whose total is wrong, a report that says so in words, and what a model says about it.

const REPORT = 'Totals are wrong\n\nThe total of two and two should be 4, but it is 2.\nThe total of an empty list should be 0.\n'
export const FOUR = { quote: 'The total of two and two should be 4', assertion: 'assert.equal(total([2, 2]), 4)' }
export const NONE = { quote: 'The total of an empty list should be 0.', assertion: 'assert.equal(total([]), 0)' }
export const CODE = 'exports.total = (list) => list[0]\nexports.label = (list) => list.length + " items"\n'
export const SOURCE = {
  'package.json': '{"name":"shop","scripts":{"test":"node --test"}}',
  'src/total.js': CODE,
  'test/total.test.js':
    "const { total, label } = require('../src/total.js')\nconst assert = require('node:assert')\nconst { test } = require('node:test')\ntest('one', () => assert.strictEqual(total([7]), 7))\ntest('label', () => assert.strictEqual(label([1]), '1 items'))\ntest('the first counts', () => {\n  assert.strictEqual(total([1, 2]), 1)\n})\n",
}
export const FIRST_COUNTS = 'test/total.test.js > the first counts'
/** Without the test that demands what the report calls wrong. */
const AGREEING = { ...SOURCE, 'test/total.test.js': SOURCE['test/total.test.js'].replace(/test\('the first[\s\S]*/, '') }

export type Call = readonly [name: string, input: Record<string, unknown>]
export const say = (...calls: readonly Call[]): Partial<ModelReply> => ({
  content: calls.map(([name, input], index) => ({ kind: 'tool-call' as const, id: `${name}-${index}`, name, input })),
})
export const write = (...expectations: { quote: string; assertion?: string; unstated?: string }[]) => {
  const lines = expectations.flatMap(({ assertion }) => (assertion === undefined ? [] : [`  ${assertion}`]))
  const content = `const { test } = require('node:test')\nconst assert = require('node:assert')\nconst { total } = require('../src/total.js')\n\ntest('total of two', () => {\n${lines.join('\n')}\n})\n`
  return say(['write_test', { source: 'src/total.js', name: 'total of two', content, expectations }])
}
export const patch = (code: string, more: object = {}) =>
  say(
    ['edit_file', { path: 'src/total.js', search: '(list) => list[0]', replace: `(list) => ${code}` }],
    ['submit_patch', { cause: 'only the first item was counted', symptom_only: false, confidence: 0.9, ...more }],
  )
export const read = (objection: string, why: string, ...expectations: object[]) => say(['give_verdict', { objection, why, expectations }])
export const seen = ({ quote }: { quote: string }, met: string, asserted: boolean) => ({ quote, met, asserted })

/** The empty list is left out, with a reason that is none. */
export const NARROW = [FOUR, { quote: NONE.quote, unstated: 'one example is enough' }]
export const WRONG = 'list.length * list[0]'
export const RIGHT = 'list.reduce((sum, each) => sum + each, 0)'

interface RunAbout {
  readonly files?: Record<string, string>
  readonly drafters?: readonly Drafter[]
  readonly report?: string
  /** It is killed right after these facts, and driven again. */
  readonly killedAt?: readonly number[]
}

/** Every reply is asked for once. */
export async function run(turns: readonly ModelTurn[], { files = AGREEING, drafters, report: told = REPORT, killedAt = [] }: RunAbout = {}) {
  const source = new MemorySnapshot(files)
  const model = new ScriptedModel(turns)
  const words = await loadAgentWords()
  const journal = new InMemoryJournal()
  const own = await hands({
    source,
    codeHost: new RecordingCodeHost(),
    drafters: drafters ?? [createAgentDrafter({ name: 'strong', ...words })],
    artifacts: new InMemoryArtifacts(),
  })
  const tools = { ...own, reproducers: [createAgentReproducer(words)], critic: createCritic(words), models: new Map([['strong', model]]) }
  const archive = new Archive(tools.artifacts)
  const detected = detectProject(source, { deps: 'install' })
  const report = await reportFrom(told, 'file')
  if ('unsupported' in detected || 'refused' in report) throw new Error('the world is not as this test needs it')
  const policy = Policy.parse({ lanes: [{ name: 'strong', model: model.card.name }], budget: { attempts: 4, minutes: 9, tokens: 1_000_000, money: 100 } })
  const workspace = { repository: '/x', project: detected.project, recipe: detected.recipe, commands: {} }
  const runId = await openRun({ report, base: source.commit, policy, workspace }, { journal, archive, clock: tools.clock, ids: tools.ids })
  const driven = { runId, tools, inbox: new InMemoryInbox(), signal: new AbortController().signal, progress: () => undefined }
  for (const at of killedAt) await expect(drive({ ...driven, journal: new MortalJournal(journal, { at, when: 'after' }) })).rejects.toThrow('killed')
  await drive({ ...driven, journal })
  const facts = (await journal.read(runId)).map(({ event }) => event)
  expect(model.left, `replies that nobody asked for, after ${kinds(facts).join(', ')}`).toBe(0)
  const planned = facts.find((fact) => fact.kind === 'proposal-planned')
  const diagnosed = facts.find((fact) => fact.kind === 'run-diagnosed')
  const proposal = planned && (await archive.get(PlannedProposal, planned.proposal))
  return {
    ...{ facts, model, tools, archive, proposal },
    certificate: proposal && Certificate.parse(JSON.parse(proposal.certificate)),
    diagnosis: diagnosed && (await archive.get(Diagnosis, diagnosed.diagnosis)),
  }
}

export const kinds = (facts: readonly RunEvent[]) => facts.map(({ kind }) => kind).filter((kind) => kind !== 'model-answered')
export const answersIn = (request: ModelRequest | undefined) =>
  (request?.messages ?? []).flatMap(({ content }) => content.flatMap((part) => (part.kind === 'tool-result' ? [part.text] : [])))
export const verdicts = (facts: readonly RunEvent[]) => facts.flatMap((fact) => (fact.kind === 'patch-judged' ? [fact.verdict] : []))
