import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixpoint } from './fixture.ts'
import { BODY, startsService } from './github-service.ts'
import { place, SHOP } from './small-repository.ts'

describe('an issue with a label', { timeout: 900_000 }, () => {
  const service = startsService()

  it('becomes a draft pull request with evidence, through a kill in the middle', async () => {
    const at = service()
    const ann = at.github.as('ann')
    const issue = await ann.opensIssue(at.shop, { title: 'last() crashes', body: BODY })
    await ann.labels(issue, 'fixpoint')
    await at.until('it is acknowledged', () => at.github.issue(issue).reactions.some(({ content }) => content === 'eyes') || undefined)
    await at.until('it is said what goes on', () => at.commentOn(issue))
    await at.until('a run is under way', () => at.said.includes('reproducing the failure') || undefined)
    await at.kill('SIGKILL')
    await at.serve()

    const pull = await at.until('a pull request is open', () => at.pulls()[0])
    expect(at.pulls()).toHaveLength(1)
    expect(pull.pull).toMatchObject({ draft: true })
    expect(pull.pull.headBranch).toMatch(/^fixpoint\/issue-\d+-[a-z0-9-]+-[a-z0-9]{6}$/)
    expect(pull.body).toContain('## Evidence')
    expect(pull.body).toMatch(new RegExp(`(Fixes|Refs) #${issue.number}`))
    expect(pull.body).not.toContain('@everyone')
    await at.says(issue, `#${pull.number}`)
    expect(at.github.requests.filter(({ method, path }) => method === 'POST' && /\/pulls$/.test(path)).length).toBe(1)

    // The proof travels with it: anybody who has the code can ask whether it holds.
    await using checkout = await place(SHOP)
    await writeFile(join(checkout.folder, '..', 'proof.md'), pull.body ?? '')
    const proved = await fixpoint(['verify', '--repo', checkout.folder, join(checkout.folder, '..', 'proof.md')], checkout.home)
    expect(proved.stdout + proved.stderr, 'of other commits: it is read, and refused').toMatch(/commit .* is not in the repository|certificate/)

    await ann.merges({ repository: at.shop, number: pull.number }, 'squash')
    await at.says(issue, 'Fixed and merged')
    const spilled = at.github.requests.filter(({ body }) => /ghs_|BEGIN [A-Z ]*PRIVATE KEY/.test(JSON.stringify(body ?? '')))
    expect(spilled).toEqual([])
    expect(at.said).not.toMatch(/ghs_|PRIVATE KEY/)
  })

  it('is left alone when somebody without write access labels it, and says so by a sign', async () => {
    const at = service()
    const issue = await at.github.as('rita').opensIssue(at.shop, { title: 'it breaks', body: BODY })
    await at.github.as('rita').labels(issue, 'fixpoint')
    await at.until('a sign', () => at.github.issue(issue).reactions.some(({ content }) => content === 'confused') || undefined)
    expect(at.commentOn(issue)).toBeUndefined()
    await at.github
      .as('evil[bot]')
      .labels(issue, 'fixpoint')
      .catch(() => undefined)
    expect(at.pulls()).toHaveLength(1)
  })
})
