import { expect, it } from 'vitest'
import { HostedWorker } from './hosted-worker.ts'
import { liveParts } from './page.ts'

const causes = (at: HostedWorker, issue: Parameters<HostedWorker['ours']>[0]) => at.ours(issue).filter((body) => body.includes('What is known of the cause'))

it('whoever asks why is told the error, the failing line with a link to it, how it was made to happen, and what is proposed', async () => {
  await using at = await HostedWorker.open()
  const issue = await at.labelled()
  await at.github.as('ann').comments(issue, '/fixpoint explain')
  await at.works()
  const [cause] = causes(at, issue)
  const base = await at.shop.git.tip('main')
  expect(cause).toContain("**It fails with** `TypeError: Cannot read properties of undefined (reading 'name')` at [`src/last.js:2`]")
  expect(cause).toContain(`(${at.github.origin}/acme/shop/blob/${base}/src/last.js#L2)`)
  expect(cause).toMatch(/\*\*It was made to happen here\*\* by .*: `/)
  expect(cause).toContain(`**What is proposed** is #${at.pulls[0]?.number}`)
  // Below the pull request too, and asked twice it is said once.
  const pull = { repository: at.shop, number: at.pulls[0]?.number ?? 0 }
  for (let twice = 0; twice < 2; twice += 1) await at.github.as('ann').comments(pull, '/fixpoint explain')
  await at.works()
  expect(causes(at, pull)).toHaveLength(1)
  expect(await liveParts(cause ?? '', [`#${pull.number}`])).toEqual([])
})

it('where nothing could be done it is said why', async () => {
  await using at = await HostedWorker.open()
  const issue = await at.labelled('It crashes', '```\nTypeError: nobody knows this\n    at last (/srv/app/src/last.js:2:30)\n```\n')
  await at.github.as('ann').comments(issue, '/fixpoint explain')
  await at.works()
  const [cause] = causes(at, issue)
  expect(cause).toContain('**It fails with** `TypeError: nobody knows this`')
  expect(cause).toContain('**It could not be made to happen here**')
  expect(cause).toMatch(/Why nothing is proposed:\*\* .+/)
  expect(cause).toMatch(/Where the cause may lie[\s\S]*src\/last\.js:2/)
})
