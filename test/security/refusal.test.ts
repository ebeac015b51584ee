import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_LIMITS, DockerSandboxes } from '@fixpoint/sandbox'
import { describe, expect } from 'vitest'
import { exitCodeOfFailure } from '../../apps/cli/src/exit-codes.ts'
import { buildHostConfig, confinementProblems } from '../../packages/sandbox/src/host-config.ts'

import { docker, LIMITS, RUN } from './rooms.ts'
import { row } from './score.ts'

const never = new AbortController().signal
const RECIPE = { toolchain: 'node' as const, way: 'none' as const, manifests: [], download: [], scripts: [], directories: [] }
const EMPTY = { commit: '0'.repeat(40), tree: '0'.repeat(40), list: () => [], read: () => undefined, text: () => undefined }

/** The refusal of a room: its code, the exit code of the command line, and that no container was left or opened for the run. */
async function refused(sandboxes: DockerSandboxes, environment?: { imageId: string }): Promise<string> {
  const open = async () => {
    const prepared = await sandboxes.prepare({ recipe: RECIPE, source: EMPTY, runId: RUN }, never, () => {})
    await using _room = await sandboxes.open({ runId: RUN, environment: { ...prepared, ...environment }, source: EMPTY }, never)
  }
  const error = await open().then(
    () => new Error('a room was opened'),
    (reason: unknown) => reason,
  )
  expect((error as Error).message).not.toBe('a room was opened')
  expect(exitCodeOfFailure(error), (error as Error).message).toBe(9)
  expect(await docker.listContainers({ all: true, filters: { label: [`dev.fixpoint.run=${RUN}`] } })).toEqual([])
  return `exit 9: ${(error as Error).message}`
}

/** An image of ours with one thing wrong. */
async function spoiledImage(command: string[]): Promise<{ id: string } & AsyncDisposable> {
  const container = await docker.createContainer({ Image: 'fixpoint-node:latest', Cmd: command, User: '0:0', HostConfig: { NetworkMode: 'none' } })
  try {
    await container.start()
    await container.wait()
    const { Id: id } = (await container.commit()) as { Id: string }
    return {
      id,
      [Symbol.asyncDispose]: async () =>
        void (await docker
          .getImage(id)
          .remove({ force: true })
          .catch(() => {})),
    }
  } finally {
    await container.remove({ force: true })
  }
}

