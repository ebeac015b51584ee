import { hostedRepositoryContract } from './hosted-repository-contract.ts'
import { InMemoryHost } from './in-memory-host.ts'

hostedRepositoryContract(async () => {
  const host = new InMemoryHost()
  const { repository } = host
  repository.people.set('ann', 'admin')
  return {
    ...{ hosts: host, name: repository.name, opensIssue: async () => 1 },
    reactions: () => repository.reactions.map(({ reaction }) => reaction),
    comments: (issue) => [...(repository.comments.get(issue)?.values() ?? [])],
    labels: (issue) => [repository.states.get(issue)].filter((label) => label !== undefined),
  }
})
