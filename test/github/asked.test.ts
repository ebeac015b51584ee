import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ObjectId } from '@fixpoint/core'
import { Archive, openRun, Workspace } from '@fixpoint/engine'
import {
  AnthropicDouble,
  aPolicy,
  aReport,
  aUsage,
  calls,
  hostedShop,
  InMemoryArtifacts,
  InMemoryHostThreads,
  InMemoryJournal,
  InMemoryLedger,
  InMemoryReports,
} from '@fixpoint/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { clock, newIds } from '../../apps/cli/src/compose.ts'
import { readEnv } from '../../apps/cli/src/env.ts'
import { Hosting } from '../../apps/cli/src/serve/hosting.ts'
import { OperatorSettings } from '../../apps/cli/src/serve/operator-settings.ts'
import { questionDesk } from '../../apps/cli/src/serve/question-desk.ts'
import { ReadableCode } from '../../apps/cli/src/serve/readable-code.ts'
import { ServiceRuns } from '../../apps/cli/src/serve/service-runs.ts'
import { SHOP } from '../stories/small-repository.ts'

const SECRET = { 'secret/keys.js': 'export const key = "hush"\n', '.fixpointignore': 'secret/\n' }
const LINE = '  return items[items.length].name'
const never = new AbortController().signal
const reply = (turn: ReturnType<typeof calls>) => ({ kind: 'reply' as const, reply: { usage: aUsage(), ...turn } })
/** It reads both files, and says that it saw something in each. */
const ANSWER = [
  reply(calls(['read_file', { path: 'src/last.js' }], ['read_file', { path: 'secret/keys.js' }])),
  reply(calls(['answer', { text: 'Behind the end.', evidence: ['src/last.js', 'secret/keys.js'].map((path) => ({ path, from: 2, to: 2, why: 'here' })) }])),
]

/** A run on a repository of GitHub, and the desk that answers about it; nothing of it was fetched yet. */
async function asking({ isPrivate = true } = {}) {
  const { github, shop, fixpoint: app, installation } = await hostedShop({ files: { ...SHOP, ...SECRET }, isPrivate })
  const model = await AnthropicDouble.start([...ANSWER, ...ANSWER])
  const home = await mkdtemp(join(tmpdir(), 'fixpoint-asked-'))
  await writeFile(join(home, 'app.pem'), app.pem, { mode: 0o600 })
  const variables = { FIXPOINT_HOME: home, HOOK_SECRET: 'a secret', PATH: process.env.PATH, ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: model.baseUrl }
  const env = readEnv(variables)
  const credentials = { id: app.id, privateKey: { file: 'app.pem' }, webhookSecret: { env: 'HOOK_SECRET' } }
  const settings = OperatorSettings.parse({ github: { apiUrl: github.apiUrl, app: credentials } })
  const hosting = await Hosting.open(settings, env, never, { second: 1, betweenWrites: 0, betweenNotifications: 0, timeout: 3000 })
  const [journal, artifacts, ledger, ids] = [new InMemoryJournal(), new InMemoryArtifacts(), new InMemoryLedger(), newIds()]
  const stores = { journal, artifacts, threads: new InMemoryHostThreads(), reports: new InMemoryReports() }
  const runs = new ServiceRuns({ env, settings, stores, hosting, ledger, note: () => undefined })
  const code = new ReadableCode(home)
  onTestFinished(async () => {
    await code[Symbol.asyncDispose]()
    await model[Symbol.asyncDispose]()
    await github[Symbol.asyncDispose]()
    await rm(home, { recursive: true, force: true })
  })
  const base = ObjectId.parse(await shop.git.tip('main'))
  const project = { toolchain: 'node', runner: 'node:test', runnerArguments: [], testFiles: [], protectedFiles: [], staticChecks: [], because: [] }
  const recipe = { toolchain: 'node', way: 'none', manifests: [], download: [], scripts: [], directories: [] }
  const workspace = Workspace.parse({ repository: 'github:acme/shop', project, recipe, commands: {} })
  const run = await openRun({ report: aReport(), workspace, base, policy: aPolicy() }, { journal, archive: new Archive(artifacts), clock, ids })
  const desk = questionDesk({ env, settings, stores, ledger, runs, ids, code, warn: () => undefined })
  const ask = () => desk?.ask(run, 'Why not mend the caller?', () => undefined, AbortSignal.timeout(60_000))
  return { github, shop, installation, model, base, ask, code, ledger }
}

it('a question about a run on GitHub is answered from a copy of the code at its base, with links to the lines there', async () => {
  const { github, shop, base, ask, code, model, ledger } = await asking()
  const places = [{ path: 'src/last.js', lines: [2, 2], text: LINE, why: 'here', url: `${github.origin}/acme/shop/blob/${base}/src/last.js#L2` }]
  expect(await ask()).toMatchObject({ text: 'Behind the end.', places })
  expect(JSON.stringify(model.requests)).toContain(LINE.trim())
  expect(JSON.stringify(model.requests)).not.toContain('hush')
  expect((await ledger.since(new Date())).map(({ repository }) => repository)).toEqual(['acme/shop'])

  // What was pushed since is not what the run was about; and what was fetched once needs no GitHub.
  await github.as('ann').pushes(shop, { branch: 'main', files: { 'src/last.js': '// moved\n// away\n' } })
  await code[Symbol.asyncDispose]()
  const asked = github.requests.length
  expect(await ask()).toMatchObject({ places })
  expect(github.requests.slice(asked)).toEqual([])
})

it('a repository that got another name since is read under that', async () => {
  const { github, shop, ask } = await asking({ isPrivate: false })
  await github.as('ann').renames(shop, 'store')
  expect(await ask()).toMatchObject({ text: 'Behind the end.', places: [{ text: LINE }] })
})

it('one that the app is not let into any more is not read, which is said with what to do', async () => {
  const { github, installation, ask, model } = await asking()
  github.as('ann').uninstalls(installation)
  await expect(ask()).rejects.toMatchObject({ message: expect.stringContaining('acme/shop'), hint: expect.stringContaining('nstall') })
  expect(model.requests).toEqual([])
})
