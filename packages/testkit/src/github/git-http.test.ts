import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ExampleShop } from './example-shop.ts'
import { type GitRefusal, git } from './git.ts'
import { pullAt } from './person.ts'

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

/** A clone as a real client makes it, which pushes by the same token. */
async function clone(shop: ExampleShop, token: string, name = shop.repository.name): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'double-clone-'))
  folders.push(folder)
  await git(folder, [...as(token), 'clone', '--quiet', `${shop.github.origin}/acme/${name}.git`, '.'])
  for (const [key, value] of Object.entries({ 'user.name': 'fixpoint', 'user.email': 'fixpoint@example.com' })) await git(folder, ['config', key, value])
  return folder
}

function as(token: string): string[] {
  return ['-c', `http.extraHeader=Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`]
}

async function commit(folder: string, path: string, text: string): Promise<string> {
  await writeFile(join(folder, path), text)
  await git(folder, ['add', '--all'])
  await git(folder, ['commit', '--quiet', '-m', 'A change'])
  return (await git(folder, ['rev-parse', 'HEAD'])).toString().trim()
}

const refusal = (push: Promise<unknown>) =>
  push.then(
    () => 'was not refused',
    (error: GitRefusal) => error.message,
  )

test('git clones and pushes with an installation token, and a pull request follows its branch', async () => {
  await using shop = await ExampleShop.open()
  const { github, repository } = shop
  const token = await shop.token()
  const folder = await clone(shop, token)
  const first = await commit(folder, 'a.txt', 'a\n')
  await git(folder, [...as(token), 'push', '--quiet', 'origin', 'HEAD:refs/heads/fixpoint/one'])
  const pull = await github.as('ann').opensPull(repository, { title: 'One', head: 'fixpoint/one', base: 'main' })
  expect(pullAt(pull).pull.headSha).toBe(first)
  const second = await commit(folder, 'b.txt', 'b\n')
  await git(folder, [...as(token), 'push', '--quiet', `--force-with-lease=fixpoint/one:${first}`, 'origin', 'HEAD:refs/heads/fixpoint/one'])
  expect(pullAt(pull).pull.headSha).toBe(second)
  expect(
    await refusal(git(folder, [...as(token), 'push', '--quiet', `--force-with-lease=fixpoint/one:${first}`, 'origin', 'HEAD~1:refs/heads/fixpoint/one'])),
  ).toContain('stale info')
  expect(await refusal(git(folder, [...as(token), 'push', 'origin', 'HEAD~2:refs/heads/fixpoint/one']))).toContain('non-fast-forward')
  await github.settled()
  expect(shop.receiver.names()).toEqual(expect.arrayContaining(['push', 'pull_request.opened', 'pull_request.synchronize', 'check_suite.requested']))
  const pushes = github.deliveries.filter(({ event }) => event === 'push').map(({ payload }) => payload)
  expect(pushes).toContainEqual(
    expect.objectContaining({ before: first, after: second, forced: false, pusher: expect.objectContaining({ name: 'fixpoint[bot]' }) }),
  )
})

test('without a token, with a wrong one, with one that only reads: git is refused', async () => {
  await using shop = await ExampleShop.open()
  const reader = await shop.token({ permissions: { contents: 'read' } })
  const folder = await clone(shop, reader)
  await commit(folder, 'a.txt', 'a\n')
  expect(await refusal(git(folder, [...as(reader), 'push', 'origin', 'HEAD:refs/heads/x']))).toContain('403')
  expect(await refusal(git(folder, ['ls-remote', 'origin']))).toContain('could not read Username')
  expect(await refusal(git(folder, [...as('ghs_wrong'), 'ls-remote', 'origin']))).toMatch(/could not read Username|Authentication failed/)
  shop.github.as('ann').archives(shop.repository)
  const writer = await shop.token()
  expect(await refusal(git(folder, [...as(writer), 'push', 'origin', 'HEAD:refs/heads/x']))).toContain('403')
})

test('a protected branch and a workflow without its permission are refused in GitHub’s words', async () => {
  await using shop = await ExampleShop.open()
  shop.github.as('ann').protects(shop.repository)
  const token = await shop.token()
  const folder = await clone(shop, token)
  await commit(folder, 'a.txt', 'a\n')
  const toMain = await refusal(git(folder, [...as(token), 'push', 'origin', 'HEAD:refs/heads/main']))
  expect(toMain).toContain('remote: error: GH006: Protected branch update failed for refs/heads/main.')
  expect(toMain).toContain('(protected branch hook declined)')
  await git(folder, ['rm', '--quiet', '-r', '.github'])
  await git(folder, ['commit', '--quiet', '-m', 'no settings'])
  await git(folder, [...as(token), 'push', '--quiet', 'origin', 'HEAD:refs/heads/fine'])
  await git(folder, ['config', 'core.quotePath', 'false'])
  await mkdir(join(folder, '.github/workflows'), { recursive: true })
  await commit(folder, '.github/workflows/ci.yml', 'on: push\n')
  const workflow = await refusal(git(folder, [...as(token), 'push', 'origin', 'HEAD:refs/heads/bad']))
  expect(workflow).toContain('refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission')
  expect(await shop.repository.git.tip('bad')).toBeUndefined()
  const { rest } = shop.asInstallation()
  const { data: tree } = await rest.git.createTree({
    ...shop.at,
    tree: [{ path: '.github/workflows/x.yml', mode: '100644', type: 'blob', content: 'on: push\n' }],
  })
  const { data: made } = await rest.git.createCommit({ ...shop.at, message: 'x', tree: tree.sha, parents: [] })
  await expect(rest.git.createRef({ ...shop.at, ref: 'refs/heads/bad', sha: made.sha })).rejects.toMatchObject({ status: 403 })
})

test('a renamed repository is still found by git', async () => {
  await using shop = await ExampleShop.open()
  shop.github.as('ann').renames(shop.repository, 'store')
  await clone(shop, await shop.token(), 'shop')
})
