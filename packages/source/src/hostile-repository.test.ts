import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure } from '@fixpoint/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FixtureRepository } from './fixture-repository.ts'
import { GitHistory } from './git-history.ts'
import { GitRepository } from './git-repository.ts'

let fixture: FixtureRepository
let open: GitRepository[] = []
beforeEach(() => {
  fixture = new FixtureRepository()
  open = []
})
afterEach(async () => {
  for (const repository of open) await repository[Symbol.asyncDispose]()
  fixture[Symbol.dispose]()
})

async function opened(folder = fixture.folder): Promise<GitRepository> {
  const repository = await GitRepository.open(folder)
  open.push(repository)
  return repository
}

async function failure(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof Failure)) throw error
  return error
}

const edit = (base: string, path = 'a.js') => ({ base, edits: [{ path, content: 'fixed\n' }], message: 'Fix', at: new Date('2026-02-03T04:05:06Z') })

describe('G1: payloads in the repository', () => {
  const HOOKS = ['pre-commit', 'commit-msg', 'post-commit', 'post-checkout', 'reference-transaction', 'post-index-change', 'pre-auto-gc', 'fsmonitor-watchman']

  it('plants eleven kinds and more: none fires in anything that we do', async () => {
    const markers = join(fixture.root, 'markers')
    mkdirSync(markers)
    const payload = (name: string): string => `sh -c "touch ${join(markers, name)}; cat"`
    fixture.write('a.js', 'one\n')
    fixture.write('.gitattributes', '* filter=evil diff=evil merge=evil\n')
    fixture.commitAll()
    fixture.write('a.js', 'two\n')
    for (const name of HOOKS) {
      writeFileSync(join(fixture.folder, '.git/hooks', name), `#!/bin/sh\ntouch ${join(markers, `hook-${name}`)}\n`)
      chmodSync(join(fixture.folder, '.git/hooks', name), 0o755)
    }
    writeFileSync(join(fixture.root, 'included'), `[core]\n\tfsmonitor = touch ${join(markers, 'included')}\n`)
    const settings: [string, string][] = [
      ['filter.evil.clean', payload('clean')],
      ['filter.evil.smudge', payload('smudge')],
      ['filter.evil.process', payload('process')],
      ['filter.evil.required', 'true'],
      ['diff.evil.textconv', payload('textconv')],
      ['diff.evil.command', payload('diff-command')],
      ['diff.external', payload('external')],
      ['merge.evil.driver', payload('merge')],
      ['core.fsmonitor', payload('fsmonitor')],
      ['core.sshCommand', payload('ssh')],
      ['core.pager', payload('pager')],
      ['core.editor', payload('editor')],
      ['core.askPass', payload('askpass')],
      ['core.alternateRefsCommand', payload('alternate-refs')],
      ['core.gitProxy', payload('proxy')],
      ['core.hooksPath', join(fixture.folder, '.git/hooks')],
      ['credential.helper', `!${payload('credential')}`],
      ['gpg.program', payload('gpg')],
      ['commit.gpgSign', 'true'],
      ['log.showSignature', 'true'],
      ['alias.log', `!${payload('alias')}`],
      ['alias.cat-file', `!${payload('alias-cat')}`],
      ['includeIf.gitdir:/.path', join(fixture.root, 'included')],
      ['include.path', join(fixture.root, 'included')],
      ['uploadpack.packObjectsHook', payload('pack-hook')],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.url', `ext::${payload('promisor')}`],
      ['extensions.partialClone', 'origin'],
    ]
    for (const [name, value] of settings) fixture.git(['config', name, value])
    const before = fixture.fingerprint()

    const repository = await opened()
    const head = await repository.resolve()
    await repository.snapshot(head)
    expect(await repository.changedPaths()).toEqual(['a.js'])
    const dirty = await repository.commitWorkTree()
    await new GitHistory(repository).recent(head, 10)
    await failure(repository.resolve('no-such-branch'))
    await failure(repository.snapshot('0'.repeat(40)))
    await repository.publishBranch('fixpoint/run_1', await repository.commit(edit(dirty)))

    expect(readdirSync(markers)).toEqual([])
    const changed = [...fixture.fingerprint()].filter(([path, print]) => before.get(path) !== print).map(([path]) => path)
    expect(changed.filter((path) => !path.startsWith('.git/objects/'))).toEqual(['.git/refs/heads/fixpoint/run_1'])
    for (const path of before.keys()) expect(existsSync(join(fixture.folder, path))).toBe(true)
  })

  it('the payloads do work: ordinary git fires them', () => {
    const marker = join(fixture.root, 'fired')
    fixture.write('a.js', 'one\n')
    fixture.commitAll()
    fixture.git(['config', 'core.fsmonitor', `touch ${marker}; false`])
    fixture.git(['status'])
    expect(existsSync(marker)).toBe(true)
  })

  it('replacements and grafts change nothing', async () => {
    fixture.write('a.js', 'one\n')
    const first = fixture.commitAll()
    fixture.write('a.js', 'two\n')
    const second = fixture.commitAll('second')
    fixture.git(['replace', first, second])
    const repository = await opened()
    expect((await repository.snapshot(first)).text('a.js')).toBe('one\n')
  })
})

