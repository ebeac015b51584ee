import { Failure, type Sandbox } from '@fixpoint/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectEngine } from './docker-engine.ts'
import type { DockerRoom } from './docker-room.ts'
import { DockerSandboxes } from './docker-sandboxes.ts'
import { bareEnvironment, snapshotOf } from './rooms.fixture.ts'

const sandboxes = new DockerSandboxes()
const docker = connectEngine()
const never = new AbortController().signal
const tree = { 'a.txt': 'base a', 'src/index.js': 'console.log("base")\n', 'src/deep/er/x.txt': 'x' }

let room: Sandbox
const sh = async (script: string, more: { timeoutMs?: number; stdin?: string; outputLimit?: number; cwd?: string; env?: Record<string, string> } = {}) =>
  await room.exec({ argv: ['sh', '-c', script], timeoutMs: 20_000, ...more }, never)

async function open(options: { edits?: { path: string; content: string | null }[] } = {}): Promise<Sandbox> {
  const odd = [
    { path: 'link', kind: 'link' as const, size: 4, blob: '0' },
    { path: 'vendored', kind: 'submodule' as const, size: 0, blob: '0' },
    { path: 'big.bin', kind: 'lfs-pointer' as const, size: 130, blob: '0' },
    { path: '.git/config', kind: 'file' as const, size: 1, blob: '0' },
  ]
  const environment = await bareEnvironment(sandboxes)
  return await sandboxes.open(
    { runId: 'run_test', environment, source: snapshotOf(tree, odd), tools: new Map([['tool.mjs', Buffer.from('console.log("tool")')]]), ...options },
    never,
  )
}

beforeAll(async () => {
  room = await open()
})
afterAll(async () => {
  await room[Symbol.asyncDispose]()
})

