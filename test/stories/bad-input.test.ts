import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixpoint, git } from './fixture.ts'
import { CRASH, commitAll, fingerprint, leftBehind, type Place, place, put, SHOP } from './small-repository.ts'

// What is refused before a room is opened. Each row: the words, the exit code, the repository as it was, nothing left behind.
// The engine is out of reach on purpose, so that no row can get further by accident.
const NO_ENGINE = { DOCKER_HOST: 'unix:///nonexistent.sock' }

let shop: Place
beforeAll(async () => {
  shop = await place(SHOP)
})
afterAll(() => shop[Symbol.asyncDispose]())

interface Expected {
  readonly code: number
  readonly says: readonly RegExp[]
  readonly reason?: string
}

async function refuses(
  at: Place,
  args: readonly string[],
  { code, says, reason }: Expected,
  options: { stdin?: string | Uint8Array; env?: Record<string, string> } = {},
) {
  const before = await fingerprint(at.folder)
  const ended = await fixpoint([...args, '--json'], at.home, { ...options, env: { ...NO_ENGINE, ...options.env } })
  expect.soft(ended.stderr).not.toContain('fault of Fixpoint')
  for (const words of says) expect.soft(ended.stderr).toMatch(words)
  expect.soft(ended.code).toBe(code)
  expect.soft(ended.result).toMatchObject({ type: 'result', ...(reason === undefined ? {} : { reason }) })
  for (const key of ['outcome', 'patch', 'certificate', 'diagnosis', 'runId', 'durationMs']) expect.soft(ended.result).toHaveProperty(key)
  expect.soft(await fingerprint(at.folder)).toBe(before)
  expect.soft(await leftBehind(at.home)).toEqual([])
  return ended
}

describe('what was typed', () => {
  it.each<[string, string[], Expected]>([
    ['an unknown command', ['fxi'], { code: 2, says: [/unknown command 'fxi'/, /Did you mean fix/], reason: 'usage' }],
    ['an unknown option', ['fix', '--repo', '.', '--repport', 'x'], { code: 2, says: [/unknown option '--repport'/, /--report/, /--help/] }],
    ['no repository', ['fix'], { code: 2, says: [/required option '--repo <dir>'/] }],
    ['--deps that does not exist', ['fix', '--repo', '.', '--deps', 'guess'], { code: 2, says: [/copy, install/] }],
    ['--budget nonsense', ['fix', '--repo', '.', '--budget', 'plenty'], { code: 3, says: [/does not understand "plenty"/, /attempts=8,minutes=30/] }],
    ['a run that is not there', ['runs', 'show', 'nope'], { code: 2, says: [/no run nope/, /runs list/] }],
    ['a run that is not there', ['runs', 'resume', 'nope'], { code: 2, says: [/no run nope/] }],
    [
      'a certificate that is not there',
      ['verify', '/nowhere.json', '--repo', '.'],
      { code: 2, says: [/nowhere\.json cannot be read: ENOENT/, /certificate\.json/] },
    ],
    [
      'a certificate that is something else',
      ['verify', join(import.meta.dirname, '../../package.json'), '--repo', '.'],
      { code: 2, says: [/not a certificate/] },
    ],
  ])('%s: %j', async (_, args, expected) => {
    await refuses(shop, args, expected)
  })

  it('--out that cannot be written is refused before anything is run', async () => {
    const file = await shop.file('file', '')
    await refuses(shop, ['fix', '--repo', shop.folder, '--out', join(file, 'out')], {
      code: 2,
      says: [/--out .* cannot be written: ENOTDIR/, /leave --out away/],
    })
  })
})

