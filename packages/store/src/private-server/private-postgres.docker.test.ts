import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Database, openDatabase } from '../database.ts'
import { PrivatePostgres, type PrivatePostgresOptions } from './private-postgres.ts'
import { exists } from './processes.ts'

const QUICK: Pick<PrivatePostgresOptions, 'settings'> = { settings: { fsync: 'off' } }
const DEBIANS = '/usr/lib/postgresql/15/bin'
const isRoot = process.getuid?.() === 0
const packageFolder = fileURLToPath(new URL('../../', import.meta.url))

let root: string
/** Most of the stories are told on one folder: making the data is what takes time. */
let folder: string
const open: AsyncDisposable[] = []
const children: ChildProcess[] = []

beforeAll(async () => {
  // What runs in another process runs compiled.
  await promisify(execFile)(process.execPath, [join(packageFolder, '../../node_modules/typescript/bin/tsc'), '-b', packageFolder])
  root = await mkdtemp(join(tmpdir(), 'fixpoint-postgres-'))
  await chmod(root, 0o755)
  folder = join(root, 'shared')
})
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]()
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function start(options: Partial<PrivatePostgresOptions> = {}): Promise<PrivatePostgres> {
  const server = await PrivatePostgres.start({ folder, ...QUICK, ...options })
  open.push(server)
  return server
}

async function ask(server: { url: string }, text: string): Promise<Record<string, unknown>> {
  await using database = new Database({ connectionString: server.url }, { connections: 1 })
  return (await database.query(text)).rows[0] ?? {}
}

const postmaster = async (data = join(folder, 'data')) => Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0])

