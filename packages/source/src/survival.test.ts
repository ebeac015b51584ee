import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FixtureRepository } from './fixture-repository.ts'
import { GitRepository } from './git-repository.ts'
import { survivalOf, survivingShare } from './survival.ts'

let fixture: FixtureRepository
beforeEach(() => {
  fixture = new FixtureRepository()
})
afterEach(() => fixture[Symbol.dispose]())

const context = Array.from({ length: 20 }, (_, index) => `line ${index}`)
const text = (...lines: readonly string[]): string => `${[...context, ...lines, 'end'].join('\n')}\n`

it('counts the lines that were not removed since, and no blank ones', () => {
  const added = new Map([
    [3, 'a'],
    [4, '  '],
    [5, 'b'],
  ])
  expect(survivingShare([{ added, removedSince: new Set() }])).toBe(1)
  expect(survivingShare([{ added, removedSince: new Set([3, 4]) }])).toBe(0.5)
  expect(survivingShare([{ added, removedSince: 'all' }])).toBe(0)
  expect(survivingShare([{ added: new Map(), removedSince: new Set() }])).toBe(1)
})

it('follows what a commit added through later commits, moves and other blanks', async () => {
  fixture.write('a.js', text('old'))
  fixture.write('b.js', text('old'))
  fixture.commitAll()
  fixture.write('a.js', text('if (x) {', '  one()', '', '  two()', '}'))
  fixture.write('new.js', 'three\nfour\n')
  const fix = fixture.commitAll('fix')
  await using repository = await GitRepository.open(fixture.folder)
  const now = async () => survivalOf(repository, fix, await repository.resolve())
  expect(await now()).toBe(1)

  fixture.write('a.js', text('if (x)   {', '\tone()', '\ttwo()', '}').replace('line 3', 'other'))
  fixture.write('b.js', text('new'))
  fixture.commitAll('indented')
  expect(await now()).toBe(1)

  renameSync(join(fixture.folder, 'a.js'), join(fixture.folder, 'moved.js'))
  fixture.write('moved.js', text('if (x) {', '  uno()', '  two()', '}'))
  fixture.commitAll('moved')
  expect(await now()).toBeCloseTo(5 / 6)

  fixture.git(['rm', '-q', 'new.js'])
  fixture.commitAll('away')
  expect(await now()).toBeCloseTo(3 / 6)

  fixture.git(['rm', '-q', 'moved.js'])
  fixture.commitAll('all away')
  expect(await now()).toBe(0)
})

it('a commit that only removed survives', async () => {
  fixture.write('a.js', text('old'))
  fixture.commitAll()
  fixture.write('a.js', text())
  const fix = fixture.commitAll('fix')
  await using repository = await GitRepository.open(fixture.folder)
  expect(await survivalOf(repository, fix, fix)).toBe(1)
})
