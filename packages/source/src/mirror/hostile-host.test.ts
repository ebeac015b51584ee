import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFileSync, chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Failure, IllegalEvent } from '@fixpoint/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CREDENTIAL, FixtureHost, TOKEN } from './fixture-host.ts'
import { HostedFixture } from './hosted-fixture.ts'
import { objectBytes } from './mirror-folder.ts'

const signal = new AbortController().signal
const LIMIT = 200_000

let fixture: HostedFixture
beforeEach(async () => {
  fixture = await HostedFixture.start()
})
afterEach(() => fixture[Symbol.asyncDispose]())

const edit = (base: string) => ({ base, edits: [{ path: 'a.js', content: 'fixed\n' }], message: 'Fix', at: new Date('2026-02-03T04:05:06Z') })

describe('G1, G2, G4: payloads on the way from the host and back', () => {
  it('none fires in a fetch, a snapshot, a commit and a push', async () => {
    const markers = join(fixture.theirs.root, 'markers')
    mkdirSync(markers)
    const payload = (name: string): string => `sh -c "touch ${join(markers, name)}; cat"`
    fixture.theirs.write('.gitattributes', '* filter=evil diff=evil merge=evil\n*.bin filter=lfs\n')
    fixture.theirs.write('.lfsconfig', `[lfs]\n\turl = ext::${payload('lfs')}\n`)
    fixture.theirs.write('.gitmodules', `[submodule "x"]\n\tpath = x\n\turl = ext::${payload('submodule')}\n\tupdate = !${payload('update')}\n`)
    fixture.theirs.write('inner/HEAD', 'ref: refs/heads/main\n')
    fixture.theirs.write('inner/config', `[core]\n\tbare = true\n\tfsmonitor = ${payload('inner')}\n`)
    fixture.theirs.git(['update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},x`])
    fixture.pushed('payloads', 'two\n')
    const ours = fixture.mirror()
    await ours.fetch({ signal })
    const folder = join(fixture.mirrorsFolder, fixture.kept().find((path) => path.endsWith('app.git')) ?? '')
    // Whoever can write to the cache still starts nothing.
    mkdirSync(join(folder, 'hooks'))
    for (const name of ['reference-transaction', 'post-update', 'pre-push', 'post-checkout', 'pre-auto-gc', 'fsmonitor-watchman']) {
      writeFileSync(join(folder, 'hooks', name), `#!/bin/sh\ntouch ${join(markers, name)}\n`)
      chmodSync(join(folder, 'hooks', name), 0o755)
    }
    appendFileSync(
      join(folder, 'config'),
      [
        `[core]\n\thooksPath = ${join(folder, 'hooks')}\n\tfsmonitor = ${payload('fsmonitor')}\n\tsshCommand = ${payload('ssh')}\n\taskPass = ${payload('askpass')}`,
        `[credential]\n\thelper = !${payload('credential')}\n[filter "evil"]\n\tsmudge = ${payload('smudge')}\n[diff "evil"]\n\ttextconv = ${payload('textconv')}`,
        `[uploadpack]\n\tpackObjectsHook = ${payload('pack')}\n[url "ext::${payload('instead')}"]\n\tinsteadOf = http://\n[http]\n\tproxy = http://127.0.0.1:1`,
        '',
      ].join('\n'),
    )
    const tip = fixture.pushed('more', 'three\n')
    expect(await ours.fetch({ signal })).toBe(tip)
    await using repository = await ours.open({ gitDirectory: join(fixture.theirs.root, 'private') })
    expect((await repository.snapshot(tip)).text('a.js')).toBe('three\n')
    const commit = await repository.commit(edit(tip))
    await ours.pusher(repository).push('fixpoint/run_1', commit, { expected: 'absent', credential: CREDENTIAL })
    expect(fixture.theirs.git(['rev-parse', 'fixpoint/run_1'], fixture.bare)).toBe(commit)
    expect(readdirSync(markers)).toEqual([])
  })
})

describe('G3, G4: addresses', () => {
  it('of any other kind are refused before anything starts', () => {
    const addresses = [
      ...['--upload-pack=touch x', 'ext::sh -c "touch x"', 'file:///etc/x/y.git', 'ssh://-oProxyCommand=x/a/b.git', 'git@github.com:a/b.git'],
      ...['http://github.com/a/b.git', 'https://user:secret@github.com/a/b.git', 'https://github.com/a/b.git?x=1', 'https://github.com/a/b.git#x'],
      ...[
        'https://github.com/../b.git',
        'https://github.com/a/b/../../c.git',
        'https://github.com/a/..git',
        'https://github.com/a/b c.git',
        'https://github.com/a/b',
      ],
    ]
    for (const url of addresses) expect(() => fixture.mirrors().of({ url, credential: async () => CREDENTIAL }), url).toThrow(IllegalEvent)
    expect(existsSync(fixture.mirrorsFolder)).toBe(false)
  })
})

describe('G5: the token', () => {
  it('is in no argument, no file and no message, and goes to this host alone', async () => {
    const seen = new Set<string>()
    const look = (): undefined => {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
          seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
        } catch {
          // It has ended.
        }
      }
    }
    fixture.host.fault = look
    const ours = fixture.mirror()
    const tip = await ours.fetch({ signal })
    const gitDirectory = join(fixture.theirs.root, 'private')
    await using repository = await ours.open({ gitDirectory })
    const commit = await repository.commit(edit(tip))
    await ours.pusher(repository).push('fixpoint/run_1', commit, { expected: 'absent', credential: CREDENTIAL })
    const messages: string[] = []
    fixture.host.fault = () => ({ status: 403, body: `remote says ${TOKEN}` })
    const pushing = () => ours.pusher(repository).push('fixpoint/run_1', tip, { expected: commit, credential: CREDENTIAL })
    for (const work of [() => ours.fetch({ signal }), pushing]) {
      await work().catch((error: Failure) => messages.push(`${error.stack} ${error.message} ${error.hint}`))
    }
    expect(messages).toHaveLength(2)
    expect([...seen].some((line) => line.includes('fetch\0') && line.includes('Acme/app'))).toBe(true)
    const secrets = [TOKEN, Buffer.from(`x-access-token:${TOKEN}`).toString('base64')]
    for (const secret of secrets) {
      expect([...seen, ...messages].filter((text) => text.includes(secret))).toEqual([])
      expect(execFileSync('sh', ['-c', 'grep -rl -- "$1" "$2" "$3" || true', 'sh', secret, fixture.mirrorsFolder, gitDirectory], { encoding: 'utf8' })).toBe('')
    }
  })

  it('of nobody: a host that wants one is told to have refused', async () => {
    const anonymous = fixture.mirrors().of({ url: fixture.host.url('Acme/app'), credential: async () => undefined })
    await expect(anonymous.fetch({ signal })).rejects.toMatchObject({ code: 'host-refused' })
  })

  it('a proxy is used when the operator says so, and not when the environment does', async () => {
    await using proxy = await FixtureHost.start(join(fixture.theirs.root, 'hosted'))
    const url = new URL(proxy.url('x')).origin
    await fixture.mirror({ proxy: { http: url } }).fetch({ signal })
    expect(proxy.requests.length).toBeGreaterThan(0)
  })
})