describe('a room', () => {
  it('holds the tree and nothing else of it: no links, submodules, pointers, no .git', async () => {
    expect((await sh('find . -mindepth 1 | sort')).stdout.trim().split('\n')).toEqual([
      './a.txt',
      './src',
      './src/deep',
      './src/deep/er',
      './src/deep/er/x.txt',
      './src/index.js',
    ])
  })

  it('runs commands as an ordinary user at home, without anything of ours in the environment', async () => {
    const { stdout } = await sh('id -u; pwd; env | sort')
    expect(stdout.split('\n').filter((line) => !line.startsWith('NODE_EXTRA') && !line.startsWith('_='))).toEqual([
      '1000',
      '/workspace',
      'CI=1',
      'HOME=/home/agent',
      'HOSTNAME=room',
      'LANG=C.UTF-8',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'PWD=/workspace',
      'TZ=UTC',
      '',
    ])
  })

  it('has its tools, which commands can run and not replace', async () => {
    const { exitCode, stdout } = await sh(
      'node /fixpoint/tools/tool.mjs; rm -f /fixpoint/tools/tool.mjs; echo x > /fixpoint/tools/tool.mjs || touch /fixpoint/tools/new; cat /fixpoint/tools/tool.mjs',
    )
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'tool\nconsole.log("tool")' })
  })

  it('takes arguments as they are, a folder and an environment', async () => {
    const hostile = ['$(id)', '`id`', '; id', '-n', '"', "'", 'new\nline', '']
    const result = await room.exec(
      {
        argv: ['node', '-p', 'JSON.stringify([process.argv.slice(1), process.cwd(), process.env.X])', '--', ...hostile],
        cwd: 'src',
        env: { X: 'a=b\nc' },
        timeoutMs: 20_000,
      },
      never,
    )
    expect(JSON.parse(result.stdout)).toEqual([hostile, '/workspace/src', 'a=b\nc'])
  })

  it.each([
    ['success', 'echo out; echo err >&2', { exitCode: 0, stdout: 'out\n', stderr: 'err\n' }],
    ['failure', 'exit 7', { exitCode: 7 }],
    ['a signal', 'kill -SEGV $$', { exitCode: 139, killed: true }],
    ['a killed child', 'sh -c "kill -9 \\$\\$"; exit 3', { exitCode: 3 }],
    ['no such command', 'nosuchcommand', { exitCode: 127 }],
  ])('says how a command ended: %s', async (_, script, expected) => {
    const { durationMs, ...result } = await sh(script)
    expect(durationMs).toBeGreaterThan(0)
    expect(result).toMatchObject({ timedOut: false, truncated: false, oomKilled: false, killed: false, ...expected })
  })

  it('answers like a shell when there is no such program, and when there is no such folder', async () => {
    const missing = await room.exec({ argv: ['nosuchcommand'], timeoutMs: 5000 }, never)
    expect([126, 127]).toContain(missing.exitCode)
    const folder = await room.exec({ argv: ['true'], cwd: 'no/such', timeoutMs: 5000 }, never)
    expect(folder.exitCode).not.toBe(0)
    await expect(room.exec({ argv: ['true'], cwd: '../etc', timeoutMs: 5000 }, never)).rejects.toThrow('not a folder inside the work tree')
  })

  it('gives standard input and closes it; without any, reading ends at once (R9)', async () => {
    expect((await sh('cat', { stdin: 'süß' })).stdout).toBe('süß')
    expect((await sh('wc -c', { stdin: 'x'.repeat(5_000_000) })).stdout.trim()).toBe('5000000')
    expect(await sh('cat; echo over')).toMatchObject({ exitCode: 0, stdout: 'over\n' })
  })

  it('keeps head and tail of a long output', async () => {
    const { stdout, truncated, exitCode } = await sh('seq 1 200000', { outputLimit: 2000 })
    expect({ exitCode, truncated }).toEqual({ exitCode: 0, truncated: true })
    expect(stdout.startsWith('1\n2\n')).toBe(true)
    expect(stdout.endsWith('199999\n200000\n')).toBe(true)
    expect(stdout.length).toBeLessThan(2100)
  })

  it('writes and deletes files of the tree, whatever stands in the way', async () => {
    await sh('rm -rf src/deep; ln -s /etc src/deep; mkdir -p a.d/full/of/things; chmod 0444 a.txt')
    await room.write([
      { path: 'a.txt', content: 'new a' },
      { path: 'src/deep/passwd', content: 'mine' },
      { path: '-rf', content: 'dash' },
      { path: 'a.d', content: null },
      { path: 'src/index.js', content: null },
      { path: 'with space/and\nnewline', content: new Uint8Array([0, 255, 10]) },
    ])
    const read = await room.read(['a.txt', 'src/deep/passwd', '-rf', 'src/index.js', 'with space/and\nnewline'], 100)
    expect([...read].map(([path, content]) => [path, Buffer.from(content).toString('latin1')])).toEqual([
      ['a.txt', 'new a'],
      ['src/deep/passwd', 'mine'],
      ['-rf', 'dash'],
      ['with space/and\nnewline', '\x00\xff\n'],
    ])
    expect((await sh('ls -d a.d src/deep/.; grep -c root /etc/passwd')).stdout).toBe('src/deep/.\n1\n')
    await expect(room.write([{ path: '../x', content: '' }])).rejects.toThrow('not a path inside the work tree')
    await expect(room.write([{ path: '.GIT/config', content: '' }])).rejects.toThrow('not a path inside the work tree')
  })

  it('sees a file of the same size written twice as changed', async () => {
    await room.write([{ path: 'm.txt', content: '1' }])
    const first = (await sh('stat -c %y m.txt')).stdout
    await room.write([{ path: 'm.txt', content: '2' }])
    expect((await sh('stat -c %y m.txt')).stdout).not.toBe(first)
  })

  it('goes back to the tree as it was opened, and nothing of before is left', async () => {
    await using mine = await open({
      edits: [
        { path: 'a.txt', content: 'edited' },
        { path: 'new.txt', content: 'new' },
        { path: 'src/index.js', content: null },
      ],
    })
    const run = async (script: string) => await mine.exec({ argv: ['bash', '-c', script], timeoutMs: 20_000 }, never)
    const before = (await run('find /workspace /tmp /home/agent /fixpoint /dev/shm | sort; cat a.txt new.txt')).stdout
    expect(before.endsWith('editednew')).toBe(true)
    await run(`rm -rf src; echo changed > a.txt; mkdir -p d/e; echo x > d/e/f; chmod 0 d; ln -s / root; mkfifo pipe; mkdir 'odd
name' -- -rf; touch /tmp/t ~/.npmrc /fixpoint/out/r /dev/shm/s; ipcmk -Q >/dev/null; (setsid sleep 1000 &) ; (setsid sh -c 'trap "" TERM HUP; while :; do sleep 0.1; done' >/dev/null 2>&1 &)`)
    await mine.reset()
    expect((await run('find /workspace /tmp /home/agent /fixpoint /dev/shm | sort; cat a.txt new.txt')).stdout).toBe(before)
    expect((await run('ipcs -q | grep -c 0x')).stdout).toBe('0\n')
    const { Processes: left } = await docker.getContainer((mine as DockerRoom).containerId).top({ ps_args: '-eo pid,comm' })
    expect(left.map((row: string[]) => row[1])).toEqual(['docker-init', 'sleep'])
  })

  it('resets a large tree from its own copy, which commands cannot change', async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`d${index % 7}/f${index}`, Buffer.alloc(20_000, index)]))
    const environment = await bareEnvironment(sandboxes)
    await using mine = await sandboxes.open({ runId: 'run_test', environment, source: snapshotOf(files) }, never)
    const run = async (script: string) => (await mine.exec({ argv: ['sh', '-c', script], timeoutMs: 20_000 }, never)).stdout
    const sum = 'find . -type f | sort | xargs cat | md5sum'
    const before = await run(sum)
    const container = (mine as DockerRoom).containerId
    expect(await run('ls /fixpoint/out; echo x > /fixpoint/base/tree.tar || rm -f /fixpoint/base/tree.tar; echo x >> d1/f1; rm -r d2')).toBe('')
    await mine.reset()
    expect(await run(sum)).toBe(before)
    expect((mine as DockerRoom).containerId).toBe(container)
  })
})