/** An engine in between that changes what is asked of the real one: the confinement is asked for and not given. */
async function lyingEngine(lie: (hostConfig: Record<string, unknown>) => void): Promise<{ host: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'fixpoint-lie-'))
  const socket = join(folder, 'docker.sock')
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect('/var/run/docker.sock')
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const side of [client, upstream]) open.add(side.on('error', end).on('close', end))
    let held = Buffer.alloc(0)
    client.on('data', (chunk) => {
      held = Buffer.concat([held, chunk])
      const request = rewritten(held, lie)
      if (request === undefined) return
      held = Buffer.alloc(0)
      upstream.write(request)
    })
    client.on('end', () => upstream.end())
    upstream.pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  return {
    host: `unix://${socket}`,
    async [Symbol.asyncDispose]() {
      for (const each of open) each.destroy()
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The bytes to pass on; undefined while a request to create a container is not whole. */
function rewritten(bytes: Buffer, lie: (hostConfig: Record<string, unknown>) => void): Buffer | undefined {
  if (!/^POST \S*\/containers\/create/.test(bytes.subarray(0, 200).toString('latin1'))) return bytes
  const end = bytes.indexOf('\r\n\r\n')
  const head = bytes.subarray(0, end).toString('latin1')
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN)
  if (Number.isNaN(length)) throw new Error('a request without a length')
  if (end < 0 || bytes.length < end + 4 + length) return undefined
  const asked = JSON.parse(bytes.subarray(end + 4).toString()) as { HostConfig: Record<string, unknown> }
  lie(asked.HostConfig)
  const body = Buffer.from(JSON.stringify(asked))
  return Buffer.concat([Buffer.from(`${head.replace(/content-length: \d+/i, `content-length: ${body.length}`)}\r\n\r\n`), body])
}

const LIES: readonly (readonly [string, (hostConfig: Record<string, unknown>) => void])[] = [
  ['the network is there', (config) => Object.assign(config, { NetworkMode: 'bridge' })],
  ['capabilities are kept', (config) => Object.assign(config, { CapDrop: [] })],
  ['system calls are not filtered by ours', (config) => Object.assign(config, { SecurityOpt: ['no-new-privileges:true'] })],
  ['new privileges are possible, nothing is filtered', (config) => Object.assign(config, { SecurityOpt: [] })],
  ['the root file system can be written', (config) => Object.assign(config, { ReadonlyRootfs: false })],
  ['memory is not limited', (config) => Object.assign(config, { Memory: 0, MemorySwap: 0 })],
  ['processes are not limited', (config) => Object.assign(config, { PidsLimit: 0 })],
  ['everything at once: privileged', (config) => Object.assign(config, { Privileged: true, SecurityOpt: [], CapDrop: [] })],
  ['the engine’s socket is mounted', (config) => Object.assign(config, { Binds: ['/var/run/docker.sock:/var/run/docker.sock'] })],
]

describe('without its guards Fixpoint does not run', () => {
  for (const [name, lie] of LIES) {
    row('E2', `an engine that does not confine: ${name}`, async () => {
      await using engine = await lyingEngine(lie)
      return await refused(new DockerSandboxes({ limits: LIMITS, engine: { host: engine.host } }))
    })
  }

  row('E3', 'an image with a setuid program', async () => {
    await using image = await spoiledImage(['chmod', 'u+s', '/usr/bin/id'])
    return await refused(new DockerSandboxes({ limits: LIMITS, images: { node: image.id } }))
  })

  row('E2', 'no engine answers', () => refused(new DockerSandboxes({ engine: { host: 'unix:///nonexistent/docker.sock' } })))

  row('E2', 'a container configuration with any one forbidden field', () => {
    const good = buildHostConfig(DEFAULT_LIMITS, { volumes: [], tmpfs: [] }) as Record<string, unknown>
    const drifts: Record<string, unknown>[] = [
      { Privileged: true },
      { CapAdd: ['SYS_ADMIN'] },
      { CapDrop: [] },
      { Binds: ['/:/host'] },
      { NetworkMode: 'host' },
      { NetworkMode: 'bridge' },
      { NetworkMode: 'container:x' },
      { PidMode: 'host' },
      { IpcMode: 'host' },
      { UTSMode: 'host' },
      { UsernsMode: 'host' },
      { CgroupnsMode: 'host' },
      { Devices: [{ PathOnHost: '/dev/kmsg' }] },
      { DeviceRequests: [{ Count: -1 }] },
      { DeviceCgroupRules: ['a *:* rwm'] },
      { SecurityOpt: [] },
      { SecurityOpt: ['no-new-privileges:true', 'seccomp=unconfined'] },
      { ReadonlyRootfs: false },
      { Memory: 0 },
      { MemorySwap: -1 },
      { PidsLimit: 0 },
      { PidsLimit: -1 },
      { NanoCpus: 0 },
      { VolumesFrom: ['x'] },
      { Links: ['x'] },
      { ExtraHosts: ['a:1.2.3.4'] },
      { Sysctls: { 'kernel.msgmax': '1' } },
      { PortBindings: { '80/tcp': [{}] } },
      { PublishAllPorts: true },
      { GroupAdd: ['docker'] },
      { MaskedPaths: [] },
      { ReadonlyPaths: [] },
      { OomKillDisable: true },
      { AutoRemove: true },
      { CgroupParent: '/x' },
      { VolumeDriver: 'x' },
      { Mounts: [{ Type: 'bind', Source: '/', Target: '/host' }] },
      { Mounts: [{ Type: 'volume', Source: '/var/run/docker.sock', Target: '/x' }] },
      { Mounts: [{ Type: 'volume', Source: 'v', Target: '/x', VolumeOptions: { DriverConfig: { Options: { type: 'none', o: 'bind', device: '/' } } } }] },
      { Tmpfs: { '/x': 'rw' } },
      { Tmpfs: { '/x/../etc': 'nosuid,nodev,size=1' } },
    ]
    expect(confinementProblems(good)).toEqual([])
    for (const drift of drifts) expect(confinementProblems({ ...good, ...drift }), JSON.stringify(drift)).not.toEqual([])
    return `${drifts.length} of ${drifts.length} drifts refused`
  })
})
