import type { CommandResult, Sandbox } from '@fixpoint/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectEngine } from './docker-engine.ts'
import type { DockerRoom } from './docker-room.ts'
import { DockerSandboxes } from './docker-sandboxes.ts'
import { confinementProblems } from './host-config.ts'
import { bareEnvironment, snapshotOf } from './rooms.fixture.ts'

// Rows of the threat catalogue (R: resources, E: escape). Each room is small, so that its walls are near.
const MiB = 2 ** 20
const LIMITS = {
  memory: 300 * MiB,
  processes: 128,
  workspace: 400 * MiB,
  temporary: 32 * MiB,
  home: 16 * MiB,
  results: 32 * MiB,
  fileSize: 64 * MiB,
  files: 20_000,
}
const sandboxes = new DockerSandboxes({ limits: LIMITS })
const docker = connectEngine()
const never = new AbortController().signal

let room: Sandbox
let neighbour: Sandbox
const open = async () =>
  await sandboxes.open({ runId: 'run_hostile', environment: await bareEnvironment(sandboxes), source: snapshotOf({ 'a.txt': 'a' }) }, never)
const sh = async (script: string, timeoutMs = 30_000): Promise<CommandResult> => await room.exec({ argv: ['bash', '-c', script], timeoutMs }, never)
const processes = async (sandbox: Sandbox): Promise<number> => (await docker.getContainer((sandbox as DockerRoom).containerId).top()).Processes.length

beforeAll(async () => {
  room = await open()
  neighbour = await open()
})
afterAll(async () => {
  await room?.[Symbol.asyncDispose]()
  await neighbour?.[Symbol.asyncDispose]()
})

