import { type BugReport, type Drafter, type Journal, type LanguageModel, Policy } from '@fixpoint/core'
import { Archive, type DriveOptions, drive, openRun, patchFrom } from '@fixpoint/engine'
import { reportFrom } from '@fixpoint/intake'
import { detectProject } from '@fixpoint/test-runners'
import { InMemoryArtifacts, InMemoryInbox, InMemoryJournal, MemorySnapshot, RecordingCodeHost } from '@fixpoint/testkit'
import { hands } from './hands.ts'

export const source = new MemorySnapshot({
  'package.json': '{"name":"x","scripts":{"test":"node --test"}}',
  'src/size.js': 'exports.size = (list) => list.length + 1\n',
  'test/size.test.js':
    "const { size } = require('../src/size.js')\nconst assert = require('node:assert')\nrequire('node:test')('counts', () => assert.strictEqual(size([7, 8]), 2))\n",
})

const oneIdea: Drafter = {
  name: 'one-idea',
  async *draft(task) {
    const patch = patchFrom(task.source, [{ path: 'src/size.js', content: 'exports.size = (list) => list.length\n' }])
    yield { kind: 'candidate', candidate: { patch, origin: { drafter: 'one-idea', kind: 'boundary', summary: 'count right', symptomOnly: false, score: 1 } } }
  },
}

export interface WorldOptions {
  readonly policy?: object
  readonly drafters?: readonly Drafter[]
  /** By lane. */
  readonly models?: ReadonlyMap<string, LanguageModel>
  /** Number of the pull request that the code host makes of a proposal. */
  readonly pull?: number
  /** Instead of one that says that the suite fails. */
  readonly report?: BugReport
}

/** A report, a repository in memory and an engine that fixes it in seconds. */
export async function world({ policy = {}, drafters = [oneIdea], models, pull, report: given }: WorldOptions = {}) {
  const journal = new InMemoryJournal()
  const codeHost = new RecordingCodeHost(pull === undefined ? {} : { pull })
  const artifacts = new InMemoryArtifacts()
  const tools = { ...(await hands({ source, codeHost, drafters, artifacts })), ...(models && { models }) }
  const archive = new Archive(tools.artifacts)
  const detected = detectProject(source, { deps: 'install' })
  const report = given ?? (await reportFrom('The test suite fails.', 'suite'))
  if ('unsupported' in detected || 'refused' in report) throw new Error('the world is not as this test needs it')
  const runId = await openRun(
    {
      report,
      base: source.commit,
      policy: Policy.parse({ lanes: drafters.map(({ name }) => ({ name })), ...policy }),
      workspace: { repository: '/x', project: detected.project, recipe: detected.recipe, commands: {} },
    },
    { journal, archive, clock: tools.clock, ids: tools.ids },
  )
  const inbox = new InMemoryInbox()
  const driveOn = (over: Journal = journal, options: Partial<DriveOptions> = {}) =>
    drive({ runId, journal: over, tools, inbox, signal: new AbortController().signal, progress: () => undefined, ...options })
  return { journal, codeHost, runId, driveOn, tools, inbox, artifacts }
}
