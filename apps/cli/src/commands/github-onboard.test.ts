import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostedShop, MemorySnapshot } from '@fixpoint/testkit'
import pc from 'picocolors'
import { expect, it, onTestFinished } from 'vitest'
import { readEnv } from '../env.ts'
import { ONBOARDING_PATH, onboardingFile } from '../github/onboarding-file.ts'
import { screenOn } from '../present/terminal.ts'
import { SettingsSaid } from '../settings.ts'
import { readYaml } from '../yaml-file.ts'
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
  return { ...there, lines, ask: () => onboard('acme/shop', {}, env, screen, PACE) }
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
