import { readdirSync, readFileSync } from 'node:fs'
import type { Drafter } from '@fixpoint/core'
import { engineAssets, patchFrom } from '@fixpoint/engine'
import { patternAssets } from '@fixpoint/patterns'
import { DockerSandboxes } from '@fixpoint/sandbox'
import { testRunnerAssets } from '@fixpoint/test-runners'
import { expect, it } from 'vitest'
import { world } from './world.ts'

interface Idea {
  readonly size: string
}

const RIGHT: Idea = { size: 'list.length' }
const ALIKE: Idea = { size: "list['length']" }
const RIVAL: Idea = { size: 'Math.max(2, list.length)' }

const assets = new Map<string, Uint8Array>(
  [testRunnerAssets, patternAssets, engineAssets].flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [[entry.name, readFileSync(new URL(entry.name, folder))] as const] : [])),
  ),
)

/** Drafts these patches at once, best first. */
function drafting(ideas: readonly Idea[]): Drafter {
  return {
    name: 'many-ideas',
    async *draft(task) {
      for (const [nth, { size }] of ideas.entries()) {
        const patch = patchFrom(task.source, [{ path: 'src/size.js', content: `exports.size = (list) => ${size}\n` }])
        const origin = { drafter: 'many-ideas', kind: 'boundary', summary: `idea ${nth}`, symptomOnly: false, score: 1 - nth / 10 }
        yield { kind: 'candidate', candidate: { patch, origin } }
      }
    },
  }
}

/** What was judged, how many of those that waited were not, and which was chosen. In real rooms: calls are recorded and replayed there. */
async function choiceAmong(ideas: readonly Idea[]) {
  const made = await world({ drafters: [drafting(ideas)] })
  Object.assign(made.tools, { parallelRooms: 2, assets, sandboxes: new DockerSandboxes({ engine: { host: process.env.DOCKER_HOST } }) })
  await made.driveOn()
  const events = (await made.journal.read(made.runId)).map(({ event }) => event)
  const drafted = events.flatMap((event) => (event.kind === 'patch-drafted' ? [event.candidate] : []))
  return {
    judged: events.flatMap((event) => (event.kind === 'patch-judged' ? [event.verdict] : [])),
    dismissed: events.flatMap((event) => (event.kind === 'pending-dismissed' ? [event.count] : [])),
    chosen: events.flatMap((event) => (event.kind === 'patch-chosen' ? [`${drafted.indexOf(event.candidate)}: ${event.verdict}`] : [])),
    delivered: made.codeHost.proposals.size,
  }
}

it.each([
  ['those that answer alike are not judged', [RIGHT, ALIKE, { size: '(list.length)' }], { judged: ['fixed'], dismissed: [2], chosen: ['0: fixed'] }],
  ['one that answers otherwise is', [RIGHT, ALIKE, RIVAL], { judged: ['fixed', 'fixed'], dismissed: [], chosen: ['0: contested'] }],
])('of candidates that wait while another one is judged, %s', async (_name, ideas, expected) => {
  expect(await choiceAmong(ideas)).toEqual({ ...expected, delivered: 1 })
})