describe('G2: a bare repository inside the tree', () => {
  it('is a folder of files', async () => {
    const marker = join(fixture.root, 'fired')
    fixture.write('inner/HEAD', 'ref: refs/heads/main\n')
    fixture.write('inner/config', `[core]\n\tbare = true\n\trepositoryformatversion = 0\n\tfsmonitor = touch ${marker}; false\n`)
    fixture.write('inner/objects/x', '')
    fixture.write('inner/refs/x', '')
    const head = fixture.commitAll()
    const repository = await opened(join(fixture.folder, 'inner'))
    expect(repository.workTree).toBe(fixture.folder)
    expect(await repository.resolve()).toBe(head)
    expect(await repository.changedPaths()).toEqual([])
    expect(existsSync(marker)).toBe(false)
  })
})

describe('G3: words that look like options', () => {
  it.each(['--upload-pack=touch fired', '-x', '--output=fired', 'HEAD..main', 'a\nb', '', 'HEAD --all', '@{upstream}', ':a.js', 'x'.repeat(2000)])(
    '%j is no revision',
    async (revision) => {
      fixture.write('a.js', 'one\n')
      fixture.commitAll()
      expect((await failure((await opened()).resolve(revision))).code).toBe('repository-unreadable')
      expect(readdirSync(fixture.folder).sort()).toEqual(['.git', 'a.js'])
    },
  )

  it.each([
    'main',
    'refs/heads/main',
    'fixpoint/../main',
    'fixpoint/x.lock',
    'fixpoint/-x',
    'fixpoint/.x',
    'fixpoint/a//b',
    'fixpoint/x/',
    '-f',
    'fixpoint/a\nb',
  ])('%j is no branch of ours', async (branch) => {
    fixture.write('a.js', 'one\n')
    const head = fixture.commitAll()
    const repository = await opened()
    const commit = await repository.commit(edit(head))
    await failure(repository.publishBranch(branch, commit))
    expect(fixture.git(['for-each-ref', '--format=%(refname) %(objectname)'])).toBe(`refs/heads/main ${head}`)
  })
})

