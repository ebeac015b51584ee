import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrivatePostgres } from '@fixpoint/store'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const COMMAND = fileURLToPath(new URL('../../apps/cli/bin/fixpoint.mjs', import.meta.url))
const PATIENCE = { timeout: 60_000, interval: 200 }

/** A process of the service, and what it said. */
class Part {
  readonly process: ChildProcess
  said = ''

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.process = spawn(process.execPath, [COMMAND, ...args], { env: { ...process.env, NO_COLOR: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.process.stdout, this.process.stderr]) stream?.on('data', (chunk) => (this.said += String(chunk)))
  }

  async exit(signal?: NodeJS.Signals): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const exited = once(this.process, 'exit')
      if (signal !== undefined) this.process.kill(signal)
      await exited
    }
    return this.process.exitCode
  }
}

describe('a server without a worker, and workers without a server', { timeout: 120_000 }, () => {
  const parts: Part[] = []
  let folder: string
  let postgres: PrivatePostgres
  let address: string
  let token: string

  const part = (home: string, ...args: string[]) => {
    const made = new Part(args, { FIXPOINT_HOME: join(folder, home), FIXPOINT_KEY_FILE: join(folder, 'key'), DATABASE_URL: postgres.url })
    parts.push(made)
    return made
  }
  const get = async (path: string) => (await fetch(`${address}${path}`, { headers: { authorization: `Bearer ${token}` } })).json()
  const workers = async () => ((await get('/api/workers')) as { items: { pid: number; state: string }[] }).items.map(({ pid, state }) => ({ pid, state }))

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fixpoint-parts-'))
    await writeFile(join(folder, 'key'), 'ab'.repeat(32))
    postgres = await PrivatePostgres.start({ folder: join(folder, 'postgres'), settings: { fsync: 'off' } })
    const server = part('server', 'serve', '--no-worker', '--port', '0')
    address = await vi.waitUntil(() => /listens on (\S+)/.exec(server.said)?.[1], PATIENCE)
    const made = new Part(['tokens', 'create', 'ann', '--scope', 'read,admin'], {
      ...{ FIXPOINT_HOME: join(folder, 'server'), FIXPOINT_KEY_FILE: join(folder, 'key'), DATABASE_URL: postgres.url },
    })
    expect(await made.exit(), made.said).toBe(0)
    token = made.said.split('\n').find((line) => /^[\w-]{30,}$/.test(line)) ?? made.said
  }, 120_000)

  afterAll(async () => {
    for (const each of parts) await each.exit('SIGTERM')
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('work through one database: what the server takes in a worker concludes; killed ones are missed, those that go home are not', async () => {
    expect(await workers()).toEqual([])
    const made = await fetch(`${address}/api/ingest-keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'alerts', source: 'grafana' }),
    })
    const { path } = (await made.json()) as { path: string }
    const posted = await fetch(`${address}${path}`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({
        status: 'firing',
        alerts: [{ status: 'firing', labels: { alertname: 'Down' }, annotations: {}, startsAt: '2026-01-02T03:04:05Z' }],
      }),
    })
    expect(posted.status).toBe(202)
    const states = async () => ((await get('/api/deliveries')) as { items: { state: string }[] }).items.map(({ state }) => state)
    expect(await states()).toEqual(['accepted'])

    const [one, two] = [part('one', 'worker'), part('two', 'worker', '--json')]
    await expect.poll(async () => (await workers()).length, { ...PATIENCE, message: 'two workers' }).toBe(2)
    await expect.poll(states, PATIENCE).not.toEqual(['accepted'])
    expect(await workers()).toEqual(expect.arrayContaining([one, two].map(({ process: { pid } }) => ({ pid, state: 'working' }))))

    await one.exit('SIGKILL')
    expect(await two.exit('SIGTERM'), two.said).toBe(0)
    expect(await workers()).toEqual([{ pid: one.process.pid, state: 'working' }])
  })

  it('a worker with another key, or with no database, says what it needs', async () => {
    await writeFile(join(folder, 'other-key'), 'cd'.repeat(32))
    const stranger = new Part(['worker'], { FIXPOINT_HOME: join(folder, 'x'), FIXPOINT_KEY_FILE: join(folder, 'other-key'), DATABASE_URL: postgres.url })
    expect([await stranger.exit(), stranger.said]).toEqual([3, expect.stringContaining('FIXPOINT_KEY_FILE')])
    const lonely = new Part(['worker'], { FIXPOINT_HOME: join(folder, 'x'), DATABASE_URL: '' })
    expect([await lonely.exit(), lonely.said]).toEqual([3, expect.stringContaining('DATABASE_URL is not set')])
  })
})
