import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '@fixpoint/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GitHistory } from '../git-history.ts'
import { CREDENTIAL, FixtureHost, TOKEN } from './fixture-host.ts'
import { HostedFixture } from './hosted-fixture.ts'

const signal = new AbortController().signal

let fixture: HostedFixture
beforeEach(async () => {
  fixture = await HostedFixture.start()
})
afterEach(() => fixture[Symbol.asyncDispose]())

async function failure(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof Failure)) throw error
  return error
}

describe('a mirror', () => {
  it('holds the default branch with its history and tags, and is a repository like any other', async () => {
    fixture.theirs.git(['tag', '-a', 'v1', '-m', 'one'])
    const tip = fixture.pushed('second', 'two\n')
    const notes: string[] = []
    const ours = fixture.mirror()
    expect(await ours.fetch({ signal, note: (note) => notes.push(note) })).toBe(tip)
    await using repository = await ours.open()
    expect(await repository.resolve()).toBe(tip)
    expect((await repository.snapshot(tip)).text('a.js')).toBe('two\n')
    expect((await new GitHistory(repository).recent(tip, 10)).map(({ subject }) => subject)).toEqual(['second', 'first'])
    expect(await repository.resolve('v1')).toBe(await repository.resolve('HEAD~1'))
    expect(await repository.isTagged(await repository.resolve('v1'))).toBe(true)
    expect(await repository.changedPaths()).toEqual([])
    expect(await repository.commitWorkTree()).toBe(tip)
    expect(notes[0]).toMatch(/^fetching 127\.0\.0\.1_\d+\/acme\/app$/)
  })

  it('follows what is pushed, renamed and rewritten', async () => {
    const ours = fixture.mirror()
    await ours.fetch({ signal })
    await using repository = await ours.open()
    const second = fixture.pushed('second', 'two\n')
    expect(await ours.fetch({ signal })).toBe(second)
    expect(await repository.resolve()).toBe(second)
    fixture.theirs.git(['reset', '-q', '--hard', 'HEAD~1'])
    const other = fixture.pushed('other', 'other\n', 'trunk')
    fixture.theirs.git(['symbolic-ref', 'HEAD', 'refs/heads/trunk'], fixture.bare)
    fixture.theirs.git(['branch', '-D', 'main'], fixture.bare)
    expect(await ours.fetch({ signal })).toBe(other)
    expect(await repository.resolve()).toBe(other)
  })

  it('takes as much history as it is told, and what is named besides', async () => {
    for (let index = 0; index < 8; index += 1) fixture.pushed(`n-${index}`, `${index}\n`)
    const old = fixture.theirs.git(['rev-parse', 'HEAD~6'])
    fixture.theirs.git(['checkout', '-q', '-b', 'release/2', 'HEAD~1'])
    const released = fixture.pushed('released', 'released\n', 'release/2')
    const ours = fixture.mirror({ limits: { depth: 4 } })
    await ours.fetch({ signal })
    await using repository = await ours.open()
    const tip = await repository.resolve()
    expect(await new GitHistory(repository).recent(tip, 100)).toHaveLength(4)
    for (const missing of [old, released, 'release/2']) expect((await failure(repository.resolve(missing))).code).toBe('repository-unreadable')
    await ours.fetch({ signal, revisions: [old, released, 'release/2', 'f'.repeat(40), 'no-such', '--upload-pack=touch x', '../x'] })
    expect(await repository.resolve('release/2')).toBe(released)
    expect((await repository.snapshot(old)).text('a.js')).toBe('1\n')
    expect((await new GitHistory(repository).recent(released, 100)).length).toBeGreaterThanOrEqual(4)
    expect((await new GitHistory(repository).recent(tip, 100)).length).toBeGreaterThanOrEqual(4)
    const requests = fixture.host.requests.length
    await repository.snapshot(released)
    expect(fixture.host.requests).toHaveLength(requests)
  })

  it('is fetched once for two runs, and goes on when one of them leaves', async () => {
    const both = fixture.mirrors()
    const of = () => both.of({ url: fixture.host.url('acme/APP'), credential: async () => CREDENTIAL })
    fixture.theirs.git(['clone', '-q', '--bare', fixture.theirs.folder, join(fixture.theirs.root, 'hosted/acme/APP.git')])
    const leaving = new AbortController()
    const [first, second] = [of().fetch({ signal: leaving.signal }), of().fetch({ signal })]
    const left = first.catch((error: unknown) => error)
    leaving.abort(new Error('gone'))
    expect(await left).toEqual(new Error('gone'))
    expect(await second).toBe(fixture.theirs.git(['rev-parse', 'HEAD']))
    const once = fixture.host.count('git-upload-pack')
    fixture.host.requests.length = 0
    await fixture.mirror().discard()
    await Promise.all([of().fetch({ signal }), of().fetch({ signal }), of().fetch({ signal })])
    expect(fixture.host.count('git-upload-pack')).toBe(once)
  })

  it('two processes take turns', async () => {
    const [one, other] = [fixture.mirror(), fixture.mirror()]
    await Promise.all([one.fetch({ signal }), other.fetch({ signal })])
    expect(fixture.kept().filter((path) => /\.(?:lock|new|old)$/.test(path))).toEqual([])
  })

  it('that is damaged is thrown away and fetched again, once', async () => {
    const tip = fixture.pushed('second', 'two\n')
    const ours = fixture.mirror()
    await ours.fetch({ signal })
    const folder = join(fixture.mirrorsFolder, fixture.kept().find((path) => path.endsWith('app.git')) ?? '')
    const packs = join(folder, 'objects/pack')
    const damages: readonly (() => void)[] = [
      () => {
        for (const name of readdirSync(packs)) {
          execFileSync('chmod', ['u+w', join(packs, name)])
          truncateSync(join(packs, name), 50)
        }
      },
      () => writeFileSync(join(folder, 'refs/remotes/origin/HEAD'), 'rubbish\n'),
      () => rmSync(join(folder, 'objects'), { recursive: true }),
    ]
    for (const damage of damages) {
      damage()
      expect(await ours.fetch({ signal })).toBe(tip)
      await using repository = await ours.open()
      expect((await repository.snapshot(tip)).text('a.js')).toBe('two\n')
    }
  })
})

