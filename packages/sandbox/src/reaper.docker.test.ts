import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { connectEngine } from './docker-engine.ts'
import { containerIdIn, LABEL, type Owner, ownerLabels, ownerState, thisProcess } from './owner.ts'
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
  return { ...(await thisProcess(docker)), pid: child.pid ?? 0, startTime: '1' }
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
    const alive = await left(ownerLabels(await thisProcess(docker), 'room', 'run_alive', soon()))
    const foreign = await left({ name: 'not ours' })
    expect(await reap(docker)).toBeGreaterThanOrEqual(1)
    expect([await exists(dead), await exists(alive), await exists(foreign)]).toEqual([false, true, true])
  })

  it('does not take a reused process id for its predecessor', async () => {
    const predecessor = await left(ownerLabels({ ...(await thisProcess(docker)), startTime: '12345' }, 'room', 'run_reused', soon()))
    await reap(docker)
    expect(await exists(predecessor)).toBe(false)
  })

  it('removes what has expired, whoever lives', async () => {
    const expired = await left(ownerLabels(await thisProcess(docker), 'room', 'run_expired', new Date(Date.now() - 1)))
    await reap(docker)
    expect(await exists(expired)).toBe(false)
  })

  it('removes a room that has ended, and leaves one that is about to begin, of whoever lives', async () => {
    const ended = await left(ownerLabels(await thisProcess(docker), 'room', 'run_ended', soon()))
    await docker.getContainer(ended).kill()
    const begins = await left(ownerLabels(await thisProcess(docker), 'room', 'run_begins', soon()), false)
    await docker.getContainer(ended).wait()
    await reap(docker)
    expect([await exists(ended), await exists(begins)]).toEqual([false, true])
  })

  it("leaves another machine's room alone while it begins or runs, and takes what an earlier boot left", async () => {
    const elsewhere = ownerLabels({ ...(await deadOwner()), place: 'another boot' }, 'egress', 'run_elsewhere', soon())
    const running = await left(elsewhere)
    const begins = await left(elsewhere, false)
    const ended = await left(elsewhere)
    await docker.getContainer(ended).kill()
    await docker.getContainer(ended).wait()
    await reap(docker)
    expect([await exists(running), await exists(begins), await exists(ended)]).toEqual([true, true, false])
  })

  it('leaves what a worker in another container uses, and takes it when that container has ended or begun again', async () => {
    const worker = await left({ name: 'not ours' })
    const life = async () => `${worker} ${(await docker.getContainer(worker).inspect()).State.StartedAt}`
    const of = async () => ({ place: 'its own process ids', pid: process.pid, startTime: '1', container: await life() })
    const first = await left(ownerLabels(await of(), 'room', 'run_contained', soon()))
    await reap(docker)
    expect(await exists(first)).toBe(true)
    await docker.getContainer(worker).restart({ t: 0 })
    const second = await left(ownerLabels(await of(), 'room', 'run_contained', soon()))
    await reap(docker)
    expect([await exists(first), await exists(second)]).toEqual([false, true])
    await docker.getContainer(worker).remove({ force: true })
    await reap(docker)
    expect(await exists(second)).toBe(false)
  })

  it('removes scratch volumes in the same way', async () => {
    const scratch = `fixpoint-test-${process.pid}-a`
    const kept = `fixpoint-test-${process.pid}-b`
    await docker.createVolume({ Name: scratch, Labels: ownerLabels(await deadOwner(), 'scratch', 'run_dead', soon()) })
    await docker.createVolume({ Name: kept, Labels: ownerLabels(await thisProcess(docker), 'scratch', 'run_alive', soon()) })
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
    expect(await ownerState(docker, ownerLabels(await thisProcess(docker), 'room', 'r', soon()))).toBe('alive')
    expect(await ownerState(docker, ownerLabels(await deadOwner(), 'room', 'r', soon()))).toBe('dead')
    expect(await ownerState(docker, { [LABEL.place]: (await thisProcess(docker)).place, [LABEL.pid]: 'x' })).toBe('dead')
    expect(await ownerState(docker, {})).toBe('unknown')
  })

  it('knows the container it runs in by what the engine mounted over its files', () => {
    const id = 'c0ffee'.padEnd(64, '0')
    const line = (root: string, at: string) => `812 790 254:0 ${root} ${at} rw,relatime - ext4 /dev/vda rw`
    expect(containerIdIn([line('/', '/'), line(`/var/lib/docker/containers/${id}/hostname`, '/etc/hostname')].join('\n'))).toBe(id)
    expect(containerIdIn(line(`/containers/overlay-containers/${id}/userdata/hostname`, '/etc/hostname'))).toBe(id)
    expect(containerIdIn(line(`/var/lib/docker/containers/${id}/hosts`, '/etc/hosts'))).toBeUndefined()
    expect(containerIdIn(line('/etc/hostname', '/etc/hostname'))).toBeUndefined()
  })
})
