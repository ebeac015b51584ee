import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostedShop, MemorySnapshot } from '@fixpoint/testkit'
import pc from 'picocolors'
import { expect, it, onTestFinished, vi } from 'vitest'
import { readEnv } from '../env.ts'
import { ONBOARDING_PATH, onboardingFile } from '../github/onboarding-file.ts'
import { screenOn } from '../present/terminal.ts'
import { SettingsSaid } from '../settings.ts'
import { readYaml } from '../yaml-file.ts'
import { printConfig } from './config.ts'
import { onboard } from './github-onboard.ts'

const PACE = { second: 1, betweenWrites: 0, betweenNotifications: 0, timeout: 20_000 }

async function open() {
  const there = await hostedShop()
  const home = await mkdtemp(join(tmpdir(), 'fixpoint-onboard-'))
  onTestFinished(async () => {
    await rm(home, { recursive: true })
    await there.github[Symbol.asyncDispose]()
  })
  await writeFile(join(home, 'key.pem'), there.fixpoint.pem)
  await writeFile(join(home, 'hook'), 'a webhook secret')
  const app = { id: there.fixpoint.id, privateKey: { file: 'key.pem' }, webhookSecret: { file: 'hook' } }
  await writeFile(join(home, 'fixpoint.config.yml'), JSON.stringify({ github: { apiUrl: there.github.apiUrl, app } }))
  const lines: string[] = []
  const screen = { line: (text: string) => void lines.push(text), doing: () => {}, colors: pc.createColors(false) }
  const env = readEnv({ FIXPOINT_HOME: home })
  return { ...there, env, screen, lines, ask: () => onboard('acme/shop', {}, env, screen, PACE) }
}

it('one pull request with one file; twice is once, and a no is a no', async () => {
  const { github, shop, ask, lines } = await open()
  const manifest = JSON.stringify({ scripts: { test: 'node --test' } })
  await github.as('tom').pushes(shop, { files: { 'package.json': manifest, 'test/cart.test.js': "import 'node:test'\n" } })
  expect(await ask()).toBe(0)
  const [pull, ...others] = github.pulls(shop)
  expect([pull?.title, pull?.pull.headBranch, pull?.pull.baseBranch, others]).toEqual(['Settings for Fixpoint', 'fixpoint/onboarding', 'main', []])
  const tip = await shop.git.tip('fixpoint/onboarding')
  expect(await shop.git.text('diff', '--name-only', `main..${tip}`)).toBe(ONBOARDING_PATH)
  const text = await shop.git.text('show', `${tip}:${ONBOARDING_PATH}`)
  expect(text).toContain('node:test, files of tests: 1')
  await ask()
  expect([github.pulls(shop).length, await shop.git.tip('fixpoint/onboarding')]).toEqual([1, tip])
  github.as('ann').closes({ repository: shop, number: pull?.number ?? 0 })
  await ask()
  expect(github.pulls(shop)).toHaveLength(1)
  expect(lines.at(-1)).toContain('was closed')
  await github.as('ann').pushes(shop, { files: { [ONBOARDING_PATH]: text } })
  await ask()
  expect(lines.at(-1)).toBe(`acme/shop has ${ONBOARDING_PATH} already`)
})

it('names what the tests may want to talk to, and where that is said', () => {
  const source = new MemorySnapshot({
    'package.json': JSON.stringify({ scripts: { test: 'node --test' }, dependencies: { ioredis: '5.0.0', express: '5.0.0' } }),
    'a.test.js': "import 'node:test'",
    'docker-compose.yml': 'services:\n  db: { image: "registry.example:5000/library/postgres:16-alpine" }\n  app: { build: . }\n',
    '.github/workflows/ci.yml': 'jobs:\n  test:\n    services:\n      database:\n        image: mysql:8\n    steps: []\n',
    'requirements.txt': 'psycopg2-binary==2.9\nredis>=5 # cache\n',
    'compose.broken.yml': 'services: [\n',
  })
  const text = onboardingFile(source)
  expect(text).toContain('services    postgres (registry.example:5000/library/postgres:16-alpine in docker-compose.yml; psycopg2-binary in requirements.txt)')
  expect(text).toContain('mysql (mysql:8 in .github/workflows/ci.yml)')
  expect(text).toContain('redis (ioredis in package.json; redis in requirements.txt)')
  expect(onboardingFile(new MemorySnapshot({ 'package.json': '{"scripts":{"test":"node --test"}}', 'a.test.js': "import 'node:test'" }))).toContain(
    'services    none',
  )
})

it('what holds for a repository on GitHub is told with whose word it is', async () => {
  const { github, shop, env, screen } = await open()
  await github.as('ann').pushes(shop, { files: { '.github/fixpoint.yml': 'labels: [robot]\n' } })
  const said: string[] = []
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  onTestFinished(() => write.mockRestore())
  expect(await printConfig({ repo: 'acme/shop', explain: true }, env, screen, PACE)).toBe(0)
  expect(said.join('')).toMatch(/^labels +\[robot\] +\.github\/fixpoint\.yml/m)
})

it.each(['a b', '../x', 'acme'])('%j is no repository', async (name) => {
  await expect(onboard(name, {}, readEnv({}), screenOn(process.stderr, false))).rejects.toThrow('no repository on GitHub')
})

it.each([
  ['a project', { 'package.json': '{"scripts":{"test":"node --test"}}', 'a.test.js': "import 'node:test'" }],
  ['nothing that is known', { 'README.md': '' }],
  ['a script that tries to say something', { 'package.json': JSON.stringify({ scripts: { test: 'x\nenabled: false\u2028labels: [evil]' } }) }],
])('of %s the file is valid, and says nothing but the defaults', (_, files) => {
  const said = readYaml(SettingsSaid, ONBOARDING_PATH, onboardingFile(new MemorySnapshot(files as Record<string, string>)), '')
  expect(said).toEqual({ labels: ['fixpoint'], protected: [] })
})
