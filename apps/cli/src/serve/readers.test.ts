import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ObjectId, RunId, tokensOf } from '@fixpoint/core'
import { Archive, openRun } from '@fixpoint/engine'
import type { AnswerNews } from '@fixpoint/server'
import { AnthropicDouble, aPolicy, aReport, aUsage, calls, InMemoryArtifacts, InMemoryJournal, InMemoryLedger, type WireTurn } from '@fixpoint/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { clock, newIds } from '../compose.ts'
import type { Env } from '../env.ts'
import { codeDesk } from './code-desk.ts'
import { OperatorSettings } from './operator-settings.ts'
import { folderPremises } from './premises.ts'
import { questionDesk } from './question-desk.ts'
import { ReadableCode } from './readable-code.ts'

const FILES = {
  'package.json': '{"name":"shop","scripts":{"test":"node --test"}}',
  'src/split.js': 'export function split(cents, people) {\n  return Math.round(cents / people)\n}\n',
  'src/main.js': "import { split } from './split.js'\n\nexport const bill = () => split(1000, 6)\n",
  'test/split.test.js': "import test from 'node:test'\nimport { split } from '../src/split.js'\ntest('splits', () => split(1, 1))\n",
  'secret/split.js': 'export function split() { return "hush" }\n',
  '.fixpointignore': 'secret/\n',
}

async function aShop(turns: readonly WireTurn[] = [], questions: object = {}) {
  const root = await mkdtemp(join(tmpdir(), 'fixpoint-readers-'))
  const path = join(root, 'shop')
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=dev', '-c', 'user.email=dev@localhost', ...args], { encoding: 'utf8' }).trim()
  git('init', '-q', path)
  const write = async (name: string, text: string) => {
    execFileSync('mkdir', ['-p', join(path, name, '..')])
    await writeFile(join(path, name), text)
  }
  for (const [name, text] of Object.entries(FILES)) await write(name, text)
  const commit = () => {
    git('-C', path, 'add', '-A')
    git('-C', path, 'commit', '-q', '-m', 'first')
    return ObjectId.parse(git('-C', path, 'rev-parse', 'HEAD'))
  }
  const base = commit()
  const double = await AnthropicDouble.start(turns)
  const env: Env = {
    ...{ home: join(root, 'home'), certificateAuthorities: undefined, dockerHost: undefined, color: false },
    named: (name) => ({ ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: double.baseUrl })[name],
  }
  const settings = OperatorSettings.parse({ repositories: { shop: { path } }, questions })
  const premises = folderPremises('shop', settings, env)
  if (premises === undefined) throw new Error('the shop is among the repositories')
  const code = new ReadableCode(env.home)
  onTestFinished(async () => {
    await code[Symbol.asyncDispose]()
    await double[Symbol.asyncDispose]()
    expect(await readdir(join(env.home, 'tmp'))).toEqual([])
    await rm(root, { recursive: true })
  })
  return { env, settings, premises, code, base, write, commit, double }
}

/** A run on the shop, and the desk that answers about it. */
async function asking(turns: readonly WireTurn[], questions: object = {}) {
  const { env, settings, premises, code, base, double } = await aShop(turns, questions)
  const [journal, artifacts, ledger, ids] = [new InMemoryJournal(), new InMemoryArtifacts(), new InMemoryLedger(), newIds()]
  const project = { toolchain: 'node', runner: 'node:test', runnerArguments: [], testFiles: [], protectedFiles: [], staticChecks: [], because: [] } as const
  const recipe = { toolchain: 'node', way: 'none', manifests: [], download: [], scripts: [], directories: [] } as const
  const workspace = { repository: premises.place, project, recipe, commands: {} } as never
  const run = await openRun({ report: aReport(), workspace, base, policy: aPolicy() }, { journal, archive: new Archive(artifacts), clock, ids })
  const runs = { premisesOf: async () => premises }
  const desk = questionDesk({ env, settings, stores: { journal, artifacts }, ledger, runs, ids, code, warn: () => undefined })
  if (desk === undefined) throw new Error('a key is set')
  const news: AnswerNews[] = []
  const ask = (question: string, signal = AbortSignal.timeout(30_000)) => desk.ask(RunId.parse(run), question, (each) => news.push(each), signal)
  return { desk, ask, news, double, ledger }
}

