import type { RunId } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { aCandidate } from './builders.ts'
import { RecordingCodeHost, ScriptedDrafter, ScriptedReproducer } from './scripted.ts'

const never = new AbortController().signal

async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const event of events) all.push(event)
  return all
}

describe('scripts', () => {
  it('play in order and run out loudly', async () => {
    const drafter = new ScriptedDrafter([[{ kind: 'candidate', candidate: aCandidate() }], () => [{ kind: 'abstained', findings: [] }]])
    expect((await collect(drafter.draft({} as never, {} as never, never))).map((event) => event.kind)).toEqual(['candidate'])
    expect((await collect(drafter.draft({} as never, {} as never, never))).map((event) => event.kind)).toEqual(['abstained'])
    await expect(collect(drafter.draft({} as never, {} as never, never))).rejects.toThrow('asked 3 times')
  })

  it('a reproducer too', async () => {
    const reproducer = new ScriptedReproducer([[{ kind: 'gave-up', tried: ['x'] }]])
    expect(await collect(reproducer.reproduce({} as never, {} as never, never))).toEqual([{ kind: 'gave-up', tried: ['x'] }])
    await expect(collect(reproducer.reproduce({} as never, {} as never, never))).rejects.toThrow('asked 2 times')
  })

  it('a recording code host keeps one proposal per branch', async () => {
    const host = new RecordingCodeHost()
    const proposal = {
      run: 'run_1' as RunId,
      branch: 'fixpoint/x',
      base: 'b',
      commit: 'c',
      title: '',
      body: '',
      edits: [],
      message: '',
      draft: true,
      strength: 'verified' as const,
      certificate: '{}',
    }
    await host.ensureProposal(proposal)
    await host.ensureProposal(proposal)
    expect([host.calls.length, host.proposals.size]).toEqual([2, 1])
  })
})