describe('the repository', () => {
  it('is a folder without git', async () => {
    await using at = await place(SHOP, 'no git')
    await refuses(at, ['fix', '--repo', at.folder], { code: 2, says: [/not a git repository/, /git init/], reason: 'repository-unreadable' })
  })
  it('does not exist', () => refuses(shop, ['fix', '--repo', '/nowhere'], { code: 2, says: [/nowhere does not exist/, /--repo/] }))
  it('has no commits', async () => {
    await using at = await place(SHOP, 'not committed')
    await refuses(at, ['fix', '--repo', at.folder], { code: 2, says: [/no commits/, /git add/] })
  })
  it('is empty', async () => {
    await using at = await place({})
    await refuses(at, ['fix', '--repo', at.folder], { code: 3, says: [/no files/, /commit something/], reason: 'unsupported-project' })
  })
  it('has no tests', async () => {
    await using at = await place({ 'package.json': '{ "name": "bare" }', 'index.js': 'export const one = 1\n' })
    await refuses(at, ['fix', '--repo', at.folder], { code: 3, says: [/test/, /--test/], reason: 'unsupported-project' })
  })
  it('is in a language that is not known yet', async () => {
    await using at = await place({ 'main.cob': 'IDENTIFICATION DIVISION.\n' })
    await refuses(at, ['fix', '--repo', at.folder], { code: 3, says: [/neither a Node\.js nor a Python project/] })
  })
  it('has settings that are wrong: file, line and column', async () => {
    await using at = await place({ ...SHOP, '.github/fixpoint.yml': 'test: npm test\nbudget:\n  attempts: many\nretries: 3\n' })
    await refuses(at, ['fix', '--repo', at.folder], {
      code: 3,
      says: [/fixpoint\.yml:3:13 budget\.attempts/, /retries/, /docs\/settings\.md/],
      reason: 'settings-invalid',
    })
  })
  it('has settings that are no YAML', async () => {
    await using at = await place({ ...SHOP, '.github/fixpoint.yml': 'test: [npm\nbudget: {' })
    await refuses(at, ['fix', '--repo', at.folder], { code: 3, says: [/fixpoint\.yml:\d+:\d+/] })
  })
  it('is dirty: what is not committed is left out, and named whatever its name', async () => {
    await using at = await place(SHOP)
    await put(at.folder, { 'two\nlines "quoted"': 'x', '-rf': 'x' })
    await refuses(at, ['fix', '--repo', at.folder], {
      code: 9,
      says: [/2 uncommitted changes \(-rf, "two\\nlines \\"quoted\\""\) left out; --dirty takes them in/],
    })
    await refuses(at, ['fix', '--repo', at.folder, '--dirty'], { code: 9, says: [/no Docker engine/] })
  })
})

describe('the report', () => {
  const fix = (report: string) => ['fix', '--repo', shop.folder, '--report', report]
  it('does not exist', () => refuses(shop, fix('/nowhere.log'), { code: 2, says: [/nowhere\.log cannot be read: ENOENT/, /standard input/], reason: 'usage' }))
  it('is a folder', () => refuses(shop, fix(shop.folder), { code: 2, says: [/is a folder/, /stack trace/] }))
  it('is empty', async () => refuses(shop, fix(await shop.file('empty', ' \n')), { code: 2, says: [/is empty/, /Paste a stack trace/] }))
  it('is not text', async () => refuses(shop, fix(await shop.file('binary', randomBytes(4096))), { code: 2, says: [/is not text/, /unpacked/] }))
  it('comes in through standard input, and is empty', () => refuses(shop, fix('-'), { code: 2, says: [/standard input is empty/] }, { stdin: '' }))
  it('comes in through a pipe that has no size', async () => {
    const pipe = await shop.file('pipe', '')
    await rm(pipe)
    execFileSync('mkfifo', [pipe])
    await Promise.all([refuses(shop, fix(pipe), { code: 9, says: [/no Docker engine/] }), writeFile(pipe, CRASH)])
    await refuses(shop, fix('/dev/stdin'), { code: 9, says: [/no Docker engine/] }, { stdin: CRASH })
  })
})