describe('G7: too much', () => {
  it('a repository over the limit is refused, and the disk is as it was', async () => {
    fixture.theirs.write('big.bin', randomBytes(400_000).toString('hex'))
    fixture.pushed('big', 'two\n')
    const ours = fixture.mirror({ limits: { bytes: LIMIT } })
    await expect(ours.fetch({ signal })).rejects.toMatchObject({ code: 'repository-too-large', message: expect.stringContaining('takes more than') })
    expect(fixture.kept().filter((path) => !/^[^/]+(?:\/acme)?$/.test(path))).toEqual([])
  })

  it('a copy that grows over the limit is let go of, and history that is too much is done without', async () => {
    const notes: string[] = []
    const ours = fixture.mirror({ limits: { bytes: LIMIT } })
    await ours.fetch({ signal })
    fixture.theirs.write('big.bin', randomBytes(400_000).toString('hex'))
    fixture.pushed('big', 'two\n')
    fixture.theirs.git(['rm', '-q', 'big.bin'])
    const tip = fixture.pushed('small again', 'three\n')
    expect(await ours.fetch({ signal, note: (note) => notes.push(note) })).toBe(tip)
    expect(notes.join('\n')).toMatch(/fetched anew.*without its history/s)
    await using repository = await ours.open()
    expect((await repository.snapshot(tip)).text('a.js')).toBe('three\n')
    const folder = join(fixture.mirrorsFolder, fixture.kept().find((path) => path.endsWith('app.git')) ?? '')
    expect(await objectBytes(folder)).toBeLessThan(LIMIT)
  })

  it('a hundred thousand tags are left alone', async () => {
    const head = fixture.theirs.git(['rev-parse', 'HEAD'])
    const lines = Array.from({ length: 100_000 }, (_, index) => `${head} refs/tags/t${String(index).padStart(6, '0')}\n`)
    writeFileSync(join(fixture.bare, 'packed-refs'), `# pack-refs with: peeled fully-peeled sorted \n${head} refs/heads/main\n${lines.join('')}`)
    const notes: string[] = []
    const ours = fixture.mirror()
    expect(await ours.fetch({ signal, note: (note) => notes.push(note), revisions: ['t000007'] })).toBe(head)
    expect(notes.join('\n')).toContain('more than 5000 tags')
    await using repository = await ours.open()
    expect(await repository.resolve('t000007')).toBe(head)
    expect(fixture.kept().filter((path) => path.includes('refs/tags/'))).toHaveLength(1)
  })
})
