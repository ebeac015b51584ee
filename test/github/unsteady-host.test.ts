import { expect, it } from 'vitest'
import { CRASH, SHOP } from '../stories/small-repository.ts'
import { BODY, HostedWorker } from './hosted-worker.ts'

// Between the moment at which a patch is proved and the one at which it is published, the world moves on.

type Deed = (at: HostedWorker) => unknown
const ann = (at: HostedWorker) => at.github.as('ann')

/** A run whose patch waits to be published when `deed` is done. */
async function upset(deed: Deed): Promise<{ at: HostedWorker; issue: Awaited<ReturnType<HostedWorker['labelled']>> }> {
  const at = await HostedWorker.open()
  at.drives = false
  const issue = await at.labelled()
  at.drives = true
  at.onFact = ({ kind }) => {
    if (kind === 'proposal-planned') at.pauses()
  }
  await at.later()
  expectNothingPublished(at)
  await deed(at)
  at.onFact = () => undefined
  await at.later()
  await at.later()
  return { at, issue }
}

/** Nothing of ours that anybody would be surprised by. */
function expectNothingPublished(at: HostedWorker): void {
  expect(at.pulls).toEqual([])
  expect(at.github.requests.filter(({ method, path }) => method !== 'GET' && /\/(pulls|git\/refs)$/.test(path)).filter(({ status }) => status < 300)).toEqual(
    [],
  )
}

it.each<[string, Deed, RegExp, RegExp]>([
  ['archived', (at) => ann(at).archives(at.shop), /archived/, /./],
  ['deleted', (at) => ann(at).deletes(at.shop), /gone|not installed/, /./],
  ['taken from the app', (at) => ann(at).removes(at.installation, at.shop), /gone|not installed|may not do this/, /installed|permission/],
  ['of an owner who suspends the app', (at) => ann(at).suspends(at.installation), /suspended/, /[Uu]nsuspend/],
  ['of an owner who takes the app off', (at) => ann(at).uninstalls(at.installation), /gone|not installed/, /./],
])('a repository that is %s: nothing is published, and the run says why', async (_, deed, why, next) => {
  const { at } = await upset(deed)
  await using _at = at
  expectNothingPublished(at)
  const diagnosis = await at.diagnosis()
  const [run] = await at.runs()
  const cancelled = run !== undefined && (await at.journal.read(run)).some(({ event }) => event.kind === 'run-cancelled')
  if (!cancelled) {
    expect(diagnosis?.summary).toMatch(why)
    expect(diagnosis?.nextCommand).toMatch(next)
  }
  // It came to rest: nothing is asked for ever.
  const before = at.github.requests.length
  await at.later()
  expect(at.github.requests.length - before).toBeLessThan(20)
})

it.each<[string, Deed]>([
  ['is deleted', (at) => ann(at).deletes(at.shop)],
  ['is archived', (at) => ann(at).archives(at.shop)],
  ['is taken from the app', (at) => ann(at).removes(at.installation, at.shop)],
])('a repository that %s before a run goes on, and while a pull request is open: both come to rest', async (_, deed) => {
  await using at = await HostedWorker.open()
  await at.labelled()
  expect(at.pulls).toHaveLength(1)
  at.drives = false
  await at.labelled('last() crashes again')
  deed(at)
  await at.works()
  at.drives = true
  await at.later()
  const ends = await Promise.all((await at.runs()).map(async (run) => (await at.journal.read(run)).at(-1)?.event.kind))
  expect(ends).toHaveLength(2)
  for (const end of ends) expect(end).toMatch(/^run-(settled|cancelled|diagnosed)$/)
})

it('an issue that is closed meanwhile: no pull request, and it is said', async () => {
  const { at, issue } = await upset((each) => ann(each).closes({ repository: each.shop, number: 1 }))
  await using _at = at
  expectNothingPublished(at)
  expect(at.ours(issue).join()).toMatch(/was closed|was stopped/)
})

it('somebody else fixed it: no pull request, and it is said', async () => {
  const { at, issue } = await upset((each) =>
    ann(each).pushes(each.shop, { files: { 'src/last.js': SHOP['src/last.js']?.replace('items.length]', 'items.length - 1]') ?? '' } }),
  )
  await using _at = at
  expectNothingPublished(at)
  expect(at.ours(issue).join()).toMatch(/mended it meanwhile/)
})

