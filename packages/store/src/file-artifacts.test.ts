import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { artifactsContract } from '@fixpoint/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FileArtifacts } from './file-artifacts.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fixpoint-artifacts-'))
})
afterEach(() => rm(root, { recursive: true }))

artifactsContract(() => new FileArtifacts(root))

describe('on the disk', () => {
  const long = new TextEncoder().encode('again and '.repeat(10_000))

  it('the same bytes are one file, packed when it pays', async () => {
    const artifacts = new FileArtifacts(root)
    const digest = await artifacts.put(long)
    await artifacts.put(long)
    const files = await readdir(join(root, 'artifacts', digest.slice(0, 2)))
    expect(files).toEqual([`${digest}.gz`])
    expect((await readFile(join(root, 'artifacts', digest.slice(0, 2), `${digest}.gz`))).byteLength).toBeLessThan(2000)
  })

  it.each(['other bytes', ''])('a damaged file (%j) counts as missing, and putting it again mends it', async (damage) => {
    const artifacts = new FileArtifacts(root)
    const digest = await artifacts.put(long)
    await writeFile(join(root, 'artifacts', digest.slice(0, 2), `${digest}.gz`), damage)
    await expect(artifacts.get(digest)).rejects.toMatchObject({ code: 'artifact-missing' })
    await artifacts.put(long)
    expect((await artifacts.get(digest)).byteLength).toBe(long.byteLength)
  })

  it('refuses a digest that is a path', async () => {
    await expect(new FileArtifacts(root).get('../../etc/passwd' as never)).rejects.toThrow()
  })
})
