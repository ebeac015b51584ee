import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemorySnapshot } from '@fixpoint/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { copyable, probeInstalled } from './probe-installed.ts'

const here = { platform: 'linux', arch: 'x64', nodeMajor: 20, roomNodeMajor: 20 }
const wanted = {
  packages: {
    '': {},
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b': { version: '2.0.0', optional: true },
    'packages/own': { link: true },
  },
}
const installed = (changes: object) => ({ packages: { ...wanted.packages, ...changes } as typeof wanted.packages })

it.each([
  ['all of it', installed({}), here, undefined],
  ['an optional one missing', installed({ 'node_modules/b': undefined }), here, undefined],
])('%s may be copied', (_name, found, platforms, why) => {
  const packages = Object.fromEntries(Object.entries(found.packages).filter(([, entry]) => entry !== undefined))
  expect(copyable(wanted, { packages }, platforms)).toEqual({ usable: true, ...(why ? { why } : {}) })
})

it.each([
  ['another version', installed({ 'node_modules/a': { version: '1.0.1' } }), here, /a is installed in version 1\.0\.1/],
  ['another content', installed({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-z' } }), here, /not the one/],
  ['something besides', installed({ 'node_modules/c': { version: '1.0.0' } }), here, /c is installed and not in the lockfile/],
  ['another platform', installed({}), { ...here, platform: 'darwin' }, /darwin/],
  ['another processor', installed({ 'node_modules/a': { version: '1.0.0', cpu: ['arm64'] } }), here, /another platform/],
  ['an addon of another Node', installed({ 'node_modules/a': { version: '1.0.0', hasInstallScript: true } }), { ...here, nodeMajor: 24 }, /Node 24/],
])('%s may not be copied', (_name, found, platforms, why) => {
  expect(copyable(wanted, found, platforms)).toEqual({ usable: false, why: expect.stringMatching(why) })
})

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixpoint-probe-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('looks into the folder', async () => {
  const source = new MemorySnapshot({ 'package.json': '{}', 'package-lock.json': JSON.stringify(wanted) })
  expect(await probeInstalled(folder, source, here)).toMatchObject({ usable: false, why: expect.stringContaining('nothing') })
  await mkdir(join(folder, 'node_modules'))
  await writeFile(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify(wanted))
  expect(await probeInstalled(folder, source, here)).toEqual({ usable: true })
  await writeFile(join(folder, 'node_modules', '.package-lock.json'), 'torn {')
  expect(await probeInstalled(folder, source, here)).toMatchObject({ usable: false })
})
