import type { RunSummary } from '@fixpoint/core'
import { aCandidate, InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { afterEach, expect, test } from 'vitest'
import { aDesk, type Desk, digest, runId, summary } from './testing.ts'

const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.app.close()
})

const diffOf = (line: string) => `diff --git a/src/size.js b/src/size.js\n--- a/src/size.js\n+++ b/src/size.js\n@@ -1 +1 @@\n-old\n+${line}\n`
const URL = `/api/proposals/${runId(1)}/edits`

async function proposed(changes: Partial<RunSummary> = {}) {
  const artifacts = new InMemoryArtifacts()
  const fakes = { deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts, tokens: new InMemoryTokens() }
  const desk = await aDesk(fakes)
  desks.push(desk)
  const proof = { path: 'test/size.test.js', content: 'the test' }
  const certificate = { patch: { diff: diffOf('new'), origin: aCandidate().origin }, reproduction: { files: [proof] } }
  const edits = [{ path: 'src/size.js', content: 'new\n' }, proof]
  const proposal = await artifacts.put(new TextEncoder().encode(JSON.stringify({ edits, certificate: JSON.stringify(certificate) })))
  desk.runs.set(summary(1, { phase: 'proposing', awaiting: true, proposal, ...changes }))
  const decide = await desk.as('read', 'decide')
  const post = (payload: object, headers = decide) => desk.app.inject({ method: 'POST', url: URL, headers, payload })
  const said = async () => (await fakes.inbox.waiting(runId(1))).map(({ message }) => message)
  return { ...desk, proposal, post, said, get: () => desk.app.inject({ url: URL, headers: decide }) }
}

test('the changed files can be edited, the test that proves the patch cannot; what was made of them is told to the run', async () => {
  const { proposal, post, get, said } = await proposed()
  expect((await get()).json()).toEqual({ proposal, patch: diffOf('new'), files: [{ path: 'src/size.js', content: 'new\n' }] })
  expect((await post({ proposal, diff: diffOf('mine') })).statusCode).toBe(202)
  expect(await said()).toEqual([{ kind: 'edit', by: 'person 1', proposal, diff: diffOf('mine') }])
})

test('an edit is bound to what was shown, and to a proposal that waits', async () => {
  const { proposal, post, said, runs } = await proposed()
  expect((await post({ proposal: digest('another'), diff: diffOf('mine') })).statusCode).toBe(409)
  runs.set(summary(1, { phase: 'minimised', awaiting: false, proposal }))
  expect((await post({ proposal, diff: diffOf('mine') })).statusCode).toBe(409)
  expect(await said()).toEqual([])
})

test('who may not decide may not edit', async () => {
  const { proposal, post, as } = await proposed()
  expect((await post({ proposal, diff: diffOf('mine') }, await as('read'))).statusCode).toBe(403)
})

test.each([
  ['what was shown', diffOf('new'), 'This is the patch that was shown'],
  ['no patch at all', 'change it, please', 'It changes no line.'],
  ['a hunk that is cut off', diffOf('mine').replace('+1 @@', '+1,9 @@'), 'It cannot be read at line'],
  ['a hunk with words of its own', diffOf('mine').replace('-old', 'sesame'), 'It cannot be read at line'],
  ['a path that leads out', diffOf('mine').replaceAll('src/size.js', '../size.js'), 'not inside the repository'],
])('%s is refused with a reason, and without its words', async (_, diff, reason) => {
  const { proposal, post, said } = await proposed()
  const refused = await post({ proposal, diff })
  expect(refused.statusCode).toBe(422)
  expect(refused.body).toContain(reason)
  expect(refused.body).not.toContain('sesame')
  expect(await said()).toEqual([])
})
