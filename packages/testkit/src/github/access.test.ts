import { sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { ExampleShop } from './example-shop.ts'

function jwt(shop: ExampleShop, claims: object, key = shop.app.pem): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`
}

test('an app’s JSON web token is verified: key, issuer, life', async () => {
  await using shop = await ExampleShop.open()
  const other = shop.github.addApp({ slug: 'other' })
  const now = Math.floor(Date.now() / 1000)
  const good = { iss: shop.app.id, iat: now - 60, exp: now + 540 }
  const status = async (token: string) => (await fetch(`${shop.github.apiUrl}/app`, { headers: { authorization: `Bearer ${token}` } })).status
  expect(await status(jwt(shop, good))).toBe(200)
  expect(await status(jwt(shop, { ...good, iss: shop.app.clientId }))).toBe(200)
  expect(await status(jwt(shop, good, other.pem))).toBe(401)
  expect(await status(jwt(shop, { ...good, iss: 1 }))).toBe(401)
  expect(await status(jwt(shop, { ...good, exp: now - 1 }))).toBe(401)
  expect(await status(jwt(shop, { ...good, exp: now + 3600 }))).toBe(401)
  expect(await status(jwt(shop, { ...good, iat: now + 600 }))).toBe(401)
  expect(await status('ghs_unknown')).toBe(401)
})

test('a token can be narrowed to a repository and to permissions, and to nothing that was not granted', async () => {
  await using shop = await ExampleShop.open()
  const { github, repository, at } = shop
  const secret = await github.addRepository({ owner: 'acme', name: 'secret', private: true })
  const open = await github.addRepository({ owner: 'acme', name: 'open' })
  github.as('ann').adds(shop.installation, secret)
  const octokit = shop.withToken(await shop.token({ repositories: ['shop'], permissions: { issues: 'read' } }))
  await octokit.rest.issues.listForRepo(at)
  await expect(octokit.rest.issues.create({ ...at, title: 'x' })).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('Resource not accessible by integration'),
    response: { headers: { 'x-accepted-github-permissions': 'issues=write' } },
  })
  await expect(octokit.rest.repos.get({ owner: 'acme', repo: 'secret' })).rejects.toMatchObject({ status: 404 })
  await octokit.rest.repos.get({ owner: 'acme', repo: 'open' })
  await expect(octokit.rest.issues.create({ owner: 'acme', repo: 'open', title: 'x' })).rejects.toMatchObject({ status: 403 })
  const { data: reached } = await octokit.rest.apps.listReposAccessibleToInstallation()
  expect(reached.repositories.map(({ name }) => name)).toEqual(['shop'])
  await expect(shop.token({ permissions: { workflows: 'write' } })).rejects.toThrow('The permissions requested are not granted to this installation.')
  await expect(shop.token({ repositories: ['open'] })).rejects.toMatchObject({ status: 422 })
  expect([repository.private, open.private]).toEqual([true, false])
})

test('tokens die after an hour, with their installation, and while it is suspended', async () => {
  await using shop = await ExampleShop.open()
  const { github, at, installation } = shop
  const first = shop.withToken(await shop.token())
  await first.rest.repos.get(at)
  github.as('ann').suspends(installation)
  await expect(first.rest.repos.get(at)).rejects.toThrow('This installation has been suspended')
  await expect(shop.token()).rejects.toMatchObject({ status: 403 })
  github.as('ann').unsuspends(installation)
  await first.rest.repos.get(at)
  github.advance(3_600_001)
  await expect(first.rest.repos.get(at)).rejects.toMatchObject({ status: 401, message: expect.stringContaining('Bad credentials') })
  // A client that goes by its own clock is told so, sets it by the `Date` of the answer, and comes again.
  const second = shop.withToken(await shop.token())
  await second.rest.repos.get(at)
  github.as('ann').uninstalls(installation)
  await expect(second.rest.repos.get(at)).rejects.toMatchObject({ status: 401 })
})

test('people do what their role lets them; strangers see nothing of what is private', async () => {
  await using shop = await ExampleShop.open()
  const { github, repository, at } = shop
  github.as('ann').gives(repository, 'tri', 'triage')
  const permission = async (username: string) => (await shop.asInstallation().rest.repos.getCollaboratorPermissionLevel({ ...at, username })).data
  expect(await permission('ann')).toMatchObject({ permission: 'admin', role_name: 'admin' })
  expect(await permission('tri')).toMatchObject({ permission: 'read', role_name: 'triage' })
  github.as('eve')
  expect(await permission('eve')).toMatchObject({ permission: 'none' })
  await expect(permission('nobody')).rejects.toMatchObject({ status: 404 })
  await expect(shop.withToken(github.personalToken('eve')).rest.repos.get(at)).rejects.toMatchObject({ status: 404 })
  await expect(shop.withToken().rest.repos.get(at)).rejects.toMatchObject({ status: 404 })
  const tom = shop.withToken(github.personalToken('tom'))
  const { data: sha } = await tom.rest.git.getRef({ ...at, ref: 'heads/main' })
  await tom.rest.git.createRef({ ...at, ref: 'refs/heads/mine', sha: sha.object.sha })
  const tri = shop.withToken(github.personalToken('tri'))
  await expect(tri.rest.git.createRef({ ...at, ref: 'refs/heads/theirs', sha: sha.object.sha })).rejects.toMatchObject({ status: 403 })
  await tri.rest.issues.create({ ...at, title: 'from me' })
  const fine = shop.withToken(github.personalToken('tom', { permissions: { issues: 'write' } }))
  await fine.rest.issues.create({ ...at, title: 'from me too' })
  await expect(fine.rest.git.createRef({ ...at, ref: 'refs/heads/other', sha: sha.object.sha })).rejects.toThrow(
    'Resource not accessible by personal access token',
  )
})

test('a repository that was renamed redirects; archived, it is read-only; private or deleted, it is gone', async () => {
  await using shop = await ExampleShop.open()
  const { github, repository, at } = shop
  const { rest } = shop.asInstallation()
  const ann = github.as('ann')
  ann.renames(repository, 'store')
  const { data } = await rest.repos.get(at)
  expect(data.full_name).toBe('acme/store')
  const { status } = await fetch(`${github.apiUrl}/repos/acme/shop/issues`, { redirect: 'manual', headers: { authorization: `Bearer ${await shop.token()}` } })
  expect(status).toBe(301)
  const now = { owner: 'acme', repo: 'store' }
  ann.archives(repository)
  await expect(rest.issues.create({ ...now, title: 'x' })).rejects.toThrow('Repository was archived so is read-only.')
  await rest.repos.get(now)
  ann.unarchives(repository)
  ann.makesPublic(repository)
  await shop.withToken().rest.repos.get(now)
  ann.makesPrivate(repository)
  await expect(shop.withToken().rest.repos.get(now)).rejects.toMatchObject({ status: 404 })
  ann.deletes(repository)
  await expect(rest.repos.get(now)).rejects.toMatchObject({ status: 404 })
  await github.settled()
  expect(shop.receiver.names()).toEqual(expect.arrayContaining(['repository.renamed', 'repository.archived', 'repository.publicized', 'repository.deleted']))
})

test('an app is made from a manifest, by a form, a redirect and a code that is good once', async () => {
  await using shop = await ExampleShop.open()
  const { github } = shop
  const manifest = {
    name: 'Fixpoint of Acme',
    url: 'https://example.com',
    redirect_url: 'http://127.0.0.1:1/done',
    hook_attributes: { url: shop.receiver.url },
    default_permissions: { issues: 'write' },
    default_events: ['issues'],
  }
  const form = await fetch(`${github.origin}/organizations/acme/settings/apps/new?state=s3`, {
    method: 'POST',
    body: new URLSearchParams({ manifest: JSON.stringify(manifest) }),
    redirect: 'manual',
  })
  const back = new URL(form.headers.get('location') ?? '')
  expect([form.status, back.origin, back.searchParams.get('state')]).toEqual([302, 'http://127.0.0.1:1', 's3'])
  const code = back.searchParams.get('code') ?? ''
  const { data } = await shop.withToken().rest.apps.createFromManifest({ code })
  expect(data).toMatchObject({
    slug: 'fixpoint-of-acme',
    owner: { login: 'acme' },
    pem: expect.stringContaining('BEGIN RSA PRIVATE KEY'),
    permissions: { issues: 'write' },
  })
  await expect(shop.withToken().rest.apps.createFromManifest({ code })).rejects.toMatchObject({ status: 404 })
})

test('an app is told of its installations', async () => {
  await using shop = await ExampleShop.open()
  const { data } = await shop.asApp().rest.apps.listInstallations()
  expect(data.map(({ account, suspended_at }) => [account && 'login' in account && account.login, suspended_at])).toEqual([['acme', null]])
  shop.github.as('ann').suspends(shop.installation)
  const { data: again } = await shop.asApp().rest.apps.listInstallations()
  expect(again[0]?.suspended_by?.login).toBe('ann')
})
