import { Certificate, Digest, type Drafter, type FileEdit, fold, GateName, type InboxMessage, type Run } from '@fixpoint/core'
import { Archive, Judgement, PlannedProposal, patchFrom } from '@fixpoint/engine'
import { describe, expect, it } from 'vitest'
import { source, type WorldOptions, world } from './world.ts'

const FIX = 'exports.size = (list) => list.length\n'
const ANOTHER = 'exports.size = (list) => [...list].length\n'

const diffTo = (content: string, ...more: FileEdit[]) => patchFrom(source, [{ path: 'src/size.js', content }, ...more]).diff

/** Has a second idea once somebody has said that the first is not wanted; says what it was told. */
function twoIdeas(heard: string[]): Drafter {
  return {
    name: 'two-ideas',
    async *draft(task) {
      heard.push(...task.lessons.filter((lesson) => lesson.gate === 'review').map((lesson) => lesson.summary))
      const patch = patchFrom(task.source, [{ path: 'src/size.js', content: task.lessons.length === 0 ? FIX : ANOTHER }])
      yield {
        kind: 'candidate',
        candidate: { patch, origin: { drafter: 'two-ideas', kind: 'boundary', summary: 'count right', symptomOnly: false, score: 1 } },
      }
    },
  }
}

/** A run that was driven until it waits for a person. */
async function waiting(options: WorldOptions = {}) {
  const at = await world({ policy: { approval: 'person' }, ...options })
  const run = await at.driveOn()
  if (run.phase !== 'proposing') throw new Error(`the run is ${run.phase}, and does not wait`)
  const say = async (message: InboxMessage): Promise<Run> => {
    await at.inbox.put(at.runId, message)
    return at.driveOn()
  }
  return { ...at, proposal: run.proposal, say }
}

