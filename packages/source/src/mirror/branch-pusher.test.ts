import { randomBytes } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Failure, IllegalEvent, type ObjectId } from '@fixpoint/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GitRepository } from '../git-repository.ts'
import type { BranchPusher } from './branch-pusher.ts'
import { CREDENTIAL } from './fixture-host.ts'
import type { GitMirror } from './git-mirror.ts'
import { HostedFixture } from './hosted-fixture.ts'

const signal = new AbortController().signal
const BRANCH = 'fixpoint/issue-7-crash-abc123'

let fixture: HostedFixture
let mirror: GitMirror
let repository: GitRepository
let pusher: BranchPusher
let base: ObjectId
beforeEach(async () => {
  fixture = await HostedFixture.start()
  mirror = fixture.mirror({ limits: { idleSeconds: 1, seconds: 20 } })
  base = await mirror.fetch({ signal })
  repository = await mirror.open({ gitDirectory: join(fixture.theirs.root, 'private') })
  pusher = mirror.pusher(repository)
})
afterEach(() => fixture[Symbol.asyncDispose]())

function ourCommit(content = 'fixed\n', on = base): Promise<ObjectId> {
  return repository.commit({ base: on, edits: [{ path: 'a.js', content }], message: 'Fix', at: new Date('2026-02-03T04:05:06Z') })
}

function push(commit: ObjectId, expected: ObjectId | 'absent', branch = BRANCH): Promise<void> {
  return pusher.push(branch, commit, { expected, credential: CREDENTIAL })
}

function atHost(branch = BRANCH): string {
  return fixture.theirs.git(['rev-parse', '--verify', `refs/heads/${branch}`], fixture.bare)
}

function hook(script: string): void {
  writeFileSync(join(fixture.bare, 'hooks/pre-receive'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(fixture.bare, 'hooks/pre-receive'), 0o755)
}

describe('a push', () => {
  it('makes the branch, twice is once, and moves it on from where it is expected', async () => {
    const first = await ourCommit()
    await push(first, 'absent')
    await push(first, 'absent')
    expect(atHost()).toBe(first)
    const second = await ourCommit('better\n')
    await push(second, first)
    await push(second, first)
    expect(atHost()).toBe(second)
    expect(fixture.theirs.git(['show', `${second}:a.js`], fixture.bare)).toBe('better')
    expect(atHost('main')).toBe(base)
  })

  it('sends what the host lacks and no more, though it has moved on', async () => {
    fixture.theirs.write('big.bin', randomBytes(100_000).toString('hex'))
    fixture.pushed('big', 'two\n')
    base = await mirror.fetch({ signal })
    fixture.pushed('later', 'three\n')
    const commit = await ourCommit()
    let bytes = 0
    fixture.host.fault = (request) => {
      if (request.method === 'POST' && request.url?.endsWith('git-receive-pack')) bytes += Number(request.headers['content-length'] ?? 1_000_000)
      return undefined
    }
    await push(commit, 'absent')
    expect(atHost()).toBe(commit)
    expect(bytes).toBeLessThan(2000)
  })

  it('leaves a branch alone that somebody moved, made or deleted', async () => {
    const first = await ourCommit()
    const second = await ourCommit('better\n')
    await push(first, 'absent')
    fixture.theirs.git(['fetch', '-q', 'hosted', BRANCH])
    fixture.theirs.git(['checkout', '-q', 'FETCH_HEAD'])
    const theirs = fixture.pushed('by hand', 'by hand\n', BRANCH)
    for (const expected of [first, 'absent', second] as const) {
      await expect(push(second, expected)).rejects.toMatchObject({ code: 'host-refused', message: expect.stringContaining('somebody moved') })
    }
    expect(atHost()).toBe(theirs)
    fixture.theirs.git(['update-ref', '-d', `refs/heads/${BRANCH}`], fixture.bare)
    await expect(push(second, first)).rejects.toMatchObject({ code: 'host-refused' })
    expect(() => atHost()).toThrow()
  })

  it('that is refused says so in the words of the host, made harmless', async () => {
    hook("printf 'refusing to allow a GitHub App to create or update workflow \\033[31m\\342\\200\\256 without `workflows` permission\\n' >&2; exit 1")
    const error = await push(await ourCommit(), 'absent').catch((reason: Error) => reason)
    expect(error).toMatchObject({ code: 'host-refused', message: expect.stringMatching(/pre-receive hook declined.*without `workflows` permission/) })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(String(error)).not.toMatch(/[\u001b\u202e]/)
  })

  it('that is answered with a number says what it means', async () => {
    const commit = await ourCommit()
    const answers: unknown[] = []
    for (const status of [404, 403, 500]) {
      fixture.host.fault = () => ({ status })
      answers.push(await push(commit, 'absent').catch((error: Failure) => error.code))
    }
    expect(answers).toEqual(['host-gone', 'host-refused', 'host-unreachable'])
  })

  it('that hangs or breaks off is unreachable, and done at the next try', async () => {
    const commit = await ourCommit()
    for (const fault of ['hang', 'cut'] as const) {
      fixture.host.fault = (request) => (request.method === 'POST' ? fault : undefined)
      await expect(push(commit, 'absent')).rejects.toMatchObject({ code: 'host-unreachable' })
    }
    fixture.host.fault = undefined
    await push(commit, 'absent')
    expect(atHost()).toBe(commit)
  })
})

it('G8: any other branch is refused before anything starts', async () => {
  const commit = await ourCommit()
  fixture.host.requests.length = 0
  const others = ['main', 'refs/heads/main', 'fixpoint', 'fixpoint/', 'fixpoint/../main', 'fixpoint/x:main', 'fixpoint/x main', '+fixpoint/x', '-f', '--all']
  for (const branch of [...others, 'fixpoint/x.lock', '']) await expect(push(commit, 'absent', branch)).rejects.toThrow(IllegalEvent)
  expect(fixture.host.requests).toEqual([])
})

it('commits can be by somebody, and the same request makes the same commit', async () => {
  const request = { base, edits: [{ path: 'a.js', content: 'x\n' }], message: 'Fix', at: new Date('2026-02-03T04:05:06Z') }
  const by = { name: 'fixpoint-acme[bot]', email: '7+fixpoint-acme[bot]@users.noreply.github.com' }
  const commit = await repository.commit({ ...request, by })
  expect(await repository.commit({ ...request, by })).toBe(commit)
  expect(await repository.commit(request)).not.toBe(commit)
  await push(commit, 'absent')
  expect(fixture.theirs.git(['show', '-s', '--format=%an <%ae>|%cn <%ce>', commit], fixture.bare)).toBe(`${by.name} <${by.email}>|${by.name} <${by.email}>`)
  const sly = await repository.commit({ ...request, by: { name: 'a\ncommitter b <c', email: '>\nd' } })
  await push(sly, 'absent', 'fixpoint/sly')
  expect(fixture.theirs.git(['show', '-s', '--format=%an <%ae>|%P', sly], fixture.bare)).toBe(`acommitter b c <d>|${base}`)
})

it('tells the tree and the modes of a commit', async () => {
  expect(await pusher.treeOf(base)).toBe(fixture.theirs.git(['rev-parse', `${base}^{tree}`], fixture.bare))
  expect([...(await pusher.modesOf(base, ['a.js', 'b.js']))]).toEqual([['a.js', '100644']])
})
