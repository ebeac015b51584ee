import type { CodeHost, OfferedProposal } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'

/** A code host on which nobody else writes, and what stands there. */
export interface PublishingWorld {
  readonly host: CodeHost
  /** A proposal of another run each time, ready to be published. */
  offers(): Promise<OfferedProposal>
  /** Undefined: there is no such branch. */
  tipOf(branch: string): Promise<string | undefined>
}

/** What every place does at which proposals are published. `make` gives a world that tests may share. */
export function codeHostContract(make: () => Promise<PublishingWorld>): void {
  describe('code host contract', () => {
    it('says that a proposal is wanted as long as nothing speaks against it', async () => {
      const { host } = await make()
      expect(await host.standing()).toMatchObject({ wanted: true })
    })

    it('publishes a branch with the commit that it tells of; twice is once', async () => {
      const { host, offers, tipOf } = await make()
      const proposal = await offers()
      expect(await tipOf(proposal.branch)).toBeUndefined()
      const published = await host.ensureProposal(proposal)
      expect(await tipOf(proposal.branch)).toBe(published.commit)
      expect(await host.ensureProposal(proposal)).toEqual(published)
    })

    it.each(['main', 'refs/heads/main', '-x', 'fixpoint', 'fixpoint/', 'fixpoint/-x', '../fixpoint/x', 'fixpoint/a b', 'fixpoint/a\nb', 'fixpoint/../main'])(
      'writes no branch %j, which is not of ours',
      async (branch) => {
        const { host, offers, tipOf } = await make()
        const proposal = await offers()
        await expect(host.ensureProposal({ ...proposal, branch })).rejects.toThrow(/begins with fixpoint/)
        expect(await tipOf(proposal.branch)).toBeUndefined()
      },
    )
  })
}
