import { expect, test } from 'vitest'
import { ExampleShop } from './example-shop.ts'

test('lists come in pages with links', async () => {
  await using shop = await ExampleShop.open()
  const { rest, paginate } = shop.asInstallation()
  const issue = await shop.github.as('ann').opensIssue(shop.repository, { title: 'long' })
  for (let count = 0; count < 7; count++) await shop.github.as('ann').comments(issue, `word ${count}`)
  const wanted = { ...shop.at, issue_number: issue.number, per_page: 3 }
  const { data, headers } = await rest.issues.listComments({ ...wanted, page: 2 })
  expect(data.map(({ body }) => body)).toEqual(['word 3', 'word 4', 'word 5'])
  expect(headers.link).toMatch(/page=1>; rel="prev".*page=3>; rel="next".*page=3>; rel="last".*page=1>; rel="first"/)
  expect(await paginate(rest.issues.listComments, wanted)).toHaveLength(7)
})

test('an unchanged answer is 304 and costs nothing of the limit; what is over the limit is refused until it is reset', async () => {
  await using shop = await ExampleShop.open({ rateLimit: 3 })
  const headers = { authorization: `Bearer ${await shop.token()}` }
  const url = `${shop.github.apiUrl}/repos/acme/shop`
  const first = await fetch(url, { headers })
  const etag = first.headers.get('etag') ?? ''
  expect(first.headers.get('x-ratelimit-remaining')).toBe('2')
  for (let count = 0; count < 5; count++) expect((await fetch(url, { headers: { ...headers, 'if-none-match': etag } })).status).toBe(304)
  await shop.github.as('ann').opensIssue(shop.repository, { title: 'news' })
  expect((await fetch(url, { headers: { ...headers, 'if-none-match': etag } })).status).toBe(200)
  expect((await fetch(url, { headers })).status).toBe(200)
  const over = await fetch(url, { headers })
  expect([over.status, over.headers.get('x-ratelimit-remaining')]).toEqual([403, '0'])
  expect(await over.text()).toContain('API rate limit exceeded for installation ID')
  shop.github.rateLimit = 100
  expect((await fetch(url, { headers })).status).toBe(200)
})

test('it goes wrong as asked: before the request has an effect, or after it', async () => {
  await using shop = await ExampleShop.open()
  const { github, repository, at } = shop
  const issue = await github.as('ann').opensIssue(repository, { title: 'x' })
  const headers = { authorization: `Bearer ${await shop.token()}` }
  const say = () =>
    fetch(`${github.apiUrl}/repos/acme/shop/issues/1/comments`, { method: 'POST', headers, body: '{"body":"hello"}', signal: AbortSignal.timeout(500) })
  const path = /\/comments$/
  for (const kind of ['500', '502', '403', '409', '422'] as const) {
    github.fail({ method: 'POST', path, kind })
    expect(String((await say()).status)).toBe(kind)
  }
  github.fail({ path, kind: 'secondary', retryAfterSeconds: 7 })
  expect((await say()).headers.get('retry-after')).toBe('7')
  github.fail({ path, kind: 'secondary-without-headers' })
  expect((await say()).status).toBe(429)
  github.fail({ path, kind: 'reset' })
  await expect(say()).rejects.toThrow('fetch failed')
  github.fail({ path, kind: 'hang' })
  await expect(say()).rejects.toMatchObject({ name: 'TimeoutError' })
  github.fail({ path, kind: 'truncated' })
  await expect(say().then((response) => response.json())).rejects.toThrow()
  expect(github.issue(issue).comments).toHaveLength(0)
  github.fail({ path, kind: '502', after: true, times: 2 })
  expect((await say()).status).toBe(502)
  expect(github.issue(issue).comments).toHaveLength(1)
  expect(github.faultsLeft).toBe(1)
  await say()
  expect(github.requests.filter(({ path: asked }) => path.test(asked)).map(({ status }) => status)).toEqual([
    500, 502, 403, 409, 422, 403, 429, 0, 0, 0, 502, 502,
  ])
  expect((await shop.asInstallation().rest.repos.get(at)).data.open_issues).toBe(1)
})