describe('a room that is cut short', () => {
  it('ends a command at its deadline, whatever it ignores (R9)', async () => {
    const started = performance.now()
    const result = await sh('trap "" TERM INT HUP; echo begun; (setsid sleep 1000 &); while :; do sleep 1; done', { timeoutMs: 700 })
    expect(result).toMatchObject({ timedOut: true, killed: false, exitCode: null, stdout: 'begun\n' })
    expect(performance.now() - started).toBeLessThan(700 + 4000)
    expect((await sh('cat /proc/[0-9]*/comm | grep -c sleep')).stdout).toBe('1\n')
    expect(await sh('kill -STOP $$', { timeoutMs: 500 })).toMatchObject({ timedOut: true })
  })

  it('ends on abort, kills what ran, and can be used again', async () => {
    const controller = new AbortController()
    const running = room.exec({ argv: ['sleep', '1000'], timeoutMs: 60_000 }, controller.signal)
    setTimeout(() => controller.abort(new Error('enough')), 300)
    await expect(running).rejects.toThrow('enough')
    await expect(room.exec({ argv: ['true'], timeoutMs: 5000 }, controller.signal)).rejects.toThrow('enough')
    expect((await sh('cat /proc/[0-9]*/comm | grep -c sleep')).stdout).toBe('1\n')
  })

  it('leaves no container when the opening is aborted', async () => {
    const controller = new AbortController()
    const environment = await bareEnvironment(sandboxes)
    const opening = sandboxes.open({ runId: 'run_aborted', environment, source: snapshotOf(tree) }, controller.signal)
    setTimeout(() => controller.abort(new Error('enough')), 60)
    await expect(opening).rejects.toThrow('enough')
    expect(await docker.listContainers({ all: true, filters: { label: ['dev.fixpoint.run=run_aborted'] } })).toEqual([])
  })

  it('is disposed of twice, and unusable afterwards', async () => {
    const mine = await open()
    const id = (mine as DockerRoom).containerId
    await Promise.all([mine[Symbol.asyncDispose](), mine[Symbol.asyncDispose]()])
    await mine[Symbol.asyncDispose]()
    await expect(docker.getContainer(id).inspect()).rejects.toMatchObject({ statusCode: 404 })
    await expect(mine.exec({ argv: ['true'], timeoutMs: 5000 }, never)).rejects.toMatchObject({ code: 'room-lost' })
    await expect(mine.reset()).rejects.toThrow('disposed')
  })

  it.each(['before', 'during'])('is lost when its container is removed %s a command, and a reset gives it a new one', async (when) => {
    await using mine = await open()
    const container = docker.getContainer((mine as DockerRoom).containerId)
    if (when === 'before') await container.remove({ force: true })
    else setTimeout(() => void container.remove({ force: true }), 300)
    const lost = mine.exec({ argv: ['sleep', '30'], timeoutMs: 60_000 }, never)
    await expect(lost).rejects.toBeInstanceOf(Failure)
    await expect(lost).rejects.toMatchObject({ code: 'room-lost' })
    await expect(mine.read(['a.txt'], 100)).rejects.toMatchObject({ code: 'room-lost' })
    await mine.reset()
    expect((await mine.exec({ argv: ['cat', 'a.txt'], timeoutMs: 5000 }, never)).stdout).toBe('base a')
  })
})

describe('what is missing', () => {
  it('is said with a hint: engine, image, room for the tree', async () => {
    await expect(new DockerSandboxes({ engine: { host: 'unix:///no/such/docker.sock' } }).image('node')).rejects.toMatchObject({ code: 'engine-unreachable' })
    const imageless = new DockerSandboxes({ images: { node: 'fixpoint-nothing:latest', python: 'fixpoint-nothing:latest' } })
    expect(await imageless.image('node')).toBeUndefined()
    await expect(bareEnvironment(imageless)).rejects.toMatchObject({ code: 'image-missing', hint: 'node sandbox-images/build.mjs' })
    await expect(imageless.selfTest(never)).rejects.toMatchObject({ code: 'image-missing' })
    const small = new DockerSandboxes({ limits: { tree: 4096 } })
    const request = { runId: 'run_test', environment: await bareEnvironment(small), source: snapshotOf({ a: Buffer.alloc(5000) }) }
    await expect(small.open(request, never)).rejects.toMatchObject({ code: 'disk-full' })
  })
})
