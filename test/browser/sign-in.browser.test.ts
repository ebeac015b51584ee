import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GitHubApp } from '@fixpoint/code-hosts'
import { GitHubDouble, SteppingClock } from '@fixpoint/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { githubSignIn } from '../../apps/cli/src/serve/github-sign-in.ts'
import { OperatorSettings } from '../../apps/cli/src/serve/operator-settings.ts'
import { openBrowser } from './chromium.ts'
import { accessibilityProblems, servedDashboard } from './served-dashboard.ts'

it('people sign in by their account on GitHub: each with the rights of their login or team, and nobody else', async () => {
  await using double = await GitHubDouble.start({ enterprise: true })
  const home = await mkdtemp(join(tmpdir(), 'fixpoint-sign-in-'))
  onTestFinished(() => rm(home, { recursive: true }))
  const app = double.addApp({ slug: 'fixpoint', owner: 'acme', permissions: { members: 'read' } })
  await writeFile(join(home, 'client-secret'), app.clientSecret)
  double.install(app, 'acme')
  double.setMembers('acme/platform', 'grace')
  const github = {
    ...{ token: { env: 'UNUSED' }, apiUrl: double.apiUrl },
    signIn: { clientId: app.clientId, clientSecret: { file: 'client-secret' }, view: ['acme/*'], decide: ['acme/platform'], admin: ['Ada'] },
  }
  const env = { home, certificateAuthorities: undefined, dockerHost: undefined, color: false }
  const installed = new GitHubApp({ credentials: { kind: 'app', id: String(app.id), privateKey: app.pem }, baseUrl: double.apiUrl })
  const signIn = await githubSignIn(OperatorSettings.parse({ github }), env, installed)
  const clock = new SteppingClock(new Date().toISOString(), 0)
  await using dashboard = await servedDashboard({ signIn, clock })
  await using browser = await openBrowser()

  const signedIn = async (login: string | undefined) => {
    double.visitor = login
    const page = await dashboard.open(browser, '/', [])
    await page.getByRole('link', { name: /^Sign in with 127\.0\.0\.1/ }).click()
    return page
  }
  const rightsOf = async (login: string) => {
    const page = await signedIn(login)
    await page.getByTitle(`Signed in as ${login}@127.0.0.1`).waitFor()
    const { scopes } = (await (await page.request.get(`${dashboard.address}/api/session`)).json()) as { scopes: string[] }
    await page.context().close()
    return scopes
  }
  expect(await rightsOf('ada')).toEqual(['read', 'decide', 'admin'])
  expect(await rightsOf('grace')).toEqual(['read', 'decide'])
  double.setMembers('acme', 'linus')
  expect(await rightsOf('linus')).toEqual(['read'])

  const stranger = await signedIn('mallory')
  await stranger.getByText('mallory@127.0.0.1 may not look here').waitFor()
  expect(await accessibilityProblems(stranger)).toEqual([])
  await stranger.emulateMedia({ colorScheme: 'dark' })
  expect(await accessibilityProblems(stranger)).toEqual([])
  expect((await stranger.request.get(`${dashboard.address}/api/session`)).status()).toBe(401)
  await stranger.getByRole('link', { name: 'Sign in by a link' }).click()
  await stranger.getByText('Have a link?').waitFor()
  expect(await accessibilityProblems(stranger)).toEqual([])
  const refusing = await signedIn(undefined)
  await refusing.getByText('was not allowed to say who you are').waitFor()

  const leaving = await signedIn('grace')
  await leaving.getByTitle('Signed in as grace@127.0.0.1').waitFor()
  double.setMembers('acme/platform')
  clock.advance(15 * 60_000)
  await leaving.getByRole('link', { name: 'Runs' }).click()
  await leaving.getByRole('alert').getByText('grace@127.0.0.1 may not look here any more.').waitFor()
  await leaving.getByText('Ask whoever runs this service to list you').waitFor()
  expect(await accessibilityProblems(leaving)).toEqual([])
  await leaving.reload()
  await leaving.getByText('grace@127.0.0.1 may not look here any more.').waitFor()
  await leaving.getByRole('link', { name: /^Sign in with/ }).waitFor()
})