describe('hostile commands', () => {
  it('R1: a fork bomb stays within its processes, disturbs no neighbour and is gone after the reset', async () => {
    await sh(':(){ :|:& };:; sleep 2', 5000)
    expect(await processes(room)).toBeLessThanOrEqual(LIMITS.processes)
    const other = await neighbour.exec({ argv: ['echo', 'fine'], timeoutMs: 5000 }, never)
    expect(other).toMatchObject({ exitCode: 0, stdout: 'fine\n' })
    await room.reset()
    expect(await processes(room)).toBe(2)
    expect(await sh('cat a.txt')).toMatchObject({ exitCode: 0, stdout: 'a' })
  })

  it('R2: a memory bomb is told apart from a failure, whether it is the command or its child', async () => {
    const bomb = `node -e 'const a=[];for(;;)a.push(Buffer.alloc(20e6,1))'`
    expect(await sh(`exec ${bomb}`)).toMatchObject({ exitCode: 137, oomKilled: true, killed: false, timedOut: false })
    expect(await sh(`${bomb}; exit 1`)).toMatchObject({ exitCode: 1, oomKilled: true })
    expect(await sh('exit 1')).toMatchObject({ exitCode: 1, oomKilled: false })
    expect(await sh('kill -9 $$')).toMatchObject({ exitCode: 137, oomKilled: false, killed: true })
  })

  it('R3: files in memory count as memory', async () => {
    const result = await sh('for i in 1 2 3 4 5 6 7; do head -c 60M /dev/zero > f$i || exit; done')
    expect(result).toMatchObject({ oomKilled: true, timedOut: false })
    await room.reset()
    expect((await sh('ls')).stdout).toBe('a.txt\n')
  })

  it('R4: disk, inodes and a single file end at their caps', async () => {
    const full = await sh('head -c 100M /dev/zero > /tmp/x; stat -c %s /tmp/x; rm /tmp/x; head -c 40M /dev/zero > ~/x; rm ~/x')
    expect(full.stderr).toContain('No space left on device')
    expect(Number(full.stdout.split('\n')[0])).toBeLessThanOrEqual(LIMITS.temporary)
    const inodes = await sh(`node -e 'const fs=require("fs");let n=0;try{for(;;n++)fs.writeFileSync("e"+n,"")}catch(e){console.log(e.code,n)}'`)
    expect(inodes.stdout).toMatch(/^ENOSPC (19\d{3}|20000)\n$/)
    await room.reset()
    const huge = await sh('truncate -s 1T sparse; head -c 100M /dev/zero > huge; stat -c %s huge')
    expect(huge.stdout.trim()).toBe(String(LIMITS.fileSize))
    expect(await sh('touch /x /etc/x /usr/x /var/x; ls /x')).toMatchObject({ exitCode: 2 })
    await room.reset()
  })

  it('R5: a flood is stopped and little of it is kept', async () => {
    const before = process.memoryUsage().rss
    const result = await sh('yes 0123456789')
    expect(result).toMatchObject({ truncated: true, killed: true, timedOut: false, exitCode: null })
    expect(result.stdout.length).toBeLessThanOrEqual(4 * MiB + 100)
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * MiB)
    expect(await processes(room)).toBe(2)
    const line = await sh('head -c 50000000 /dev/zero; head -c 3000000 /dev/urandom >&2')
    expect(line).toMatchObject({ exitCode: 0, truncated: true })
  })

  it('R7: orphans outlive neither a reset nor the room', async () => {
    const mine = await open()
    const id = (mine as DockerRoom).containerId
    const run = async (script: string) => await mine.exec({ argv: ['bash', '-c', script], timeoutMs: 20_000 }, never)
    await run('for i in 1 2 3 4 5; do (setsid nohup sleep 1000 >/dev/null 2>&1 &); done')
    expect(await processes(mine)).toBe(7)
    await run('for i in $(seq 40); do (true &); done; sleep 0.2')
    expect((await run('grep -l "^State:.Z" /proc/[0-9]*/status')).stdout).toBe('')
    await mine.reset()
    expect(await processes(mine)).toBe(2)
    await run('(setsid sleep 1000 >/dev/null 2>&1 &)')
    await mine[Symbol.asyncDispose]()
    expect(await docker.listContainers({ all: true, filters: { id: [id] } })).toEqual([])
  })

  it('an orphan that holds the output does not hold the command', async () => {
    expect(await sh('sleep 1000 & echo over')).toMatchObject({ exitCode: 0, stdout: 'over\n', timedOut: false })
    await room.reset()
  })

  it('R8: a command that kills all it can is killed itself, and the room goes on', async () => {
    expect(await sh('kill -9 -1; kill -9 1; kill -STOP 1; kill -9 $$')).toMatchObject({ exitCode: 137, killed: true })
    expect(await sh('node -e "process.kill(-1, 9)" & wait $!; exit 0')).toMatchObject({ killed: true })
    expect((await sh('renice -n -5 $$; cat /proc/1/environ; cat /proc/1/mem')).exitCode).not.toBe(0)
    expect(await sh('cat a.txt')).toMatchObject({ exitCode: 0, stdout: 'a' })
  })

  it('a process that kills every command of ours only gets a fresh room', async () => {
    await sh(`(setsid sh -c 'while :; do kill -9 -1; done' >/dev/null 2>&1 &); sleep 0.3`)
    await room.reset()
    expect(await processes(room)).toBe(2)
    expect(await sh('cat a.txt')).toMatchObject({ exitCode: 0, stdout: 'a' })
  })

  it('R11: hostile names and depth are read, written and reset', async () => {
    const names = ['-rf', 'new\nline', 'a'.repeat(255), '\u202egpj.exe', 'Case', 'case', ' ', '*', '$(id)', '\'"', '\\'.repeat(3)]
    await room.exec(
      { argv: ['node', '-e', 'for (const n of process.argv.slice(1)) require("fs").writeFileSync(n, n)', '--', ...names], timeoutMs: 10_000 },
      never,
    )
    const plain = names.filter((name) => !name.includes('\\') && name.trim() !== '')
    expect([...(await room.read(plain, 1000))].map(([path, content]) => [path, Buffer.from(content).toString()])).toEqual(plain.map((name) => [name, name]))
    const dig = 'for (let i = 0; i < 5000; i++) { fs.mkdirSync("x"); process.chdir("x") } fs.writeFileSync("f", "")'
    const deep = await room.exec({ argv: ['node', '-e', dig], timeoutMs: 30_000 }, never)
    expect(deep.exitCode).toBe(0)
    await room.reset()
    expect((await sh('ls -A')).stdout).toBe('a.txt\n')
  })

  it('E2: a living room is configured as was asked', async () => {
    const { HostConfig: config, Config } = await docker.getContainer((room as DockerRoom).containerId).inspect()
    const asked = ['Binds', 'CapAdd', 'CapDrop', 'Devices', 'Privileged', 'NetworkMode', 'IpcMode', 'PidMode', 'UTSMode', 'UsernsMode', 'CgroupnsMode'] as const
    const all = config as unknown as Record<string, unknown>
    expect(Object.fromEntries(asked.map((field) => [field, all[field] ?? []]))).toEqual({
      ...{ Binds: [], CapAdd: [], CapDrop: ['ALL'], Devices: [], Privileged: false, NetworkMode: 'none', IpcMode: 'private' },
      ...{ PidMode: '', UTSMode: '', UsernsMode: '', CgroupnsMode: expect.stringMatching(/^(host|private)$/) },
    })
    expect(
      confinementProblems({ ...all, CgroupnsMode: '', MaskedPaths: undefined, ReadonlyPaths: undefined, LogConfig: {} }).filter(
        (problem) => !/nobody has thought/.test(problem),
      ),
    ).toEqual([])
    expect(Config.User).toBe('0:0')
  })

  it('E4: what is no regular file is left out, at once', async () => {
    await sh(
      `cd /fixpoint/out; ln -s /etc/hostname link; mkfifo fifo; echo hard > h && ln h hard; mkdir folder; head -c 2000 /dev/zero > big; echo yes > good; truncate -s 60M sparse; mkdir real; echo via > real/x; ln -s real dir`,
    )
    const paths = ['link', 'fifo', 'folder', 'big', 'sparse', 'missing', 'good', 'hard', '-x'].map((name) => `/fixpoint/out/${name}`)
    const started = performance.now()
    const read = await room.read(paths, 1000)
    expect([...read.keys()].sort()).toEqual(['/fixpoint/out/good', '/fixpoint/out/hard'])
    expect(performance.now() - started).toBeLessThan(5000)
    await expect(room.read(['/etc/passwd'], 1000)).rejects.toThrow('not a path inside')
    await expect(room.read(['/fixpoint/out/../tools/x'], 1000)).rejects.toThrow('not a path inside')
    await expect(room.read(['../etc/passwd'], 1000)).rejects.toThrow('not a path inside')
  })

  it('E5: a room whose every program lies can only leave out or forge its own files', async () => {
    await room.reset()
    await sh(`mkdir -p ~/bin; printf '#!/bin/sh\\nhead -c 5000000 /dev/zero' > ~/bin/tar; chmod +x ~/bin/tar; echo yes > /fixpoint/out/real`)
    expect([...(await room.read(['/fixpoint/out/real'], 100)).keys()]).toEqual(['/fixpoint/out/real'])
  })
})
