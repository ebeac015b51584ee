import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixpoint, git } from './fixture.ts'
import { canariesIn, dumped, ENVIRONMENT, listener, withPersonalData } from './planted-canaries.ts'
import { CRASH, docker, type Place, place, SHOP } from './small-repository.ts'

const COMMAND = fileURLToPath(new URL('../../apps/cli/bin/fixpoint.mjs', import.meta.url))
const PATIENCE_MS = 180_000

/** A service that is running, and what it said. */
interface Serving {
  readonly process: ChildProcess
  readonly address: string
  readonly said: () => string
}

async function serve(home: string): Promise<Serving> {
  const child = spawn(process.execPath, [COMMAND, 'serve', '--port', '0'], {
    env: { ...process.env, ...ENVIRONMENT, FIXPOINT_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
  const address = await until(
    `the service at ${home} listens`,
    async () => /listens on (\S+)/.exec(said)?.[1],
    () => said,
  )
  return { process: child, address, said: () => said }
}

async function until<T>(what: string, look: () => Promise<T | undefined>, evidence: () => string = () => ''): Promise<T> {
  const end = Date.now() + PATIENCE_MS
  while (Date.now() < end) {
    const found = await look()
    if (found !== undefined) return found
    await sleep(500)
  }
  throw new Error(`waited in vain: ${what}\n${evidence()}`)
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'exit')
}

describe('an alert that is posted to the service', { timeout: 600_000 }, () => {
  let at: Place
  let service: Serving
  let desk: Awaited<ReturnType<typeof listener>>
  /** Everything that anybody could read. */
  const outputs: string[] = []
  const secrets: Record<string, string> = {}
  const cli = async (...args: string[]) => {
    const ended = await fixpoint(args, at.home)
    // These two print what they make, once.
    if (!['keys', 'tokens'].includes(args[0] ?? '')) outputs.push(ended.stdout, ended.stderr)
    return ended
  }
  const roomsOf = ({ process: { pid } }: Serving) => docker('ps', '--all', '--quiet', '--filter', `label=dev.fixpoint.pid=${pid}`)
  const waiting = async () => {
    const [line] = (await cli('review', 'list', '--json')).stdout.split('\n').filter((text) => text !== '')
    return line === undefined ? undefined : (JSON.parse(line) as { run: string; proposal: string; strength: string })
  }

  beforeAll(async () => {
    at = await place(SHOP)
    desk = await listener()
    await mkdir(at.home, { recursive: true })
    await writeFile(
      join(at.home, 'fixpoint.config.yml'),
      `repositories:\n  shop: { path: ${JSON.stringify(at.folder)} }\nservices:\n  checkout: { repo: shop }\noutbound:\n  desk: { kind: webhook, url: "${desk.url}", privateNetwork: true, secret: { env: FIXPOINT_DESK_SECRET } }\n`,
    )
    service = await serve(at.home)
  }, PATIENCE_MS)

  afterAll(async () => {
    await ended(service.process, 'SIGTERM')
    desk[Symbol.dispose]()
    await at[Symbol.asyncDispose]()
  })

  it('becomes one run, survives a kill, waits for a person, and is published when approved', async () => {
    const [url = '', secret = ''] = (await cli('keys', 'create', 'generic', '--base', service.address)).stdout.split('\n')
    Object.assign(secrets, {
      ingestKey: url.split('/').at(-1),
      signing: secret,
      token: (await cli('tokens', 'create', 'ada')).stdout.trim().split('\n').at(-1),
    })
    const alert = await at.file('alert.json', JSON.stringify({ ...withPersonalData(CRASH), service: 'checkout' }))
    for (const forged of [url.replace(/.{4}$/, 'AAAA'), url]) {
      expect((await cli('webhook', 'send', alert, '--to', forged, '--secret', 'whsec_bm90IHRoZSByaWdodCBvbmUgYXQgYWxs')).code, 'forged').not.toBe(0)
    }
    for (let times = 0; times < 3; times += 1) expect((await cli('webhook', 'send', alert, '--to', url, '--secret', secret)).code).toBe(0)

    await until('a run is under way', async () => (service.said().includes('reproducing the failure') ? true : undefined), service.said)
    await ended(service.process, 'SIGKILL')
    outputs.push(service.said())
    service = await serve(at.home)

    const proposal = await until(
      'a proposal waits',
      async () => {
        for (const room of roomsOf(service)) outputs.push(...docker('inspect', room))
        return waiting()
      },
      () => service.said(),
    )
    expect(git(at.folder, 'branch', '--list', 'fixpoint/*'), 'nothing is published before somebody approves').toBe('')
    const shown = await cli('review', 'show', proposal.run)
    expect(shown.stdout).toContain('items.length - 1')
    expect((await cli('review', 'approve', proposal.run, '--proposal', '0'.repeat(12))).code, 'another proposal').toBe(2)
    expect((await cli('review', 'approve', proposal.run, '--proposal', proposal.proposal)).code).toBe(0)

    const branch = await until(
      'the branch stands',
      async () => git(at.folder, 'branch', '--list', 'fixpoint/*').trim() || undefined,
      () => service.said(),
    )
    expect(branch.split('\n')).toHaveLength(1)
    expect(git(at.folder, 'show', `${branch}:src/last.js`)).toContain('items.length - 1')
    expect(await waiting()).toBeUndefined()
    outputs.push(git(at.folder, 'log', '-p', '--all'), (await cli('review', 'show', proposal.run, '--json')).stdout)
  })

  it('no secret of the service and nothing about a person is in any of its outputs', async () => {
    await until('the end was told', async () => (desk.heard.some((told) => told.includes('run.settled')) ? true : undefined))
    const log = (await cli('deliveries', 'list')).stdout
    expect(log).toMatch(/^dlv_\w+ {2}\S+ {2}refused {3}generic .* no signature fits the body$/m)
    expect(log).toMatch(/^dlv_\w+ {2}\S+ {2}reported {2}generic\n {2}rep_\w+ {2}settled {3}delivered$/m)
    expect((await cli('deliveries', 'replay', 'dlv_unknown')).code).toBe(2)
    await cli('outbound', 'list', '--json')
    outputs.push(service.said(), ...desk.heard)
    const { rows, password } = await dumped(at.home)
    for (const path of await readdir(at.home, { recursive: true }))
      if (!/^(postgres|secret\.key)/.test(path)) outputs.push(await readFile(join(at.home, path), 'latin1').catch(() => ''))
    const key = await readFile(join(at.home, 'secret.key'), 'utf8')
    const texts = [...rows, ...outputs]
    // The patch, the journal, a room, a message to others, the terminal: all of them are looked through.
    for (const there of ['items.length - 1', 'patch-judged', 'HostConfig', 'run.settled', 'reproducing the failure'])
      expect(
        texts.some((text) => text.includes(there)),
        there,
      ).toBe(true)
    expect(canariesIn(texts, { ...secrets, password, key: key.trim() })).toEqual([])
    expect(canariesIn([JSON.stringify(withPersonalData(CRASH))], {}).length, 'they would be found').toBeGreaterThan(5)
  })
})
