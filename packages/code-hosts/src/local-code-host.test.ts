import { RunId } from '@fixpoint/core'
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

  it.each(['main', 'refs/heads/main', '-x', 'fixpoint', 'fixpoint/', 'fixpoint/-x', '../fixpoint/x', 'fixpoint/a b', 'fixpoint/a\nb'])(
    'refuses the branch %j',
    async (branch) => {
      const branches = new Branches()
      await expect(new LocalCodeHost(branches).ensureProposal({ ...proposal, branch })).rejects.toThrow(/begins with fixpoint/)
      expect(branches.published).toEqual([])
    },
  )
})
