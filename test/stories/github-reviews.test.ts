import { describe, expect, it } from 'vitest'
import { BODY, startsService } from './github-service.ts'

describe('an issue on GitHub', { timeout: 900_000 }, () => {
  const service = startsService()

  it('is worked on again when changes are wanted, and says when it can do no better; closing it ends the matter', async () => {
    const at = service()
    const ann = at.github.as('ann')
    const issue = await ann.opensIssue(at.shop, { title: 'last() crashes', body: BODY })
    await ann.comments(issue, '/fixpoint run')
    const pull = await at.until('a pull request', () => at.pulls().find(({ pull: { headBranch } }) => headBranch.includes(`issue-${issue.number}-`)))
    await at.says(issue, 'proposes a fix')
    const ref = { repository: at.shop, number: pull.number }
    await at.github.as('rita').requestsChanges(ref, 'I am nobody here.')
    await ann.requestsChanges(ref, 'Use at(-1).', [{ path: 'src/last.js', line: 2, body: 'Array.prototype.at' }])
    await at.says(issue, 'Fixpoint needs a person')
    expect(at.commentOn(issue)).toContain('does what was asked for')
    await ann.closes(ref)
    await at.says(issue, 'The fix was declined')
  })

  it('that says too little is asked for more, once', async () => {
    const at = service()
    const ann = at.github.as('ann')
    const issue = await ann.opensIssue(at.shop, { title: 'It does not work', body: 'Please fix.' })
    await ann.labels(issue, 'fixpoint')
    await at.says(issue, 'needs more to go on')
    await at.until('a label says so', () => at.github.issue(issue).labels.some(({ name }) => name === 'fixpoint:needs-info') || undefined)
    await ann.edits(issue, { body: BODY })
    await ann.comments(issue, '/fixpoint retry')
    await at.says(issue, 'making the failure happen')
    await ann.comments(issue, '/fixpoint stop')
    await at.says(issue, 'was stopped')
    expect(at.github.issue(issue).labels.map(({ name }) => name)).toEqual(['fixpoint'])
  })
})
