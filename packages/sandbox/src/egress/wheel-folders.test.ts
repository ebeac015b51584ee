import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WheelFolders } from './wheel-folders.ts'

let home: string
let wheels: WheelFolders
const index = () => wheels.registries[0]?.url ?? ''
const flat = () => wheels.registries[1]?.url ?? ''

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'wheels-'))
  for (const folder of ['mirror/simple/tiny', 'mirror/files', 'flat']) await mkdir(join(home, folder), { recursive: true })
  await writeFile(join(home, 'mirror/simple/tiny/index.html'), '<a href="../../files/tiny-1.0-py3-none-any.whl#sha256=ab">tiny</a>')
  await writeFile(join(home, 'mirror/files/tiny-1.0-py3-none-any.whl'), 'of the mirror')
  await writeFile(join(home, 'flat/Some_Thing-2.0-py3-none-any.whl'), 'of the folder')
  await writeFile(join(home, 'flat/other-1.0-py3-none-any.whl'), 'another')
  await writeFile(join(home, 'secret.txt'), 'SECRET')
  await writeFile(join(home, 'outside.whl'), 'SECRET')
  await symlink(join(home, 'secret.txt'), join(home, 'mirror/files/link-1.0-py3-none-any.whl'))
  await symlink(join(home, 'outside.whl'), join(home, 'mirror/files/out-1.0-py3-none-any.whl'))
  wheels = await WheelFolders.serve([join(home, 'mirror/simple'), join(home, 'flat')], '127.0.0.1')
})
afterAll(async () => {
  wheels?.close()
  await rm(home, { recursive: true, force: true })
})

describe('folders of wheels', () => {
  it('give the pages of a simple index, and the files beside it that they point to', async () => {
    const page = await fetch(`${index()}tiny/`)
    const link = /href="([^"]+)"/.exec(await page.text())?.[1] ?? ''
    const file = new URL(link, page.url)
    expect(file.href.startsWith(wheels.registries[0]?.files?.[0] ?? 'none')).toBe(true)
    expect(await (await fetch(file)).text()).toBe('of the mirror')
  })

  it('give a page of the wheels that lie in a folder, whatever way the name is written', async () => {
    const page = await fetch(`${flat()}some-thing/`)
    const text = await page.text()
    expect(text).not.toContain('other')
    expect(await (await fetch(new URL(/href="([^"]+)"/.exec(text)?.[1] ?? '', page.url))).text()).toBe('of the folder')
  })

  it.each([
    ['a project that is not there', () => `${flat()}missing/`],
    ['a file that is no wheel', () => `${wheels.registries[0]?.files?.[0]}files/../../secret.txt`],
    ['a file above, by escapes', () => `${index()}..%2f..%2fsecret.txt`],
    ['a wheel above the folder, by escapes', () => `${wheels.registries[0]?.files?.[0]}%2e%2e/outside.whl`],
    ['a link to a file that is no wheel', () => `${wheels.registries[0]?.files?.[0]}files/link-1.0-py3-none-any.whl`],
    ['a link to a wheel outside', () => `${wheels.registries[0]?.files?.[0]}files/out-1.0-py3-none-any.whl`],
    [
      'another secret',
      () =>
        index()
          .replace(/\/[\w-]{32}\//, `/${'A'.repeat(32)}/`)
          .concat('tiny/'),
    ],
    ['a folder that was not named', () => index().replace('/0/', '/7/').concat('tiny/')],
  ])('refuse %s', async (_, url) => {
    const response = await fetch(url())
    expect(response.status).toBe(404)
    expect(await response.text()).not.toContain('SECRET')
  })
})
