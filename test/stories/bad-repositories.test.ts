import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixpoint, git } from './fixture.ts'
import { CRASH, commitAll, fingerprint, leftBehind, type Place, place, put, SHOP } from './small-repository.ts'

// What shows only in a room. A budget of zero: reproduce and explain, draft nothing, so that a row takes seconds.

interface Expected {
  readonly code: number
  readonly reason: string
  readonly says: readonly RegExp[]
}

async function ends(at: Place, args: readonly string[], { code, reason, says }: Expected, options: { stdin?: string } = {}) {
  const before = await fingerprint(at.folder)
  const ended = await fixpoint(['fix', '--repo', at.folder, '--budget', '0', '--json', ...args], at.home, options)
  for (const words of says) expect.soft(ended.stderr).toMatch(words)
  expect.soft(ended.stderr).not.toContain('fault of Fixpoint')
  expect.soft(ended.result).toMatchObject({ type: 'result', outcome: 'abandoned', reason })
  expect.soft(ended.code).toBe(code)
  expect.soft(await fingerprint(at.folder)).toBe(before)
  expect.soft(await leftBehind(at.home, String(ended.result.runId))).toEqual([])
  return ended
}

const REPRODUCED: Expected = { code: 8, reason: 'budget-exhausted', says: [/the failure is ours/, /budget allows no attempt/, /--budget attempts=8/] }