/** Another process of ours that starts a server and stays; resolves when it has it. */
async function elsewhere(where = folder, account: { uid?: number; gid?: number } = {}) {
  const program = `
    const { PrivatePostgres } = await import(process.argv[1])
    const server = await PrivatePostgres.start({ folder: process.argv[2], settings: { fsync: 'off' } })
    console.log(JSON.stringify({ url: server.url, owner: server.owner }))
    process.on('SIGTERM', async () => { await server.stop(); process.exit(0) })
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, join(packageFolder, 'dist/index.js'), where], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...account,
  })
  children.push(child)
  let output = ''
  child.stderr.on('data', (bytes) => {
    output += bytes
  })
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (bytes) => resolve(String(bytes)))
    child.once('exit', () => reject(new Error(output)))
  })
  return { child, ...(JSON.parse(line) as { url: string; owner: boolean }) }
}

const killed = async (child: ChildProcess) => {
  const over = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await over
}

/** Pids whose command line names this text. */
async function processesNaming(text: string): Promise<number[]> {
  const found: number[] = []
  for (const name of await readdir('/proc')) {
    const line = /^\d+$/.test(name) ? await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '') : ''
    if (line.includes(text)) found.push(Number(name))
  }
  return found
}

describe('a private server', () => {
  it('of many who start at once on nothing, one starts it and all have it', async () => {
    const servers = await Promise.all([start(), start(), elsewhere()])
    expect(servers.filter((server) => server.owner)).toHaveLength(1)
    expect(new Set(servers.map((server) => server.url)).size).toBe(1)
    for (const server of servers) expect(await ask(server, 'SELECT current_database() AS name')).toEqual({ name: 'fixpoint' })
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([])
    // What the install script of the package would have made.
    const programs = (await readdir(folder)).find((name) => name.startsWith('programs-'))
    if (programs !== undefined) expect((await lstat(join(folder, programs, 'lib/libpq.so.5'))).isSymbolicLink()).toBe(true)
  })

  it('keeps what was written, listens on its socket only, and lets nobody in without the password', async () => {
    const first = await start()
    expect(first.owner).toBe(true)
    await ask(first, 'CREATE TABLE kept AS SELECT 42 AS answer')
    expect(await ask(first, 'SHOW listen_addresses')).toEqual({ listen_addresses: '' })
    await expect(openDatabase(first.url.replace(/:[^:@/]+@/, ':wrong@'))).rejects.toMatchObject({ code: 'database-unreachable' })
    for (const secret of ['password', 'server.json']) expect((await stat(join(folder, secret))).mode & 0o077).toBe(0)
    await first.stop()
    await first.stop()
    expect(existsSync(join(folder, 'data/postmaster.pid'))).toBe(false)
    const again = await start()
    expect(again.url).toBe(first.url)
    expect(await ask(again, 'SELECT answer FROM kept')).toEqual({ answer: 42 })
  })

  it.runIf(isRoot)('never runs as root', async () => {
    await start()
    expect((await stat(`/proc/${await postmaster()}`)).uid).not.toBe(0)
    expect((await readFile(`/proc/${await postmaster()}/status`, 'utf8')).match(/^Groups:[ \t]*(.*)$/m)?.[1]?.trim()).toBe('')
  })

  it('is found by another process, which leaves it alone when it goes', async () => {
    const mine = await start()
    const other = await elsewhere()
    expect(other).toMatchObject({ url: mine.url, owner: false })
    const over = new Promise((resolve) => other.child.once('exit', resolve))
    other.child.kill('SIGTERM')
    await over
    expect(await ask(mine, 'SELECT 1 AS one')).toEqual({ one: 1 })
  })

  it('stops by itself when its owner is killed, and so does its watchdog', async () => {
    const owner = await elsewhere()
    expect(owner.owner).toBe(true)
    const pid = await postmaster()
    await killed(owner.child)
    await expect.poll(() => exists(pid), { timeout: 20_000 }).toBe(false)
    await expect.poll(() => processesNaming(join(folder, 'data')), { timeout: 20_000 }).toEqual([])
  })

  it('whose owner and watchdog were killed is ended by the next one who starts', async () => {
    const owner = await elsewhere()
    const pid = await postmaster()
    const dogs = (await processesNaming('postmaster.pid')).filter((dog) => dog !== pid)
    for (const dog of dogs) process.kill(dog, 'SIGKILL')
    await killed(owner.child)
    expect(exists(pid)).toBe(true)
    const next = await start()
    expect(next.owner).toBe(true)
    expect(exists(pid)).toBe(false)
    expect(await ask(next, 'SELECT answer FROM kept')).toEqual({ answer: 42 })
  })

  it('that crashed recovers what was committed', async () => {
    const first = await start({ settings: {} })
    await ask(first, 'CREATE TABLE committed AS SELECT 7 AS number')
    process.kill(await postmaster(), 'SIGKILL')
    const next = await start()
    expect(next.owner).toBe(true)
    expect(await ask(next, 'SELECT number FROM committed')).toEqual({ number: 7 })
  })

  it('starts though the number of a dead server belongs to somebody else now', async () => {
    const first = await start()
    const lock = await readFile(join(folder, 'data/postmaster.pid'), 'utf8')
    const { uid, gid } = await stat(join(folder, 'data'))
    await first.stop()
    const stranger = spawn('sleep', ['60'], { uid, gid })
    children.push(stranger)
    await writeFile(join(folder, 'data/postmaster.pid'), lock.replace(/^\d+/, String(stranger.pid)), { mode: 0o600 })
    await chown(join(folder, 'data/postmaster.pid'), uid, gid)
    expect((await start()).owner).toBe(true)
    expect(exists(stranger.pid ?? 0)).toBe(true)
  })

  it('refuses data of a newer PostgreSQL, says so, and leaves it as it is', async () => {
    const file = join(folder, 'data/PG_VERSION')
    const version = await readFile(file, 'utf8')
    await writeFile(file, '99\n')
    await expect(start()).rejects.toMatchObject({
      code: 'settings-invalid',
      message: expect.stringContaining('written by PostgreSQL 99'),
      hint: expect.stringContaining('never goes back'),
    })
    await writeFile(file, version)
    expect((await start()).owner).toBe(true)
  })

  it('says what to do when its password is lost', async () => {
    const file = join(folder, 'password')
    await rename(file, `${file}.away`)
    await expect(start()).rejects.toMatchObject({ code: 'settings-invalid', hint: expect.stringContaining('backup') })
    await writeFile(file, 'another')
    await expect(start()).rejects.toMatchObject({ code: 'settings-invalid', hint: expect.stringContaining('backup') })
    await rename(`${file}.away`, file)
    expect((await start()).owner).toBe(true)
  })

  it('a setting that it cannot take is told with its own words', async () => {
    await expect(start({ settings: { shared_buffers: 'plenty' } })).rejects.toMatchObject({
      code: 'database-unreachable',
      message: expect.stringContaining('shared_buffers'),
      hint: expect.stringContaining('log'),
    })
  })

  it.each(['relative', join('.', 'x')])('a folder must be absolute: %s', async (relative) => {
    await expect(start({ folder: relative })).rejects.toMatchObject({ code: 'settings-invalid' })
  })

  it('without programs that run it says what to install', async () => {
    const wrong = join(root, 'wrong')
    await mkdir(wrong)
    await writeFile(join(wrong, 'postgres'), 'not a program', { mode: 0o755 })
    await expect(start({ folder: join(root, 'none'), programs: ['/nowhere', wrong] })).rejects.toMatchObject({
      code: 'settings-invalid',
      hint: expect.stringContaining('DATABASE_URL'),
    })
  })

  it.runIf(existsSync(DEBIANS))('runs on the programs of the system; where a path is too long for a socket, on the loopback interface', async () => {
    const long = join(root, 'a-folder-with-a-name-that-is-far-too-long-for-a-socket-whose-path-must-be-short')
    const first = await start({ folder: long, programs: ['/nowhere', DEBIANS] })
    expect(first.version).toMatch(/^15\./)
    expect(new URL(first.url).hostname).toBe('127.0.0.1')
    expect(await ask(first, 'SHOW listen_addresses')).toEqual({ listen_addresses: '127.0.0.1' })
    await expect(openDatabase(first.url.replace(/:[^:@/]+@/, ':wrong@'))).rejects.toMatchObject({ code: 'database-unreachable' })
    await first.stop()
    // Data of an older version finds its programs, if they are there.
    expect((await start({ folder: long })).version).toMatch(/^15\./)
  })

  it.runIf(isRoot)('where its account cannot get to, the data is kept elsewhere, and missed when it is gone', async () => {
    const closed = join(root, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const server = await start({ folder: join(closed, 'postgres') })
    const { directory } = (await ask(server, `SELECT setting AS directory FROM pg_settings WHERE name = 'data_directory'`)) as { directory: string }
    try {
      expect(directory).toMatch(/^\/var\/lib\/fixpoint\/postgres-[0-9a-f]{16}\/data$/)
      expect((await stat(closed)).mode & 0o777).toBe(0o700)
      await server.stop()
      await rm(directory, { recursive: true })
      await expect(start({ folder: join(closed, 'postgres') })).rejects.toMatchObject({ code: 'settings-invalid', message: expect.stringContaining('is gone') })
    } finally {
      await rm(join(directory, '..'), { recursive: true, force: true })
    }
  })

  it.runIf(isRoot)('runs as who starts it, when that is not root', async () => {
    const own = join(root, 'own')
    await mkdir(own)
    const { uid, gid } = await stat(join(folder, 'data'))
    await chown(own, uid, gid)
    const owner = await elsewhere(own, { uid, gid })
    expect(await ask(owner, 'SELECT 1 AS one')).toEqual({ one: 1 })
    await killed(owner.child)
    await expect.poll(() => processesNaming(join(own, 'data')), { timeout: 20_000 }).toEqual([])
  })
})