test('a check run keeps GitHub’s limits', async () => {
  await using shop = await ExampleShop.open()
  const { rest } = shop.asInstallation()
  const head_sha = (await shop.repository.git.tip('main')) ?? ''
  const run = (output: {
    title: string
    summary: string
    annotations?: { path: string; start_line: number; end_line: number; annotation_level: 'notice'; message: string }[]
  }) => rest.checks.create({ ...shop.at, name: 'fixpoint', head_sha, output })
  const annotation = { path: 'src/cart.js', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'here' } as const
  await expect(run({ title: 't', summary: 's'.repeat(65_536) })).rejects.toMatchObject({ status: 422 })
  await expect(run({ title: 't', summary: 's', annotations: Array.from({ length: 51 }, () => annotation) })).rejects.toMatchObject({ status: 422 })
  const { data } = await run({ title: 't', summary: 's'.repeat(65_535), annotations: Array.from({ length: 50 }, () => annotation) })
  expect(data.output.annotations_count).toBe(50)
  const { data: listed } = await rest.checks.listAnnotations({ ...shop.at, check_run_id: data.id, per_page: 100 })
  expect(listed).toHaveLength(50)
})

test('contents, commits, statuses, labels and limits read as GitHub’s', async () => {
  await using shop = await ExampleShop.open({ enterprise: true })
  expect(shop.github.apiUrl).toMatch(/\/api\/v3$/)
  const octokit = shop.asInstallation()
  const { rest } = octokit
  const { at } = shop
  const { data: raw } = await rest.repos.getContent({ ...at, path: '.github/fixpoint.yml', mediaType: { format: 'raw' } })
  expect(String(raw)).toBe('version: 1\n')
  const { data: file } = await rest.repos.getContent({ ...at, path: 'src/cart.js' })
  expect(file).toMatchObject({ type: 'file', encoding: 'base64', content: Buffer.from('export const total = 1\n').toString('base64') })
  const { data: folder } = await rest.repos.getContent({ ...at, path: 'src' })
  expect(folder).toMatchObject([{ type: 'file', path: 'src/cart.js' }])
  await expect(rest.repos.getContent({ ...at, path: 'none' })).rejects.toMatchObject({ status: 404 })
  const { data: commits } = await rest.repos.listCommits(at)
  const sha = commits[0]?.sha ?? ''
  await rest.repos.getCommit({ ...at, ref: 'main' })
  await rest.repos.createCommitStatus({ ...at, sha, state: 'failure', context: 'ci', target_url: 'https://example.com' })
  expect((await rest.repos.getCombinedStatusForRef({ ...at, ref: 'main' })).data).toMatchObject({ state: 'failure', total_count: 1 })
  await rest.issues.createLabel({ ...at, name: 'fixpoint', color: '5319e7', description: 'Fix it' })
  await expect(rest.issues.createLabel({ ...at, name: 'Fixpoint' })).rejects.toMatchObject({ status: 422 })
  await rest.repos.getBranch({ ...at, branch: 'main' })
  await rest.rateLimit.get()
  await rest.users.getByUsername({ username: 'fixpoint[bot]' })
  await rest.git.getTree({ ...at, tree_sha: 'main', recursive: 'true' })
  await rest.git.listMatchingRefs({ ...at, ref: 'heads/' })
  await expect(rest.issues.get({ ...at, issue_number: 99 })).rejects.toMatchObject({ status: 404 })
  await expect(octokit.request('POST /repos/{owner}/{repo}/issues', { ...at, title: undefined as never })).rejects.toMatchObject({ status: 422 })
})

test('what GitHub would not say is answered with 500, and the double cannot be put away in silence', async () => {
  const shop = await ExampleShop.open()
  Object.assign(shop.repository, { createdAt: 'long ago' })
  await expect(shop.asInstallation().rest.repos.get(shop.at)).rejects.toMatchObject({
    status: 500,
    message: expect.stringContaining('/created_at must match format'),
  })
  expect(shop.github.violations).toEqual([expect.stringContaining('GET /repos/{owner}/{repo} 200')])
  await expect(shop.github[Symbol.asyncDispose]()).rejects.toThrow('the double did not behave like GitHub')
  await shop.receiver[Symbol.asyncDispose]()
})