describe('what a host can do to it', () => {
  it('answers with a number, and nothing is left behind', async () => {
    const answers: unknown[] = []
    for (const status of [401, 403, 404, 429, 500, 503]) {
      fixture.host.fault = () => ({ status, body: `<html>${TOKEN}` })
      answers.push((await failure(fixture.mirror().fetch({ signal }))).code)
    }
    expect(answers).toEqual(['host-refused', 'host-refused', 'host-gone', 'host-rate-limited', 'host-unreachable', 'host-unreachable'])
    expect(fixture.kept().filter((path) => path.endsWith('.git') || path.endsWith('.lock'))).toEqual([])
  })

  it('leads nobody elsewhere', async () => {
    await using other = await FixtureHost.start(join(fixture.theirs.root, 'hosted'))
    fixture.host.fault = (request) => ({
      status: 301,
      headers: { location: other.url('Acme/app').replace('.git', `.git${request.url?.replace(/^.*\.git/, '')}`) },
    })
    expect((await failure(fixture.mirror().fetch({ signal }))).code).toBe('host-gone')
    expect(other.requests).toEqual([])
  })

  it.each([
    ['hangs', 'hang'],
    ['breaks off', 'cut'],
  ] as const)('%s', async (_, fault) => {
    fixture.host.fault = (request) => (request.method === 'POST' ? fault : undefined)
    const error = await failure(fixture.mirror({ limits: { idleSeconds: 1, seconds: 5 } }).fetch({ signal }))
    expect(error.code).toBe('host-unreachable')
    expect(fixture.kept().filter((path) => path.endsWith('.git'))).toEqual([])
  })

  it('is not there', async () => {
    const url = fixture.host.url('Acme/app')
    await fixture.host[Symbol.asyncDispose]()
    const error = await failure(
      fixture
        .mirrors()
        .of({ url, credential: async () => CREDENTIAL })
        .fetch({ signal }),
    )
    expect(error.code).toBe('host-unreachable')
  })

  it('keeps the old copy when it fails', async () => {
    const ours = fixture.mirror()
    const tip = await ours.fetch({ signal })
    fixture.host.fault = () => ({ status: 500 })
    await failure(ours.fetch({ signal }))
    await using repository = await ours.open()
    expect(await repository.resolve()).toBe(tip)
  })

  it('a repository without commits is said to have none', async () => {
    fixture.theirs.git(['init', '-q', '--bare', join(fixture.theirs.root, 'hosted/Acme/empty.git')])
    const error = await failure(
      fixture
        .mirrors()
        .of({ url: fixture.host.url('Acme/empty'), credential: async () => CREDENTIAL })
        .fetch({ signal }),
    )
    expect(error.message).toContain('has no commits')
  })

  it('is left at once when nobody waits any more', async () => {
    fixture.host.fault = (request) => (request.method === 'POST' ? 'hang' : undefined)
    const stop = new AbortController()
    const fetching = fixture.mirror().fetch({ signal: stop.signal })
    const gone = fetching.catch((error: unknown) => error)
    while (fixture.host.requests.length < 2) await new Promise((done) => setTimeout(done, 20))
    stop.abort(new Error('stopped'))
    expect(await gone).toEqual(new Error('stopped'))
    while (fixture.kept().some((path) => /\.(?:lock|new)$/.test(path))) await new Promise((done) => setTimeout(done, 20))
    expect(processesWith(fixture.host.url('Acme/app'))).toEqual([])
  })
})

function processesWith(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      } catch {
        return ''
      }
    })
    .filter((line) => line.includes(text))
}
