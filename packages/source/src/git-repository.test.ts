import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ObjectId } from '@fixpoint/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GitHistory } from './git-history.ts'
import { GitRepository } from './git-repository.ts'

let root: string
let repo: string
const open: GitRepository[] = []
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fixpoint-source-'))
  repo = join(root, 'repo')
  mkdirSync(repo)
})
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]()
  rmSync(root, { recursive: true })
})

function git(args: string[], cwd = repo): string {
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
    GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
  }
  const who = ['-c', 'user.name=dev', '-c', 'user.email=dev@localhost', '-c', 'protocol.file.allow=always', '-c', 'init.defaultBranch=main']
  return execFileSync('git', [...who, ...args], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(repo, path)), { recursive: true })
  writeFileSync(join(repo, path), text)
}

function commitAll(message = 'first'): string {
  git(['add', '-A'])
  git(['commit', '-q', '-m', message])
  return git(['rev-parse', 'HEAD'])
}

async function opened(folder = repo): Promise<GitRepository> {
  const repository = await GitRepository.open(folder)
  open.push(repository)
  return repository
}

describe.each(['sha1', 'sha256'])('a %s repository', (format) => {
  beforeEach(() => {
    git(['init', '-q', `--object-format=${format}`])
    write('src/a.js', 'one\n')
    write('run.sh', '#!/bin/sh\n')
    chmodSync(join(repo, 'run.sh'), 0o755)
    symlinkSync('/etc/passwd', join(repo, 'link'))
    write('pointer.bin', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n')
    commitAll()
  })

  it('gives the tree of a commit', async () => {
    const repository = await opened()
    const head = await repository.resolve()
    const snapshot = await repository.snapshot(head)
    expect(head).toBe(git(['rev-parse', 'HEAD']))
    expect(snapshot.tree).toBe(git(['rev-parse', 'HEAD^{tree}']))
    expect(snapshot.list().map((entry) => [entry.path, entry.kind])).toEqual([
      ['link', 'link'],
      ['pointer.bin', 'lfs-pointer'],
      ['run.sh', 'executable'],
      ['src/a.js', 'file'],
    ])
    expect(snapshot.text('src/a.js')).toBe('one\n')
    expect(snapshot.read('link')).toBeUndefined()
  })

  it('makes the commit that git would make, the same each time, and publishes it', async () => {
    const repository = await opened()
    const base = await repository.resolve()
    const request = {
      base,
      edits: [
        { path: 'src/a.js', content: 'two\n' },
        { path: 'src/deep/b.js', content: 'new\n' },
        { path: 'run.sh', content: '#!/bin/sh\nexit 0\n' },
        { path: 'pointer.bin', content: null },
      ],
      message: 'Fix it',
      at: new Date('2026-02-03T04:05:06Z'),
    }
    const commit = await repository.commit(request)
    expect(await repository.commit(request)).toBe(commit)
    await repository.publishBranch('fixpoint/run_1', commit)
    await repository.publishBranch('fixpoint/run_1', commit)
    expect(git(['rev-parse', 'fixpoint/run_1'])).toBe(commit)
    git(['fsck', '--strict'])
    expect(git(['diff', '--name-status', 'HEAD', 'fixpoint/run_1'])).toBe('D\tpointer.bin\nM\trun.sh\nM\tsrc/a.js\nA\tsrc/deep/b.js')
    expect(git(['ls-tree', 'fixpoint/run_1', 'run.sh']).split(' ')[0]).toBe('100755')
    expect(git(['log', '-1', '--format=%an <%ae> %aI %s', 'fixpoint/run_1'])).toBe('fixpoint <fixpoint@localhost> 2026-02-03T04:05:06+00:00 Fix it')
    expect(git(['status', '--porcelain'])).toBe('')
  })

  it('takes the work tree as it is', async () => {
    write('.gitignore', 'ignored\n')
    write('ignored', 'x')
    write('new file.js', 'x')
    write('src/a.js', 'changed\n')
    unlinkSync(join(repo, 'run.sh'))
    const repository = await opened()
    expect(await repository.changedPaths()).toEqual(['.gitignore', 'new file.js', 'run.sh', 'src/a.js'])
    const commit = await repository.commitWorkTree()
    expect(await repository.commitWorkTree()).toBe(commit)
    const snapshot = await repository.snapshot(commit)
    expect(snapshot.text('src/a.js')).toBe('changed\n')
    expect(snapshot.list().map((entry) => entry.path)).toEqual(['.gitignore', 'link', 'new file.js', 'pointer.bin', 'src/a.js'])
  })
})

describe('history', () => {
  it('lists commits newest first, with their paths', async () => {
    git(['init', '-q'])
    write('a', '1')
    write('b c', '1')
    const first = commitAll('one')
    write('a', '2')
    const second = commitAll('two')
    const repository = await opened()
    const log = await new GitHistory(repository).recent(second, 10)
    expect(log.map((commit) => [commit.commit, commit.subject, commit.paths])).toEqual([
      [second, 'two', ['a']],
      [first, 'one', ['a', 'b c']],
    ])
    expect(await new GitHistory(repository).recent(second, 10, ['b c'])).toHaveLength(1)
  })
})

describe('what a release contains', () => {
  it('by ancestry, by a squash, and not before', async () => {
    git(['init', '-q'])
    write('a.js', 'one\n')
    write('b.js', 'one\n')
    const base = commitAll()
    git(['tag', 'v1'])
    git(['checkout', '-q', '-b', 'proposal'])
    write('a.js', 'two\n')
    const fix = commitAll('fix') as ObjectId
    git(['checkout', '-q', 'main'])
    write('b.js', 'two\n')
    const without = commitAll('other work') as ObjectId
    const repository = await opened()
    expect([await repository.contains(without, fix), await repository.contains(base as ObjectId, fix), await repository.isTagged(fix)]).toEqual([
      false,
      false,
      false,
    ])
    expect([await repository.contains(fix, fix), await repository.contains(fix, base as ObjectId)]).toEqual([true, true])
    git(['cherry-pick', fix])
    const squashed = git(['rev-parse', 'HEAD']) as ObjectId
    expect([squashed === fix, await repository.contains(squashed, fix), await repository.contains(squashed, 'f'.repeat(40) as ObjectId)]).toEqual([
      false,
      true,
      false,
    ])
    git(['reset', '-q', '--hard', without])
    git(['merge', '-q', '--no-edit', 'proposal'])
    git(['tag', 'v2'])
    expect([await repository.contains(git(['rev-parse', 'HEAD']) as ObjectId, fix), await repository.isTagged(fix)]).toEqual([true, true])
  })
})
