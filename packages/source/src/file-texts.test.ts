import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { textsAt } from './file-texts.ts'
import { FixtureRepository } from './fixture-repository.ts'
import { GitHistory } from './git-history.ts'
import { GitRepository } from './git-repository.ts'

it('gives the texts of plain files at a commit, and what changed them since', async () => {
  using fixture = new FixtureRepository()
  const odd = '-n *\n:(top)ø.txt'
  fixture.write('src/a.js', 'first\n')
  fixture.write(odd, 'odd\n')
  symlinkSync('a.js', join(fixture.folder, 'src/link'))
  const base = fixture.commitAll()
  fixture.write('src/a.js', 'second\n')
  fixture.write('src/large.txt', 'x'.repeat(4 * 1024 * 1024 + 1))
  fixture.commitAll('second')
  fixture.write('src/b.js', 'b\n')
  const tip = fixture.commitAll('third')

  await using repository = await GitRepository.open(fixture.folder)
  const at = async (commit: string, ...paths: string[]) => Object.fromEntries(await textsAt(repository, commit, paths))
  expect(await at(base, 'src/a.js', odd, 'src', 'src/link', 'gone', '*')).toEqual({
    ...{ 'src/a.js': 'first\n', [odd]: 'odd\n', src: null, 'src/link': null, gone: null, '*': null },
  })
  expect(await at(tip, 'src/a.js', 'src/large.txt')).toEqual({ 'src/a.js': 'second\n', 'src/large.txt': null })
  expect(await at(tip)).toEqual({})

  const history = new GitHistory(repository)
  expect((await history.after(base, tip, 9)).map(({ subject }) => subject)).toEqual(['third', 'second'])
  expect((await history.after(base, tip, 9, ['src/a.js'])).map(({ subject, paths }) => [subject, paths])).toEqual([['second', ['src/a.js']]])
  expect(await history.after(tip, base, 9)).toEqual([])
})
