import { setTimeout as sleep } from 'node:timers/promises'
import type { IssueRef } from '@fixpoint/testkit'
import { expect, it } from 'vitest'
import { type GitHubService, PATIENCE_MS, startsService } from './github-service.ts'
import { CRASH } from './small-repository.ts'

const LABELS = 5

const service = startsService()

it('whoever labels one issue after the other sees each time at once that it was seen, whatever is being said and driven meanwhile', async () => {
  const at = service()
  const ann = at.github.as('ann')
  const took: number[] = []
  for (let nth = 0; nth < LABELS; nth += 1) {
    const issue = await ann.opensIssue(at.shop, { title: `last() crashes, ${nth}`, body: CRASH })
    const began = performance.now()
    await ann.labels(issue, 'fixpoint')
    await seen(at, issue)
    took.push(performance.now() - began)
  }
  console.log(`from the label to 👀, ${LABELS} in a row: ${took.map((ms) => `${Math.round(ms)} ms`).join(', ')}`)
  expect(at.github.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/reactions'))).toHaveLength(LABELS)
})

async function seen(at: GitHubService, issue: IssueRef): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(10))
    if (at.github.issue(issue).reactions.some(({ content }) => content === 'eyes')) return
  throw new Error(`nobody saw it\n${at.said.slice(-4000)}`)
}