describe('the machine', () => {
  const fix = () => ['fix', '--repo', shop.folder]
  it('has no Docker engine: the run says so, and is in the journal', async () => {
    const { result } = await refuses(shop, fix(), {
      code: 9,
      says: [/no Docker engine answers \(ENOENT\)/, /Start Docker, or set DOCKER_HOST/, /wrote .*diagnosis\.json/],
      reason: 'environment',
    })
    const { stdout } = await fixpoint(['runs', 'list', '--json'], shop.home)
    expect(stdout).toContain(String(result.runId))
  })
  it('has a Docker engine that is stopped', () =>
    refuses(shop, fix(), { code: 9, says: [/no Docker engine answers \(ECONNREFUSED\)/, /Start Docker/] }, { env: { DOCKER_HOST: 'tcp://127.0.0.1:9' } }))
  it('has an address of an engine that is none', () =>
    refuses(shop, fix(), { code: 9, says: [/cannot reach a Docker engine at nonsense/, /unix:\/\//] }, { env: { DOCKER_HOST: 'nonsense' } }))
  it('says all of it in `doctor`', async () => {
    const { code, stdout } = await fixpoint(['doctor'], shop.home, { env: NO_ENGINE })
    expect(stdout).toMatch(/✘ docker .*no Docker engine answers/)
    expect(stdout).toMatch(/→ Start Docker.*docs\/troubleshooting\.md/)
    // It would send a person round in circles.
    expect(stdout).not.toContain('fixpoint doctor')
    expect(code).toBe(9)
  })
  it.each([
    ['a file', async () => shop.file('home-is-a-file', '')],
    ['nowhere that a folder can be made', async () => '/proc/fixpoint'],
  ])('has a home that is %s', async (_, home) => {
    await refuses(shop, fix(), { code: 3, says: [/cannot be made/, /Set FIXPOINT_HOME/], reason: 'settings-invalid' }, { env: { FIXPOINT_HOME: await home() } })
  })
  it('has a variable that cannot be used', () =>
    refuses(shop, fix(), { code: 3, says: [/FIXPOINT_NPM_REGISTRY/, /docs\/settings\.md/] }, { env: { FIXPOINT_NPM_REGISTRY: 'the usual one' } }))
})

describe('the journal', () => {
  it('that a newer version wrote is left as it is, and said so', async () => {
    await using at = await place(SHOP)
    const run = `run_${'0'.repeat(26)}`
    const events = join(at.home, 'runs', run, 'events')
    await mkdir(events, { recursive: true })
    await writeFile(join(events, '000000.json'), '{"v":2,"seq":0}')
    const ended = await refuses(at, ['runs', 'show', run], {
      code: 9,
      says: [/event 0 has format 2: it was written by a newer version/, /version of Fixpoint that wrote it/],
      reason: 'journal-unreadable',
    })
    expect(ended.result.outcome).toBe('abandoned')
    const listed = await fixpoint(['runs', 'list'], at.home)
    expect(listed.stdout).toMatch(new RegExp(`${run} .*unreadable`))
    expect(listed.code).toBe(0)
    expect(await readdir(events)).toEqual(['000000.json'])
  })
})

describe('a work tree with everything that is odd in it', () => {
  it('is read as it is, and stays as it is', async () => {
    await using at = await place(SHOP)
    await put(at.folder, {
      'with space/a b.js': '//\n',
      'new\nline': 'x',
      '"quoted"': 'x',
      '--upload-pack=touch owned': 'x',
      'big.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`,
      '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = https://example.com/lib.git\n',
    })
    await symlink('/etc/passwd', join(at.folder, 'passwd'))
    await symlink('../..', join(at.folder, 'up'))
    commitAll(at.folder)
    git(at.folder, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},lib`)
    await mkdir(join(at.folder, 'lib'))
    git(at.folder, 'commit', '-q', '-m', 'a submodule')
    git(at.folder, 'checkout', '-q', '--detach')
    await chmod(join(at.folder, 'src/last.js'), 0o755)
    await refuses(at, ['fix', '--repo', join(at.folder, 'with space')], {
      code: 9,
      says: [
        /stays out of the rooms: 1 submodule \(lib\), 1 Git LFS pointer \(big\.bin\), 2 links \(passwd, up\)/,
        /docs\/troubleshooting\.md/,
        /no Docker engine/,
      ],
    })
  })
})
