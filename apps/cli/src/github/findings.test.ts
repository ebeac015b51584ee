import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostedShop } from '@fixpoint/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readEnv } from '../env.ts'
import { GitHubSettings } from '../serve/github-settings.ts'
import type { SettingsSaid } from '../settings.ts'
import { githubFindings } from './findings.ts'

const pace = { second: 1, betweenWrites: 0, betweenNotifications: 0, timeout: 20_000 }
const ALL = ['github-keys', 'github-host', 'github-clock', 'github-permissions', 'github-events', 'github-installed', 'github-deliver', 'github-label']

async function open() {
  const there = await hostedShop()
  const home = await mkdtemp(join(tmpdir(), 'fixpoint-findings-'))
  onTestFinished(async () => {
    await rm(home, { recursive: true })
    await there.github[Symbol.asyncDispose]()
  })
  await writeFile(join(home, 'key.pem'), there.fixpoint.pem)
  await writeFile(join(home, 'hook'), 'a webhook secret')
  const app = { id: there.fixpoint.id, privateKey: { file: 'key.pem' }, webhookSecret: { file: 'hook' } }
  const look = (more: Partial<GitHubSettings> = {}, defaults: SettingsSaid = {}) => {
    const settings = GitHubSettings.parse({ apiUrl: there.github.apiUrl, app, ...more })
    return githubFindings({ github: settings, defaults }, readEnv({ FIXPOINT_HOME: home }), pace)
  }
  return { ...there, home, look }
}

it('says that all is well', async () => {
  const { look } = await open()
  const findings = await look()
  expect(findings.map(({ name }) => name)).toEqual(ALL)
  expect(findings.filter(({ ok }) => !ok)).toEqual([])
  expect(findings.map(({ detail }) => detail).join('\n')).toContain('knows us as fixpoint[bot]')
  expect(findings.at(-1)?.detail).toContain('fixpoint: in 0 of 1 repositories, not in acme/shop. The service makes it')
})

describe('labels that ask for a run', () => {
  const labelled = async (there: Awaited<ReturnType<typeof open>>, label: string) => {
    const ann = there.github.as('ann')
    await ann.labels(await ann.opensIssue(there.shop, { title: 'It breaks' }), label)
  }
  const detail = (findings: Awaited<ReturnType<Awaited<ReturnType<typeof open>>['look']>>) => findings.find(({ name }) => name === 'github-label')?.detail

  it('are those of the operator’s defaults, whatever their case', async () => {
    const there = await open()
    await labelled(there, 'Bug')
    expect(detail(await there.look({}, { labels: ['bug'] }))).toBe('bug: in 1 repositories')
    expect(detail(await there.look({}, { labels: ['bug', 'defect', 'regression'] }))).toContain('not in acme/shop (defect, regression)')
    expect(detail(await there.look({}, { labels: [] }))).toContain('/fixpoint run')
  })

  it('are looked for where the operator lets us work', async () => {
    const there = await open()
    await labelled(there, 'fixpoint')
    const site = await there.github.addRepository({ owner: 'globex', name: 'site' })
    there.github.install(there.fixpoint, 'globex', [site])
    expect(detail(await there.look())).toMatch(/^fixpoint: in 1 of 2 repositories, not in globex\/site\. /)
    expect(detail(await there.look({ repositories: ['acme/*'] }))).toBe('fixpoint: in 1 repositories')
  })
})

it('names each permission, event and installation that is not as it has to be, with what to do', async () => {
  const { look, fixpoint, github } = await open()
  fixpoint.permissions = { ...fixpoint.permissions, checks: 'read' }
  fixpoint.events = fixpoint.events.filter((event) => event !== 'issue_comment')
  github.install(fixpoint, 'initech')
  github.as('ann').suspends(github.install(fixpoint, 'umbrella'))
  const wrong = (await look()).filter(({ ok }) => !ok)
  expect(wrong.map(({ name }) => name)).toEqual(['github-permissions', 'github-events', 'github-installed', 'github-installed'])
  expect(wrong[0]).toMatchObject({
    detail: expect.stringContaining('checks: read, where write is needed'),
    remedy: expect.stringContaining('Set checks to write'),
  })
  expect(wrong[1]?.remedy).toContain('Subscribe to issue comment')
  expect(wrong.slice(2).map(({ detail }) => detail)).toEqual(['initech grants checks: read, where write is needed', 'umbrella: suspended'])
})

it('tells of deliveries that fail, and not of those that were delivered again', async () => {
  const { look, fixpoint, github, shop } = await open()
  github.sendWebhooksOf(fixpoint, { url: 'http://127.0.0.1:9/hooks/github', secret: 'a webhook secret' })
  await github.as('ann').opensIssue(shop, { title: 'It breaks' })
  await github.settled()
  const [wrong, ...others] = (await look()).filter(({ ok }) => !ok)
  expect(others).toEqual([])
  expect(wrong).toMatchObject({
    name: 'github-deliver',
    detail: expect.stringMatching(/^1 of the last \d+ failed to http:.*issues/),
    remedy: expect.stringContaining('proxy'),
  })
})

it('a clock that is wrong, and a key that GitHub does not know, are what is said', async () => {
  const { look, github, home } = await open()
  github.advance(-300_000)
  expect((await look()).filter(({ ok }) => !ok)).toMatchObject([{ name: 'github-clock', detail: expect.stringMatching(/^(299|300|301) s ahead of/) }])
  github.advance(300_000)
  await writeFile(join(home, 'key.pem'), github.addApp({ slug: 'other' }).pem)
  const [host, ...more] = (await look()).filter(({ ok }) => !ok)
  expect(host).toMatchObject({ name: 'github-host', exit: 4, remedy: expect.stringContaining('private key') })
  expect(more).toEqual([])
  await rm(join(home, 'key.pem'))
  expect(await look()).toMatchObject([{ name: 'github-keys', ok: false, exit: 3 }])
})
