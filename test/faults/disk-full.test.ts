import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Ground } from './ground.ts'
import { comesToProposals, keepsItsPromises } from './promises.ts'
import { RoomsCounted } from './rooms-counted.ts'

const DISK_MEGABYTES = 256
const FULL_MS = 12_000

/** Why there can be no disk of our own here; undefined when there can. */
function noMount(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'fixpoint-faults', folder], { stdio: 'pipe' })
    execFileSync('umount', [folder])
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : 'unknown'
  } finally {
    rmdirSync(folder)
  }
}

/** Takes what is left, to the last byte. */
async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w')
  try {
    for (let size = 1_048_576; size >= 512; ) {
      try {
        const { bytesWritten } = await handle.write(Buffer.alloc(size))
        if (bytesWritten < size) size /= 2
      } catch {
        size /= 2
      }
    }
  } finally {
    await handle.close()
  }
}

describe('a disk that is full', () => {
  const reason = noMount()
  if (reason !== undefined) console.log(`left out: nothing can be mounted here (${reason})`)

  it.skipIf(reason !== undefined)('takes nothing that it could not keep, and goes on when there is room', async () => {
    await using ground = await Ground.open({ diskMegabytes: DISK_MEGABYTES })
    await using counted = new RoomsCounted()
    await ground.makeKey()
    const server = await ground.server('--no-worker')
    const worker = await ground.worker()
    await ground.postUntilTaken('the-first')
    await worker.says(/drafting patches/)

    const ballast = join(ground.data, 'ballast')
    await fill(ballast)
    const statuses = new Set<number | undefined>()
    for (const end = Date.now() + FULL_MS; Date.now() < end; await sleep(100)) statuses.add(await ground.post(`full-${Date.now()}`))
    expect((await stat(ballast)).size).toBeGreaterThan(1_048_576)
    expect(statuses, 'the disk is full').toContain(503)
    expect([...statuses].filter((status) => status !== 202 && status !== 503)).toEqual([])
    await rm(ballast)
    // PostgreSQL itself gives up when its log cannot grow; whoever freed some space starts it again.
    await ground.postgres.kill()
    await ground.postgres.startAgain()

    await ground.postUntilTaken('the-last')
    expect([server.alive, worker.alive], 'nobody died of it').toEqual([true, true])
    await comesToProposals(ground)
    await keepsItsPromises(ground, counted, { interruptions: 4 })
  })
})