it('a repository that gets another name: one pull request there, and the comment goes on', async () => {
  const { at, issue } = await upset((each) => ann(each).renames(each.shop, 'store'))
  await using _at = at
  expect(at.pulls).toHaveLength(1)
  expect(at.ours(issue)).toEqual([expect.stringContaining(`proposes a fix: #${at.pulls[0]?.number}`)])
  // People go on talking under the new name.
  await ann(at).comments(issue, '/fixpoint explain')
  await ann(at).comments(issue, '/fixpoint retry')
  await at.works()
  expect(at.ours(issue)).toEqual([expect.stringContaining('proposes a fix'), expect.stringContaining('What is known of the cause')])
  expect((await at.reports.list({ limit: 9 })).length).toBe(1)
})

it('a token that is not taken any more is another one, once', async () => {
  let mints = 0
  const minted = (at: HostedWorker) => at.github.requests.filter(({ path, status }) => status === 201 && path.endsWith('/access_tokens')).length
  const { at } = await upset((each) => {
    mints = minted(each)
    each.github.advance(2 * 3_600_000)
  })
  await using _at = at
  expect(at.pulls).toHaveLength(1)
  // One for reading, one for writing.
  expect(minted(at) - mints).toBeLessThanOrEqual(2)
})

it('a branch that may not be pushed is said, with what to allow', async () => {
  const { at, issue } = await upset(async (each) => ann(each).protects(each.shop, (await each.planned()).branch))
  await using _at = at
  expectNothingPublished(at)
  expect(at.ours(issue).join()).toMatch(/\*\*Why:\*\* a rule for branches of the repository forbids it/)
  expect(at.ours(issue).join()).toContain('Allow the app to push branches below fixpoint/')
})

it('everything that can go wrong with a write goes wrong: one branch, one pull request, one comment, one check of a commit', async () => {
  const writes = [/\/git\/trees$/, /\/git\/commits$/, /\/git\/refs$/, /\/pulls$/, /\/check-runs$/, /\/issues\/comments\//]
  const kinds = ['500', '502', 'truncated', 'reset', 'secondary', 'secondary-without-headers'] as const
  const { at, issue } = await upset(({ github }) => {
    for (const [turn, kind] of kinds.entries())
      for (const path of writes)
        github.fail({ path, method: path.source.includes('comments') ? 'PATCH' : 'POST', kind, ...(turn % 2 === 1 && { after: true }) })
    github.fail({ method: 'POST', path: /\/git\/refs$/, kind: '409' })
    github.fail({ method: 'POST', path: /\/pulls$/, kind: '422', after: true })
    github.fail({ method: 'POST', path: /\/git\/trees$/, kind: 'hang' })
  })
  await using _at = at
  for (let minutes = 0; at.github.faultsLeft > 0 && minutes < 40; minutes += 1) await at.later()
  await at.later()
  expect(at.github.faultsLeft, 'of 39').toBeLessThan(20)
  expect(at.pulls).toHaveLength(1)
  expect([...(await at.shop.git.refs()).keys()].filter((ref) => ref.includes('fixpoint/'))).toHaveLength(1)
  expect(at.ours(issue)).toEqual([expect.stringContaining('proposes a fix')])
  const checked = at.github.checkRuns(at.shop, 'fixpoint').map(({ headSha }) => headSha)
  expect(new Set(checked).size).toBe(checked.length)
})

it('what was delivered while nobody was there is found again, once', async () => {
  await using at = await HostedWorker.open()
  at.drives = false
  at.hears(false)
  const issue = await ann(at).opensIssue(at.shop, { title: 'last() crashes', body: `${CRASH}\n${BODY}` })
  await ann(at).labels(issue, 'fixpoint')
  await ann(at).comments(issue, '/fixpoint help')
  await at.works()
  expect(await at.runs()).toEqual([])
  at.hears(true)
  await at.later()
  await at.later()
  expect(await at.runs()).toHaveLength(1)
  const told = await at.deliveries.list({ limit: 99 })
  expect(new Set(told.map(({ deliveryId }) => deliveryId)).size).toBe(told.length)
  expect(at.ours(issue)).toHaveLength(2)
})
