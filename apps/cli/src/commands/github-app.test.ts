import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GitHubDouble } from '@fixpoint/testkit'
import pc from 'picocolors'
import { expect, it, onTestFinished, vi } from 'vitest'
import { readEnv } from '../env.ts'
import { readGitHubCredentials } from '../serve/github-settings.ts'
import { readOperatorSettings } from '../serve/operator-settings.ts'
import { createGitHubApp } from './github-app.ts'

const HOOK = 'https://fixpoint.example.org'

async function desk() {
  const home = await mkdtemp(join(tmpdir(), 'fixpoint-github-app-'))
  onTestFinished(() => rm(home, { recursive: true }))
  const lines: string[] = []
  const screen = { line: (text: string) => void lines.push(text), doing: () => {}, colors: pc.createColors(false) }
  return { env: readEnv({ FIXPOINT_HOME: home }), screen, lines }
}

/** As a browser reads the form. */
function formOf(html: string): { action: string; manifest: string } {
  const plain = (text = '') => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  return { action: plain(/action="([^"]*)"/.exec(html)?.[1]), manifest: plain(/name="manifest" value="([^"]*)"/.exec(html)?.[1]) }
}

it('from the page of this machine to GitHub and back, and the secrets are kept', async () => {
  await using github = await GitHubDouble.start({ enterprise: true })
  const { env, screen, lines } = await desk()
  const done = createGitHubApp({ org: 'acme', url: github.apiUrl, hook: `${HOOK}/` }, env, screen)
  const address = await vi.waitFor(() => /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(lines.join('\n'))?.[0] ?? expect.fail('no address yet'))
  const local = new URL(address)

  const page = await fetch(address)
  expect(page.headers.get('content-security-policy')).toContain(`form-action ${github.origin}`)
  const { action, manifest } = formOf(await page.text())
  expect(action).toContain(`${github.origin}/organizations/acme/settings/apps/new?state=`)
  expect(JSON.parse(manifest)).toMatchObject({ name: 'Fixpoint acme', public: false, hook_attributes: { url: `${HOOK}/hooks/github` } })

  expect((await fetch(`${local.origin}/`)).status).toBe(404)
  expect((await fetch(`${local.origin}/callback?code=abc&state=guessed`)).status).toBe(403)
  expect((await fetch(address, { method: 'POST' })).status).toBe(403)

  const back = await fetch(action, { method: 'POST', body: new URLSearchParams({ manifest }) })
  expect([back.status, new URL(back.url).origin]).toEqual([200, local.origin])
  expect(await done).toBe(0)
  await expect(fetch(address)).rejects.toThrow()

  const { github: kept } = (await readOperatorSettings(env)).settings
  if (kept === undefined) throw new Error('the settings have no github')
  const credentials = await readGitHubCredentials(kept, env)
  expect([kept.apiUrl, credentials.kind]).toEqual([github.apiUrl, 'app'])
  const said = lines.join('\n')
  expect(said).toContain(`${github.origin}/apps/fixpoint-acme/installations/new`)
  expect(said).toContain(`delivers to ${HOOK}/hooks/github`)
  expect(said).not.toContain(credentials.webhookSecret)
  expect(await readFile(join(env.home, 'fixpoint.config.yml'), 'utf8')).not.toContain(credentials.webhookSecret)

  await expect(createGitHubApp({ hook: HOOK }, env, screen)).rejects.toThrow(/has github already/)
})

it.each([
  [{}, /under which address/],
  [{ hook: 'http://fixpoint.example.org' }, /https addresses only/],
  [{ hook: HOOK, name: 'x'.repeat(35) }, /no name/],
  [{ hook: HOOK, org: 'a/b' }, /no organisation/],
])('%j is refused before anything is begun', async (options, words) => {
  const { env, screen, lines } = await desk()
  await expect(createGitHubApp(options, env, screen)).rejects.toThrow(words)
  expect(lines).toEqual([])
})

it('Ctrl-C ends it, and nothing was made', async () => {
  const { env, screen, lines } = await desk()
  const done = createGitHubApp({ hook: HOOK }, env, screen)
  await vi.waitFor(() => expect(lines.join('\n')).toContain('http://127.0.0.1'))
  process.emit('SIGINT')
  await expect(done).rejects.toThrow('interrupted')
  await expect(readFile(join(env.home, 'fixpoint.config.yml'))).rejects.toMatchObject({ code: 'ENOENT' })
})