describe('shapes of repositories', () => {
  it('not a repository', async () => {
    const error = await failure(GitRepository.open(tmpdir()))
    expect([error.code, error.hint]).toEqual(['repository-unreadable', expect.stringContaining('git init')])
  })

  it('a folder that does not exist', async () => {
    expect((await failure(GitRepository.open(join(fixture.root, 'nowhere')))).message).toContain('does not exist')
  })

  it('no commits', async () => {
    const error = await failure((await opened()).resolve())
    expect([error.code, error.message]).toEqual(['repository-unreadable', 'the repository has no commits'])
  })

  it('a detached head, tags, packed refs, short ids and ancestors', async () => {
    fixture.write('a.js', 'one\n')
    const first = fixture.commitAll()
    fixture.git(['tag', '-a', 'v1', '-m', 'one'])
    fixture.write('a.js', 'two\n')
    const second = fixture.commitAll('second')
    fixture.git(['pack-refs', '--all'])
    fixture.git(['checkout', '-q', '--detach', first])
    const repository = await opened()
    for (const [revision, commit] of [
      ['HEAD', first],
      ['v1', first],
      ['main', second],
      ['main~1', first],
      [second.slice(0, 10), second],
      [second, second],
    ] as const) {
      expect(await repository.resolve(revision)).toBe(commit)
    }
  })

  it('follows a commit that came after it was opened', async () => {
    fixture.write('a.js', 'one\n')
    fixture.commitAll()
    const repository = await opened()
    fixture.write('a.js', 'two\n')
    expect(await repository.resolve()).not.toBe(fixture.commitAll('second'))
  })

  it('a second work tree publishes into the shared repository', async () => {
    fixture.write('a.js', 'one\n')
    const head = fixture.commitAll()
    const other = join(fixture.root, 'other')
    fixture.git(['worktree', 'add', '-q', '-b', 'side', other])
    writeFileSync(join(other, 'a.js'), 'changed\n')
    const repository = await opened(other)
    expect(await repository.resolve()).toBe(head)
    expect(await repository.changedPaths()).toEqual(['a.js'])
    const commit = await repository.commit(edit(head))
    await repository.publishBranch('fixpoint/run_1', commit)
    expect(fixture.git(['rev-parse', 'fixpoint/run_1'])).toBe(commit)
  })

  it('a submodule is listed and never entered; inside it is a repository of its own', async () => {
    const library = join(fixture.root, 'library')
    mkdirSync(library)
    fixture.git(['init', '-q'], library)
    writeFileSync(join(library, 'b.js'), 'b\n')
    fixture.git(['add', '-A'], library)
    fixture.git(['commit', '-q', '-m', 'library'], library)
    fixture.write('a.js', 'one\n')
    fixture.git(['submodule', '--quiet', 'add', library, 'library'])
    const head = fixture.commitAll()
    const repository = await opened()
    expect((await repository.snapshot(head)).list().map((entry) => [entry.path, entry.kind])).toEqual([
      ['.gitmodules', 'file'],
      ['a.js', 'file'],
      ['library', 'submodule'],
    ])
    expect(await repository.changedPaths()).toEqual([])
    expect((await (await opened(join(fixture.folder, 'library'))).resolve()).length).toBe(40)
  })

  it('a shallow clone ends where it ends', async () => {
    fixture.write('a.js', 'one\n')
    fixture.commitAll()
    fixture.write('a.js', 'two\n')
    const head = fixture.commitAll('second')
    const clone = join(fixture.root, 'clone')
    fixture.git(['clone', '-q', '--depth=1', `file://${fixture.folder}`, clone])
    const repository = await opened(clone)
    expect(await new GitHistory(repository).recent(head, 10)).toHaveLength(1)
    expect((await repository.snapshot(head)).text('a.js')).toBe('two\n')
  })

  it('objects that are missing are said to be missing', async () => {
    fixture.write('a.js', 'one\n')
    const head = fixture.commitAll()
    const blob = fixture.git(['rev-parse', 'HEAD:a.js'])
    rmSync(join(fixture.folder, '.git/objects', blob.slice(0, 2), blob.slice(2)))
    const error = await failure((await opened()).snapshot(head))
    expect([error.code, error.message]).toEqual(['repository-unreadable', `object ${blob} is missing`])
  })

  it('more bytes or files than the limits are refused with numbers', async () => {
    fixture.write('a.js', 'x'.repeat(3 * 1024 * 1024))
    fixture.write('b.js', 'x')
    const head = fixture.commitAll()
    const small = await GitRepository.open(fixture.folder, { limits: { bytes: 1024 * 1024 } })
    open.push(small)
    expect((await failure(small.snapshot(head))).message).toMatch(/take 3 MB, and at most 1 MB/)
    const few = await GitRepository.open(fixture.folder, { limits: { files: 1 } })
    open.push(few)
    expect((await failure(few.snapshot(head))).message).toContain('more than 1 files')
  })
})

describe('names and links', () => {
  const NAMES = [' lead', 'a b', 'line\nbreak', '"quoted"', '-rf', '--help', "it's", 'ünïcode', '$(touch fired)', 'a\tb', '*', ':(top)x']

  it('strange names are read, hashed and committed like any other', async () => {
    for (const name of NAMES) fixture.write(name, `${name}\n`)
    const head = fixture.commitAll()
    const repository = await opened()
    const snapshot = await repository.snapshot(head)
    expect(snapshot.list().map((entry) => entry.path)).toEqual([...NAMES].sort())
    for (const name of NAMES) expect(snapshot.text(name)).toBe(`${name}\n`)
    expect(await repository.changedPaths()).toEqual([])
    const [summary] = await new GitHistory(repository).recent(head, 1)
    expect([...(summary?.paths ?? [])].sort()).toEqual([...NAMES].sort())
    const commit = await repository.commit(edit(head, 'line\nbreak'))
    await repository.publishBranch('fixpoint/run_1', commit)
    expect(fixture.git(['diff', '--name-only', '-z', 'HEAD', 'fixpoint/run_1'])).toBe('line\nbreak\0')
  })

  it('names that cannot be told are left out, and said', async () => {
    fixture.write(Buffer.from([0x61, 0xff]), 'x')
    fixture.write('back\\slash', 'x')
    fixture.write('a.js', 'one\n')
    const repository = await opened()
    const snapshot = await repository.snapshot(fixture.commitAll())
    expect(snapshot.list().map((entry) => entry.path)).toEqual(['a.js'])
    expect(snapshot.leftOut).toEqual([
      { name: 'a\ufffd', reason: 'the name is not UTF-8' },
      { name: 'back\\\\slash', reason: 'the name is not a path inside a repository' },
    ])
    const commit = await repository.commit(edit(await repository.resolve()))
    await repository.publishBranch('fixpoint/run_1', commit)
    expect(fixture.git(['diff', '--name-only', 'HEAD', 'fixpoint/run_1'])).toBe('a.js')
  })

  it('links out of the tree are taken as links', async () => {
    writeFileSync(join(fixture.root, 'secret'), 'secret')
    symlinkSync(join(fixture.root, 'secret'), join(fixture.folder, 'link'))
    symlinkSync(fixture.root, join(fixture.folder, 'outside'))
    fixture.write('dir/secret', 'mine')
    const head = fixture.commitAll()
    rmSync(join(fixture.folder, 'dir'), { recursive: true })
    symlinkSync(fixture.root, join(fixture.folder, 'dir'))
    const repository = await opened()
    const before = await repository.snapshot(head)
    expect(
      before
        .list()
        .filter((entry) => entry.kind === 'link')
        .map((entry) => entry.path),
    ).toEqual(['link', 'outside'])
    const after = await repository.snapshot(await repository.commitWorkTree())
    expect(after.list().map((entry) => [entry.path, entry.kind])).toEqual([
      ['dir', 'link'],
      ['link', 'link'],
      ['outside', 'link'],
    ])
  })

  it.each(['../x', '/etc/x', '.git/hooks/x', '.GIT/x', 'a/../../x', 'a\0b', 'git~1/x'])('an edit of %j is refused', async (path) => {
    fixture.write('a.js', 'one\n')
    const head = fixture.commitAll()
    await expect((await opened()).commit(edit(head, path))).rejects.toThrow(/not a path inside/)
  })

  it('an edit never replaces a link or treats a file as a folder', async () => {
    symlinkSync('/etc/passwd', join(fixture.folder, 'link'))
    fixture.write('a.js', 'one\n')
    const head = fixture.commitAll()
    const repository = await opened()
    await expect(repository.commit(edit(head, 'link'))).rejects.toThrow(/not a file/)
    await expect(repository.commit(edit(head, 'a.js/b'))).rejects.toThrow(/as a folder/)
  })
})