describe('a run that waits for a person', { timeout: 120_000 }, () => {
  it('leaves no mark on the world until it is approved', async () => {
    const { codeHost, say, proposal, inbox, runId } = await waiting()
    expect(codeHost.proposals.size).toBe(0)
    const other = proposal.replace(/^./, (letter) => (letter === '0' ? '1' : '0')) as typeof proposal
    expect(await say({ kind: 'approve', by: 'ann', proposal: other }), 'another proposal than the one that was shown').toMatchObject({ phase: 'proposing' })
    expect(await say({ kind: 'approve', by: 'ann', proposal })).toMatchObject({ phase: 'settled', outcome: 'delivered' })
    expect(codeHost.proposals.size).toBe(1)
    expect(await inbox.waiting(runId)).toEqual([])
  })

  it('shows what the tests printed on the base and with the patch', async () => {
    const { proposal, artifacts } = await waiting()
    const read = async (digest: string) => new TextDecoder().decode(await artifacts.get(Digest.parse(digest)))
    const archive = new Archive(artifacts)
    const { baseline, verdict } = Certificate.parse(JSON.parse((await archive.get(PlannedProposal, proposal)).certificate))
    const ran = verdict.gates.find(({ gate }) => gate === 'reproduction')?.commands ?? []
    expect(await Promise.all(ran.map(async ({ on, outputDigest }) => [on, /^(not )?ok counts$/m.exec(await read(outputDigest))?.[0]]))).toEqual([
      ...Array.from({ length: 3 }, () => ['patch', 'ok counts']),
      ['base', 'not ok counts'],
    ])
    expect(await read(baseline.suite?.outputDigest ?? '')).toContain('not ok counts')
  })

  it('drafts again when changes are wanted, with the words as a lesson', async () => {
    const heard: string[] = []
    const { say, proposal, tools, codeHost } = await waiting({ drafters: [twoIdeas(heard)] })
    const again = await say({ kind: 'request-changes', by: 'ann', proposal, words: 'Do not trust \u202elength' })
    expect(heard).toEqual(['Do not trust \ufffdlength'])
    if (again.phase !== 'proposing') throw new Error(`the run is ${again.phase}`)
    expect(again.proposal).not.toBe(proposal)
    const judgement = await new Archive(tools.artifacts).get(Judgement, again.judgement)
    expect(judgement.candidate.patch.edits).toMatchObject([{ content: ANOTHER }])
    expect(await say({ kind: 'approve', by: 'ann', proposal: again.proposal })).toMatchObject({ outcome: 'delivered' })
    expect(codeHost.proposals.size).toBe(1)
  })

  it('judges what a person made of the patch: it becomes the proposal, and the certificate names them', async () => {
    const { say, proposal, artifacts, journal, runId } = await waiting()
    const again = await say({ kind: 'edit', by: 'ann', proposal, diff: diffTo(ANOTHER) })
    if (again.phase !== 'proposing') throw new Error(`the run is ${again.phase}`)
    expect(again.proposal).not.toBe(proposal)
    const { certificate, message } = await new Archive(artifacts).get(PlannedProposal, again.proposal)
    const { patch, verdict } = Certificate.parse(JSON.parse(certificate))
    expect(patch).toMatchObject({ diff: diffTo(ANOTHER), origin: { drafter: 'person', by: 'ann', summary: 'count right, edited by ann' } })
    expect(verdict.gates.map(({ gate }) => gate)).toEqual(GateName.options)
    expect(message).toContain('Edited-by: ann')
    expect((await journal.read(runId)).map(({ event }) => event.kind).slice(-7)).toEqual([
      ...['proposal-planned', 'patch-edited', 'patch-drafted', 'patch-minimised', 'patch-judged', 'patch-chosen', 'proposal-planned'],
    ])
    expect(await say({ kind: 'approve', by: 'ann', proposal }), 'the one of before').toMatchObject({ phase: 'proposing', approved: false })
    expect(await say({ kind: 'approve', by: 'ann', proposal: again.proposal })).toMatchObject({ outcome: 'delivered' })
  })

  it.each([
    ['breaks it again', diffTo('exports.size = (list) => list.length + 2\n'), 'still-broken', 'reproduction'],
    ['adds what nothing needs', diffTo(FIX, { path: 'src/more.js', content: 'exports.more = 1\n' }), 'inconclusive', 'necessity'],
    ['does not fit the base', diffTo(ANOTHER).replace('+ 1', '+ 3'), 'unappliable', 'applies'],
  ])('refuses an edit that %s, and the proposal stands as it stood', async (_, diff, verdict, gate) => {
    const { say, proposal, artifacts } = await waiting()
    const after = await say({ kind: 'edit', by: 'ann', proposal, diff })
    if (after.phase !== 'proposing') throw new Error(`the run is ${after.phase}`)
    expect(after).toMatchObject({ proposal, approved: false, judged: [{ verdict: 'fixed' }, { verdict }] })
    const refused = await new Archive(artifacts).get(Judgement, after.judged.at(-1)?.judgement ?? proposal)
    expect(refused.verdict.gates.find(({ status }) => status === 'failed')?.gate).toBe(gate)
    expect(await say({ kind: 'edit', by: 'ann', proposal: proposal.replace(/^./, (letter) => (letter === '0' ? '1' : '0')) as never, diff })).toEqual(after)
    expect(await say({ kind: 'approve', by: 'ann', proposal })).toMatchObject({ outcome: 'delivered' })
  })

  it.each([
    ['rejected', (proposal) => ({ kind: 'reject', by: 'ann', proposal, words: 'not our bug' }), 'declined'],
    ['cancelled', () => ({ kind: 'cancel', by: 'ann' }), 'cancelled'],
  ] as [string, (proposal: Extract<InboxMessage, { kind: 'approve' }>['proposal']) => InboxMessage, string][])(
    'is over when %s',
    async (_, message, outcome) => {
      const { say, proposal, codeHost } = await waiting()
      expect(await say(message(proposal))).toMatchObject({ phase: 'settled', outcome })
      expect(codeHost.proposals.size).toBe(0)
    },
  )

  it('has time to be decided on: the minutes of its budget do not run', async () => {
    const { say, proposal, tools } = await waiting({ policy: { approval: 'person', budget: { minutes: 5 } } })
    Object.assign(tools.clock, { now: () => new Date(Date.parse('2100-01-01T00:00:00Z')) })
    expect(await say({ kind: 'approve', by: 'ann', proposal })).toMatchObject({ outcome: 'delivered' })
  })
})

describe('a run that nobody waits for', { timeout: 120_000 }, () => {
  it('hears what was said before it began, and forgets what came too late', async () => {
    const heard: string[] = []
    const at = await world({ drafters: [twoIdeas(heard)] })
    await at.inbox.put(at.runId, { kind: 'steer', by: 'ann', words: 'look at size' })
    await at.driveOn()
    expect(heard).toEqual(['look at size'])
    await at.inbox.put(at.runId, { kind: 'cancel', by: 'ann' })
    expect(await at.driveOn()).toMatchObject({ outcome: 'delivered' })
  })

  it('is kept to itself by somebody who only observes', async () => {
    const { driveOn, codeHost } = await world({ policy: { autonomy: 'observe' } })
    expect(await driveOn()).toMatchObject({ phase: 'settled', outcome: 'delivered', proposal: expect.any(String) })
    expect(codeHost.proposals.size).toBe(0)
  })

  it('is left as it stands when it is paused, and gone on with later', async () => {
    const { driveOn, journal, runId } = await world()
    const pause = new AbortController()
    const paused = await driveOn(journal, { pause: pause.signal, progress: (each) => each.kind === 'fact' && pause.abort() })
    expect(paused.phase).toBe('reproduced')
    expect(fold(await journal.read(runId))).toEqual(paused)
    expect(await driveOn()).toMatchObject({ outcome: 'delivered' })
  })
})

