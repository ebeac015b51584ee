import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readEnv } from '../env.ts'
import { chosenCases, readCaseSet } from './case-sets.ts'

const folders: string[] = []
let place = ''
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'fixpoint-cases-'))
  folders.push(place)
})
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

const read = (name: string) => readCaseSet(join(place, name), { hideTests: false }, readEnv({}))

test('a case is a file: its repository, its report and its held-out tests lie beside it', async () => {
  await mkdir(join(place, 'shop/src'), { recursive: true })
  await mkdir(join(place, 'held-out/test'), { recursive: true })
  await writeFile(join(place, 'shop/src/last.js'), 'export {}\n')
  await writeFile(join(place, 'held-out/test/last.test.js'), 'test\n')
  await writeFile(join(place, 'crash.log'), 'TypeError: x\n')
  const written = { id: 'shop-last', kind: 'off by one', repository: 'shop', report: { file: 'crash.log' }, heldOut: { folder: 'held-out' } }
  await writeFile(join(place, 'shop.case.json'), JSON.stringify(written))
  const set = await readCaseSet(place, { hideTests: false }, readEnv({}))
  const [found] = chosenCases(set, 'shop-last')
  expect(found).toMatchObject({ id: 'shop-last', kind: 'off by one', report: 'TypeError: x\n', expects: 'fix' })
  expect(found?.scoring).toMatchObject({ kind: 'held-out', files: [{ path: 'test/last.test.js' }] })
  await mkdir(join(place, 'out'))
  await found?.layOut(join(place, 'out'), new AbortController().signal)
  expect(await readdir(join(place, 'out'), { recursive: true })).toEqual(['src', join('src', 'last.js')])
  expect(() => chosenCases(set, 'shop-first')).toThrow('no case is called "shop-first"')
})

test.each([
  ['cases.json', '{', 'is not a case'],
  ['cases.json', '[]', 'holds no case'],
  ['cases.json', '{"id": "a/b", "repository": "."}', 'id: '],
  ['cases.json', '{"id": "a", "repository": ".", "report": {"file": "nowhere.log"}}', 'ENOENT'],
  ['cases.jsonl', '{"id": "a", "repository": "."}\n{"id": "a", "repository": "."}\n', 'two cases are called a'],
  ['cases.jsonl', '{"id": "a", "repository": "."}\n{"id": "b", "repo": "."}\n', 'cases.jsonl:2'],
])('%s with %s is refused, and why', async (name, text, problem) => {
  await writeFile(join(place, name), text)
  await expect(read(name)).rejects.toThrow(problem)
})

test('cases that are not there', async () => {
  await expect(read('nowhere')).rejects.toThrow('there are no cases at')
  await expect(readCaseSet('bench', { hideTests: false }, readEnv({}))).rejects.toThrow('FIXPOINT_BENCH is not set')
})