describe('the suite', () => {
  it('hangs: it is ended after the time of the settings, and the report says which setting', async () => {
    await using at = await place({
      ...SHOP,
      '.github/fixpoint.yml': 'testTimeout: 4\n',
      'test/hang.test.js': "import { test } from 'node:test'\ntest('never ends', () => new Promise(() => setInterval(() => undefined, 1000)))\n",
    })
    await ends(at, [], { code: 5, reason: 'not-reproduced', says: [/did not end in time/, /testTimeout in \.github\/fixpoint\.yml/] })
  })

  it('fails, and has nothing to do with the report', async () => {
    await using at = await place({
      ...SHOP,
      'src/last.js': 'export const last = (items) => items.at(-1).name\n',
      'test/other.test.js': "import { test } from 'node:test'\ntest('something else', () => { throw new RangeError('out of stock') })\n",
    })
    const report = await at.file('report', CRASH.replaceAll('src/last.js', 'src/gone.js').replaceAll("'name'", "'price'"))
    await ends(at, ['--report', report], { code: 5, reason: 'not-reproduced', says: [/one test fails \(test\/other\.test\.js > something else/, /next/] })
  })

  it('is flaky: what comes and goes is no evidence', async () => {
    const coin =
      "import { test } from 'node:test'\nfor (let i = 0; i < 12; i++) test('coin ' + i, () => { if (Math.random() < 0.5) throw new RangeError('tails') })\n"
    await using at = await place({ 'package.json': SHOP['package.json'] ?? '', 'test/coin.test.js': coin })
    const report = await at.file('report', 'TypeError: nothing of the kind\n    at flip (/srv/app/src/coin.js:1:1)\n')
    await ends(at, ['--report', report], { code: 5, reason: 'not-reproduced', says: [/\d+ flaky/] })
  })

  it('cannot be installed: the version is not there', async () => {
    const manifest = { name: 'shop', type: 'module', scripts: { test: 'node --test' }, dependencies: { 'left-pad': '99.99.99' } }
    await using at = await place({ ...SHOP, 'package.json': JSON.stringify(manifest) })
    await ends(at, [], {
      code: 9,
      reason: 'environment',
      says: [/npm install .*ended with|npm install .*took/, /stopped: environment/, /next .*does not have that version/],
    })
  })
})

describe('the report', () => {
  it('has no trace', async () => {
    await using at = await place(SHOP)
    const report = await at.file('report', 'Sometimes the basket looks strange. Please fix.\n')
    await ends(at, ['--report', report], { code: 5, reason: 'not-reproduced', says: [/which of the 1 failing tests shows it|a stack trace, a failing test/] })
  })

  it('has five traces, one of them ours', async () => {
    await using at = await place(SHOP)
    const others = [1, 2, 3, 4].map((n) => `RangeError: limit ${n} passed\n    at run${n} (/srv/other/lib/worker${n}.js:${n}:1)\n`)
    await ends(at, ['--report', '-'], REPRODUCED, { stdin: [...others.slice(0, 2), CRASH, ...others.slice(2)].join('\n') })
  })

  it('is of another language than the repository', async () => {
    await using at = await place({ ...SHOP, 'src/last.js': 'export const last = (items) => items.at(-1).name\n' })
    const report = await at.file(
      'report',
      'Traceback (most recent call last):\n  File "/srv/app/shop/cart.py", line 3, in total\n    return items[9]\nIndexError: list index out of range\n',
    )
    await ends(at, ['--report', report], { code: 5, reason: 'not-reproduced', says: [/right repository and revision/] })
  })

  it('is a log of 20 MB with the trace at its end, into a repository with everything that is odd in it', async () => {
    await using at = await oddShop()
    const noise = `${'2024-03-01T09:59:59Z INFO request served in 12 ms, nothing to see here\n'.repeat(290_000)}`
    const report = await at.file('report', `${noise}${CRASH}`)
    await ends(at, ['--report', report], { ...REPRODUCED, says: [...REPRODUCED.says, /1 uncommitted change \(new file\.txt\) left out/] })
  })
})

/** Submodule, LFS pointer, links out of the tree, names that are commands or two lines, detached head, dirty. */
async function oddShop(): Promise<Place> {
  const at = await place(SHOP)
  await put(at.folder, {
    'with space/a b.js': '//\n',
    'new\nline': 'x',
    '"quoted"': 'x',
    '-rf': 'x',
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
  await put(at.folder, { 'new file.txt': 'x' })
  return at
}

describe('the disk', () => {
  const SMALL_DISK = ['-rm', 'sh', '-c', 'mkdir -p "$0" && mount -t tmpfs -o size=28k none "$0" && exec "$@"']

  /** Runs the program with a disk of 28 KB mounted at a folder; undefined where nothing can be mounted. */
  function fixOnSmallDisk(at: Place, folder: string, report: string, env: Record<string, string>) {
    try {
      execFileSync('unshare', [...SMALL_DISK, '/tmp', 'true'])
    } catch (error) {
      console.log(`skipped, no small disk can be mounted here: ${String(error).split('\n')[0]}`)
      return undefined
    }
    const program = join(import.meta.dirname, '../../apps/cli/bin/fixpoint.mjs')
    const args = [process.execPath, program, 'fix', '--repo', at.folder, '--report', report, '--budget', '0', '--json']
    const options = { env: { ...process.env, FIXPOINT_HOME: at.home, ...env }, encoding: 'utf8' } as const
    const { status, stdout, stderr } = spawnSync('unshare', [...SMALL_DISK, folder, ...args], options)
    return { code: status, output: `${stdout}${stderr}` }
  }

  it('of FIXPOINT_HOME is full: said as such, with what to do', async (context) => {
    await using at = await place(SHOP)
    const before = await fingerprint(at.folder)
    const said = fixOnSmallDisk(at, at.home, await at.file('report', CRASH), {}) ?? context.skip()
    expect(said.output).toMatch(/no space left/)
    expect(said.output).toMatch(/Free some space/)
    expect(said.output).toContain('"reason":"disk-full"')
    expect(said.code).toBe(9)
    expect(await fingerprint(at.folder)).toBe(before)
  })

  it('of TMPDIR is full: nothing of ours is written there', async (context) => {
    await using at = await place(SHOP)
    const before = await fingerprint(at.folder)
    const temporary = join(at.home, '..', 'temporary')
    const said = fixOnSmallDisk(at, temporary, await at.file('report', CRASH), { TMPDIR: temporary }) ?? context.skip()
    for (const words of REPRODUCED.says) expect.soft(said.output).toMatch(words)
    expect(said.code).toBe(REPRODUCED.code)
    expect(await fingerprint(at.folder)).toBe(before)
  })
})
