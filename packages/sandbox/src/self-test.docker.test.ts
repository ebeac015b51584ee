import { Failure } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { connectEngine } from './docker-engine.ts'
import { DockerSandboxes } from './docker-sandboxes.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { ownerLabels, thisProcess } from './owner.ts'
import { bareEnvironment, snapshotOf } from './rooms.fixture.ts'
import { proofKey, runSelfTest } from './self-test.ts'

const never = new AbortController().signal
const docker = connectEngine()
const labels = async () => ownerLabels(await thisProcess(docker), 'room', 'run_selftest', new Date(Date.now() + 60_000))

describe('the self-test', () => {
  it.each(['fixpoint-node:latest', 'fixpoint-python:latest'])('passes in %s, and leaves nothing', async (image) => {
    const checks = await runSelfTest(docker, image, DEFAULT_LIMITS, await labels(), never)
    expect(checks.filter((check) => !check.passed)).toEqual([])
    expect(checks.length).toBeGreaterThan(20)
    expect(await docker.listContainers({ all: true, filters: { label: ['dev.fixpoint.run=run_selftest'] } })).toEqual([])
  })

  it('notices walls that are not where they should be', async () => {
    // A room made with larger limits than those that are promised.
    const promised = { ...DEFAULT_LIMITS }
    const given = { ...DEFAULT_LIMITS, memory: promised.memory * 2, processes: promised.processes * 2, temporary: promised.temporary * 2 }
    const checks = await runSelfTest(docker, 'fixpoint-node:latest', given, await labels(), never, promised)
    expect(checks.filter((check) => !check.passed).map((check) => check.name)).toEqual(['memory is limited', 'processes are limited', '/tmp is bounded'])
  })

  it('has a key that changes with what was proved', async () => {
    const key = await proofKey(docker, 'image', DEFAULT_LIMITS)
    expect(key).toMatch(/^[0-9a-f]{64}$/)
    expect(await proofKey(docker, 'other', DEFAULT_LIMITS)).not.toBe(key)
    expect(await proofKey(docker, 'image', { ...DEFAULT_LIMITS, memory: 1e9 })).not.toBe(key)
    expect(await proofKey(docker, 'image', DEFAULT_LIMITS)).toBe(key)
  })

  it('runs once, and a stamp of an earlier process spares it for a day', async () => {
    const stamps = new Map<string, string>()
    const selfTestStamps = {
      load: async (key: string) => stamps.get(key),
      save: async (key: string, stamp: string) => void stamps.set(key, stamp),
    }
    const first = await new DockerSandboxes({ selfTestStamps }).selfTest(never)
    expect(first.checks.length).toBeGreaterThan(20)
    expect(stamps.size).toBe(1)
    expect((await new DockerSandboxes({ selfTestStamps }).selfTest(never)).checks.map((check) => check.name)).toEqual(['confinement'])
    for (const key of stamps.keys()) stamps.set(key, 'not a date')
    expect((await new DockerSandboxes({ selfTestStamps }).selfTest(never)).checks.length).toBeGreaterThan(20)
  })

  it('refuses to open a room in an image that does not confine', async () => {
    const image = await imageWithSetuid()
    try {
      const sandboxes = new DockerSandboxes({ images: { node: image } })
      await expect(sandboxes.selfTest(never)).rejects.toBeInstanceOf(Failure)
      const request = { runId: 'run_selftest', environment: await bareEnvironment(sandboxes), source: snapshotOf({}) }
      await expect(sandboxes.open(request, never)).rejects.toMatchObject({ code: 'self-test-failed', message: expect.stringContaining('no setuid program') })
    } finally {
      await docker.getImage(image).remove()
    }
  })
})

async function imageWithSetuid(): Promise<string> {
  const container = await docker.createContainer({
    Image: 'fixpoint-node:latest',
    Cmd: ['chmod', 'u+s', '/usr/bin/id'],
    User: '0:0',
    HostConfig: { NetworkMode: 'none' },
  })
  try {
    await container.start()
    await container.wait()
    return ((await container.commit()) as { Id: string }).Id
  } finally {
    await container.remove({ force: true })
  }
}