describe('a run with a pull request', { timeout: 240_000 }, () => {
  const BASE = '1'.repeat(40)

  async function proposed(options: WorldOptions = {}) {
    const at = await world({ policy: { autonomy: 'draft-pr', unattended: ['verified', 'implicit', 'suggestion'] }, pull: 7, ...options })
    const run = await at.driveOn()
    if (run.phase !== 'proposed') throw new Error(`the run is ${run.phase}, and has no pull request`)
    const say = async (message: InboxMessage): Promise<Run> => {
      await at.inbox.put(at.runId, message)
      return at.driveOn()
    }
    return { ...at, run, say }
  }

  it('waits for what becomes of it, and is merged', async () => {
    const { say, journal, runId } = await proposed()
    expect(await say({ kind: 'ended', by: 'ann', outcome: 'merged', merge: BASE, edited: true })).toMatchObject({ phase: 'settled', outcome: 'merged' })
    expect((await journal.read(runId)).at(-1)?.event).toMatchObject({ kind: 'run-settled', by: 'ann', merge: BASE, edited: true })
  })

  it('drafts again when changes are wanted, to the same branch', async () => {
    const heard: string[] = []
    const { run, say, codeHost } = await proposed({ drafters: [twoIdeas(heard)] })
    const again = await say({ kind: 'request-changes', by: 'ann', proposal: run.proposal, words: 'count what is there', review: 11 })
    expect(heard).toEqual(['count what is there'])
    expect(again).toMatchObject({ phase: 'proposed', pull: 7 })
    expect(codeHost.calls.map(({ branch }) => branch)).toEqual([codeHost.calls[0]?.branch, codeHost.calls[0]?.branch])
    expect(codeHost.calls[1]?.edits).toMatchObject([{ content: ANOTHER }])
  })

  it('stands as it stood when nothing better is found, with the reason; and can still be merged', async () => {
    const { run, say } = await proposed()
    const again = await say({ kind: 'request-changes', by: 'ann', proposal: run.proposal, words: 'another way' })
    expect(again).toMatchObject({ phase: 'proposed', proposal: run.proposal, pull: 7, diagnosis: expect.any(String) })
    expect(await say({ kind: 'ended', by: 'ann', outcome: 'declined', words: 'mended otherwise' })).toMatchObject({ outcome: 'declined' })
  })

  it('ends the attempt that is under way when it is closed meanwhile', async () => {
    const { run, inbox, runId, driveOn } = await proposed({ drafters: [twoIdeas([])] })
    await inbox.put(runId, { kind: 'request-changes', by: 'ann', proposal: run.proposal, words: 'another way' })
    await inbox.put(runId, { kind: 'ended', by: 'ann', outcome: 'merged' })
    expect(await driveOn()).toMatchObject({ phase: 'settled', outcome: 'merged' })
  })

  it('asks a person first when the evidence is less than the policy lets out', async () => {
    const { driveOn, codeHost, inbox, runId } = await world({ policy: { autonomy: 'draft-pr', unattended: [] }, pull: 7 })
    const run = await driveOn()
    if (run.phase !== 'proposing') throw new Error(`the run is ${run.phase}`)
    expect(codeHost.calls).toEqual([])
    await inbox.put(runId, { kind: 'approve', by: 'ann', proposal: run.proposal })
    expect(await driveOn()).toMatchObject({ phase: 'proposed', pull: 7 })
  })

  it('publishes nothing that nobody wants any more, and says why', async () => {
    const { driveOn, codeHost, journal, runId } = await world({ policy: { autonomy: 'draft-pr', unattended: ['verified', 'implicit', 'suggestion'] }, pull: 7 })
    codeHost.now = { wanted: false, why: 'the issue was closed by ann' }
    expect(await driveOn()).toMatchObject({ phase: 'settled', outcome: 'abandoned' })
    expect(codeHost.calls).toEqual([])
    expect((await journal.read(runId)).map(({ event }) => event)).toContainEqual(expect.objectContaining({ kind: 'run-stopped', reason: 'overtaken' }))
  })

  it('follows a base that moved, once, and judges the same patch there', async () => {
    const { driveOn, codeHost, journal, runId } = await world({ policy: { autonomy: 'draft-pr', unattended: ['verified', 'implicit', 'suggestion'] }, pull: 7 })
    codeHost.now = { wanted: true, head: BASE }
    expect(await driveOn()).toMatchObject({ phase: 'proposed', base: BASE })
    const kinds = (await journal.read(runId)).map(({ event }) => event.kind)
    expect(kinds.filter((kind) => kind === 'base-moved' || kind === 'bug-reproduced' || kind === 'patch-judged')).toEqual([
      'bug-reproduced',
      'patch-judged',
      'base-moved',
      'bug-reproduced',
      'patch-judged',
    ])
    expect(codeHost.calls.map(({ base }) => base)).toEqual([BASE])
  })
})
