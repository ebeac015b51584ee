import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { connectEngine } from './docker-engine.ts'
import { LABEL, type Owner, ownerLabels, ownerState, thisProcess } from './owner.ts'
import { reap } from './reaper.ts'

const docker = connectEngine()
const made: string[] = []
const soon = () => new Date(Date.now() + 60_000)

async function left(labels: Record<string, string>, running = true): Promise<string> {
  const container = await docker.createContainer({ Image: 'fixpoint-node:latest', Cmd: ['sleep', '300'], Labels: labels, HostConfig: { NetworkMode: 'none' } })
  made.push(container.id)
  if (running) await container.start()
  return container.id
}
const exists = async (id: string): Promise<boolean> => (await docker.listContainers({ all: true, filters: { id: [id] } })).length > 0

async function deadOwner(): Promise<Owner> {
  const child = spawn('true')
  await once(child, 'exit')
  return { ...thisProcess(), pid: child.pid ?? 0, startTime: '1' }
}

afterEach(async () => {
  for (const id of made.splice(0))
    await docker
      .getContainer(id)
      .remove({ force: true })
      .catch(() => {})
})

describe('the reaper', () => {
  it('removes what a dead process left and leaves what a living one uses', async () => {
    const dead = await left(ownerLabels(await deadOwner(), 'room', 'run_dead', soon()))
    const alive = await left(ownerLabels(thisProcess(), 'room', 'run_alive', soon()))
    const foreign = await left({ name: 'not ours' })
    expect(await reap(docker)).toBeGreaterThanOrEqual(1)
    expect([await exists(dead), await exists(alive), await exists(foreign)]).toEqual([false, true, true])
  })

  it('does not take a reused process id for its predecessor', async () => {
    const predecessor = await left(ownerLabels({ ...thisProcess(), startTime: '12345' }, 'room', 'run_reused', soon()))
    await reap(docker)
    expect(await exists(predecessor)).toBe(false)
  })

  it('removes what has expired, whoever lives', async () => {
    const expired = await left(ownerLabels(thisProcess(), 'room', 'run_expired', new Date(Date.now() - 1)))
    await reap(docker)
    expect(await exists(expired)).toBe(false)
  })

  it('removes a room that has ended, and leaves one that is about to begin, of whoever lives', async () => {
    const ended = await left(ownerLabels(thisProcess(), 'room', 'run_ended', soon()))
    await docker.getContainer(ended).kill()
    const begins = await left(ownerLabels(thisProcess(), 'room', 'run_begins', soon()), false)
    await docker.getContainer(ended).wait()
    await reap(docker)
    expect([await exists(ended), await exists(begins)]).toEqual([false, true])
  })

  it("leaves another machine's running room alone, and takes what an earlier boot left", async () => {
    const elsewhere = ownerLabels({ ...(await deadOwner()), bootId: 'another boot' }, 'room', 'run_elsewhere', soon())
    const running = await left(elsewhere)
    const stopped = await left(elsewhere, false)
    await reap(docker)
    expect([await exists(running), await exists(stopped)]).toEqual([true, false])
  })

  it('removes scratch volumes in the same way', async () => {
    const scratch = `fixpoint-test-${process.pid}-a`
    const kept = `fixpoint-test-${process.pid}-b`
    await docker.createVolume({ Name: scratch, Labels: ownerLabels(await deadOwner(), 'scratch', 'run_dead', soon()) })
    await docker.createVolume({ Name: kept, Labels: ownerLabels(thisProcess(), 'scratch', 'run_alive', soon()) })
    try {
      await reap(docker)
      await expect(docker.getVolume(scratch).inspect()).rejects.toMatchObject({ statusCode: 404 })
      expect((await docker.getVolume(kept).inspect()).Name).toBe(kept)
    } finally {
      await docker.getVolume(kept).remove()
    }
  })

  it('counts twice nothing when two meet', async () => {
    await left(ownerLabels(await deadOwner(), 'room', 'run_twice', soon()))
    const [one, two] = await Promise.all([reap(docker), reap(docker)])
    expect(one + two).toBeGreaterThanOrEqual(1)
    expect(await reap(docker)).toBe(0)
  })
})

describe('the owner of a container', () => {
  it('lives as long as its process', async () => {
    expect(ownerState(ownerLabels(thisProcess(), 'room', 'r', soon()))).toBe('alive')
    expect(ownerState(ownerLabels(await deadOwner(), 'room', 'r', soon()))).toBe('dead')
    expect(ownerState({ [LABEL.boot]: thisProcess().bootId, [LABEL.pid]: 'x' })).toBe('dead')
    expect(ownerState({})).toBe('unknown')
  })
})
