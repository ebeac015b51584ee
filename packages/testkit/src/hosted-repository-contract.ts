import type { HostedRepositories, RepositoryName } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'

/** A code host with one repository, on which `ann` is admin and nobody else is known, and what people see there. */
export interface HostedWorld {
  readonly hosts: HostedRepositories
  readonly name: RepositoryName
  /** Its number. */
  opensIssue(): Promise<number>
  reactions(issue: number): readonly string[]
  /** Ours, as Markdown. */
  comments(issue: number): readonly string[]
  labels(issue: number): readonly string[]
}

/** What every code host does where people are met: whatever is said twice is there once. `make` gives a world that tests may share. */
export function hostedRepositoryContract(make: () => Promise<HostedWorld>): void {
  describe('hosted repository contract', () => {
    it('a repository is opened by its name; one that is not ours to see is gone', async () => {
      const { hosts, name } = await make()
      const repository = await hosts.open(name)
      expect(await repository.about()).toMatchObject({ name, defaultBranch: 'main', archived: false })
      await expect(hosts.open('somebody/else')).rejects.toMatchObject({ code: 'host-gone' })
      expect(hosts.self.login).not.toBe('')
    })

    it('says who may what; of a stranger, that it is nothing', async () => {
      const { hosts, name } = await make()
      const repository = await hosts.open(name)
      expect([await repository.permissionOf('ann'), await repository.permissionOf('a-stranger')]).toEqual(['admin', 'none'])
    })

    it('what is not there is undefined, and no failure', async () => {
      const { hosts, name } = await make()
      const repository = await hosts.open(name)
      expect([await repository.issue(9_999), await repository.pull(9_999), await repository.text('no/such/file')]).toEqual([undefined, undefined, undefined])
    })

    it('a sign is given once', async () => {
      const { hosts, name, opensIssue, reactions } = await make()
      const repository = await hosts.open(name)
      const issue = await opensIssue()
      for (let twice = 0; twice < 2; twice += 1) await repository.react({ issue }, 'eyes')
      expect(reactions(issue)).toEqual(['eyes'])
    })

    it('a comment is one under its key, edited in place, also by another process', async () => {
      const { hosts, name, opensIssue, comments } = await make()
      const issue = await opensIssue()
      const { url } = await (await hosts.open(name)).ensureComment(issue, 'report-1', 'Begun')
      expect(await (await hosts.open(name)).ensureComment(issue, 'report-1', 'Done')).toEqual({ url })
      await (await hosts.open(name)).ensureComment(issue, 'help', 'Ask')
      expect(comments(issue).map((body) => body.replace(/^<!--.*-->\n/, ''))).toEqual(['Done', 'Ask'])
    })

    it('an issue has one state of ours, or none', async () => {
      const { hosts, name, opensIssue, labels } = await make()
      const repository = await hosts.open(name)
      const issue = await opensIssue()
      for (let twice = 0; twice < 2; twice += 1) await repository.setState(issue, 'fixpoint:needs-info')
      expect(labels(issue)).toEqual(['fixpoint:needs-info'])
      for (let twice = 0; twice < 2; twice += 1) await repository.setState(issue, undefined)
      expect(labels(issue)).toEqual([])
    })

    it('a label that people can choose is made once', async () => {
      const { hosts, name } = await make()
      const repository = await hosts.open(name)
      for (let twice = 0; twice < 2; twice += 1) await repository.ensureLabel('fixpoint')
    })

    it('leads to lines, whatever a path is made of', async () => {
      const { hosts, name } = await make()
      const url = (await hosts.open(name)).lineUrl({ commit: 'c'.repeat(40), path: 'src/a b/(x)#1.js', lines: [2, 3] })
      expect(new URL(url).href).toContain('c'.repeat(40))
      expect(url).not.toMatch(/[\s()]/)
    })
  })
}