describe('publishing', () => {
  it('leaves a branch alone that somebody worked on', async () => {
    fixture.write('a.js', 'one\n')
    const head = fixture.commitAll()
    fixture.git(['branch', 'fixpoint/run_1'])
    const repository = await opened()
    const error = await failure(repository.publishBranch('fixpoint/run_1', await repository.commit(edit(head))))
    expect(error.message).toContain('not ours')
    expect(fixture.git(['rev-parse', 'fixpoint/run_1'])).toBe(head)
  })

  it('moves its own branch on, but not under a work tree', async () => {
    fixture.write('a.js', 'one\n')
    const head = fixture.commitAll()
    const repository = await opened()
    await repository.publishBranch('fixpoint/run_1', await repository.commit(edit(head)))
    const second = await repository.commit(edit(head, 'b.js'))
    await repository.publishBranch('fixpoint/run_1', second)
    expect(fixture.git(['rev-parse', 'fixpoint/run_1'])).toBe(second)
    fixture.git(['checkout', '-q', 'fixpoint/run_1'])
    expect((await failure(repository.publishBranch('fixpoint/run_1', await repository.commit(edit(head, 'c.js'))))).message).toContain('checked out')
  })

  it('says which branch is in the way', async () => {
    fixture.write('a.js', 'one\n')
    const head = fixture.commitAll()
    fixture.git(['branch', 'fixpoint'])
    const repository = await opened()
    expect((await failure(repository.publishBranch('fixpoint/run_1', await repository.commit(edit(head))))).message).toContain('in the way')
    fixture.git(['pack-refs', '--all'])
    expect((await failure(repository.publishBranch('fixpoint/run_1', await repository.commit(edit(head))))).message).toContain('beside refs/heads/fixpoint')
  })

  it('does not follow a planted link out of the repository', async () => {
    fixture.write('a.js', 'one\n')
    const head = fixture.commitAll()
    symlinkSync(fixture.root, join(fixture.folder, '.git/refs/heads/fixpoint'))
    const repository = await opened()
    await failure(repository.publishBranch('fixpoint/run_1', await repository.commit(edit(head))))
    expect(readdirSync(fixture.root)).toEqual(['repo'])
  })

  it('a private directory that is kept still holds the commit after a crash', async () => {
    fixture.write('a.js', 'one\n')
    const head = fixture.commitAll()
    const gitDirectory = join(fixture.root, 'kept')
    await using first = await GitRepository.open(fixture.folder, { gitDirectory })
    const commit = await first.commit(edit(head))
    await using second = await GitRepository.open(fixture.folder, { gitDirectory })
    await second.publishBranch('fixpoint/run_1', commit)
    expect(fixture.git(['show', 'fixpoint/run_1:a.js'])).toBe('fixed')
    expect(readFileSync(join(fixture.folder, 'a.js'), 'utf8')).toBe('one\n')
  })
})
