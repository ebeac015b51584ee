import { RunId } from '@fixpoint/core'
import { codeHostContract } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { LocalCodeHost } from './local-code-host.ts'

const commit = 'c'.repeat(40)
const proposal = {
  run: RunId.parse(`run_${'0'.repeat(26)}`),
  branch: 'fixpoint/run_1',
  base: 'b'.repeat(40),
  commit,
  strength: 'verified' as const,
  certificate: '{}',
  title: 'Fix',
  body: '',
  edits: [],
  message: 'Fix',
  draft: true,
}

class Branches {
  readonly published: [string, string][] = []
  async publishBranch(branch: string, commit: string): Promise<void> {
    this.published.push([branch, commit])
  }
}

describe('LocalCodeHost', () => {
  it('hands the branch to the repository and has no address', async () => {
    const branches = new Branches()
    const host = new LocalCodeHost(branches)
    expect(await host.ensureProposal(proposal)).toEqual({ url: undefined, commit })
    expect(branches.published).toEqual([['fixpoint/run_1', commit]])
    expect(await host.standing()).toEqual({ wanted: true, head: undefined })
  })
})

let runs = 0
codeHostContract(async () => {
  const branches = new Branches()
  return {
    host: new LocalCodeHost(branches),
    offers: async () => {
      runs += 1
      return { ...proposal, branch: `fixpoint/run_${runs}` }
    },
    tipOf: async (branch) => branches.published.find(([name]) => name === branch)?.[1],
  }
})