const replies = (...turns: readonly ReturnType<typeof calls>[]): WireTurn[] => turns.map((reply) => ({ kind: 'reply', reply: { usage: aUsage(), ...reply } }))
const answer = (text: string, ...places: readonly (readonly [path: string, line: number])[]) =>
  calls(['answer', { text, evidence: places.map(([path, line]) => ({ path, from: line, to: line, why: 'it is here' })) }])

it('a question is answered from the journal and the code, with the lines, and what it cost is counted', async () => {
  const { ask, news, double, ledger, desk } = await asking(replies(calls(['read_file', { path: 'src/split.js' }]), answer('It rounds.', ['src/split.js', 2])))
  expect(desk.model).toMatch(/^anthropic\//)
  const { spent, ...told } = await ask('Why not mend the caller?')
  expect(told).toEqual({
    text: 'It rounds.',
    places: [{ path: 'src/split.js', lines: [2, 2], text: '  return Math.round(cents / people)', why: 'it is here', url: undefined }],
    model: desk.model,
  })
  expect(news).toEqual([{ kind: 'looking', tool: 'read_file', at: 'src/split.js' }])
  expect(JSON.stringify(double.requests[0]?.body)).toContain('Why not mend the caller?')
  expect(spent.tokens).toBe(2 * tokensOf(aUsage()))
  expect((await ledger.since(new Date())).map((day) => [day.repository, day.spent.tokens])).toEqual([['shop', spent.tokens]])
})

it('an answer that leads elsewhere leads nowhere: what is excluded or not there is not shown', async () => {
  const words = '<script>steal()</script> [here](https://evil.example) and src/split.js'
  const { ask } = await asking(replies(answer(words, ['secret/split.js', 1], ['../../etc/passwd', 1], ['https://evil.example/x.js', 1], ['src/main.js', 3])))
  const { text, places } = await ask('What is kept secret?')
  expect(text).toBe(words)
  expect(places.map(({ path }) => path)).toEqual(['src/main.js'])
})

it('a question has a cap of its own', async () => {
  const { ask, double } = await asking([], { tokens: 100 })
  await expect(ask('Why?')).rejects.toMatchObject({ code: 'budget-exhausted' })
  expect(double.requests).toEqual([])
})

it('a question that is taken back ends the call', async () => {
  const { ask, double } = await asking([{ kind: 'silence' }])
  const leaving = new AbortController()
  const asked = ask('Why?', leaving.signal)
  await expect.poll(() => double.requests.length).toBe(1)
  leaving.abort()
  await expect(asked).rejects.toBeDefined()
  await expect.poll(() => double.abandoned).toBe(1)
})

it('code is found as text, by what defines a name and by what uses it; what its owner excludes is not', async () => {
  const { premises, code } = await aShop()
  const desk = codeDesk({ code, premises: async (name) => (name === 'shop' ? premises : undefined) })
  const find = async (kind: 'text' | 'definitions' | 'references', text: string, limit = 50) => {
    const found = await desk.search('shop', { kind, text }, limit, AbortSignal.timeout(30_000))
    return { ...found, places: found?.places.map(({ path, lines, within }) => [`${path}:${lines.join('-')}`, within].filter(Boolean).join(' ')) }
  }
  expect((await find('text', 'split(1')).places).toEqual(['src/main.js:3-3', 'test/split.test.js:3-3'])
  expect((await find('definitions', 'split')).places).toEqual(['src/split.js:1-3'])
  expect((await find('references', 'split')).places).toContain('src/main.js:3-3 bill')
  expect(await find('text', 'split', 2)).toMatchObject({ more: true, places: { length: 2 } })
  expect((await find('text', 'hush')).places).toEqual([])
  expect(await desk.search('elsewhere', { kind: 'text', text: 'split' }, 5, AbortSignal.timeout(5000))).toBeUndefined()
})

it('how the tests are run is told from the code, or why it cannot be', async () => {
  const { premises, code, commit, write } = await aShop()
  const desk = codeDesk({ code, premises: async () => premises })
  expect(await desk.project('shop')).toMatchObject({
    detected: { toolchain: 'node', runner: 'node:test', testFiles: 1, because: [expect.stringContaining('node --test')] },
  })
  await write('.github/fixpoint.yml', 'test: make check\n')
  commit()
  await code[Symbol.asyncDispose]()
  expect(await desk.project('shop')).toMatchObject({ detected: { runner: 'command', command: 'make check' } })
})
