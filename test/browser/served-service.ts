import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { fixpoint } from '../stories/fixture.ts'
import { CRASH, type Place, place, SHOP } from '../stories/small-repository.ts'

const COMMAND = fileURLToPath(new URL('../../apps/cli/bin/fixpoint.mjs', import.meta.url))
const PATIENCE_MS = 180_000

/** A service of its own: server, worker, database and rooms, as somebody runs it who types `fixpoint serve`. */
export interface ServedService extends AsyncDisposable {
  readonly address: string
  /** By name, as the settings have them. */
  readonly repositories: Readonly<Record<string, Place>>
  readonly said: () => string
  /** The dashboard, for somebody who follows a link of their own. */
  open(browser: Browser, scope?: string): Promise<Page>
  /** Posts what production says of a crash in this repository, signed. */
  alert(repository: string): Promise<void>
}

/** `settings`: more of them, as YAML. Each repository is a shop whose `last` reads behind the end. */
export async function servedService(names: readonly string[], settings = ''): Promise<ServedService> {
  const places = await Promise.all(names.map(() => place(SHOP)))
  const [first] = places
  if (first === undefined) throw new Error('a service without a repository has nothing to do')
  const { home } = first
  const list = (line: (name: string, at: Place) => string) => names.map((name, index) => line(name, places[index] ?? first)).join('')
  await mkdir(home, { recursive: true })
  await writeFile(
    join(home, 'fixpoint.config.yml'),
    `repositories:\n${list((name, { folder }) => `  ${name}: { path: ${JSON.stringify(folder)} }\n`)}services:\n${list((name) => `  ${name}: { repo: ${name} }\n`)}${settings}`,
  )
  const serving = await serve(home)
  const { address } = serving
  const cli = async (...args: string[]) => {
    const { code, stdout, stderr } = await fixpoint(args, home)
    if (code !== 0) throw new Error(`fixpoint ${args.join(' ')}: ${stderr}`)
    return stdout.trim().split('\n')
  }
  return {
    address,
    repositories: Object.fromEntries(names.map((name, index) => [name, places[index] ?? first])),
    said: () => serving.said(),
    async open(browser, scope = 'read,decide') {
      const [link = ''] = await cli('login', '--name', 'ada', '--scope', scope, '--base', address)
      const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage()
      await page.goto(link)
      return page
    },
    async alert(repository) {
      const [url = '', secret = ''] = await cli('keys', 'create', 'generic', '--base', address)
      const alert = await first.file(`${repository}.json`, JSON.stringify({ title: 'checkout failed', stacktrace: CRASH, service: repository }))
      await cli('webhook', 'send', alert, '--to', url, '--secret', secret)
    },
    async [Symbol.asyncDispose]() {
      await ended(serving.process)
      for (const each of places) await each[Symbol.asyncDispose]()
    },
  }
}

async function serve(home: string) {
  const process = spawn(globalThis.process.execPath, [COMMAND, 'serve', '--port', '0'], {
    env: { ...globalThis.process.env, FIXPOINT_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [process.stdout, process.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(200)) {
    const address = /listens on (\S+)/.exec(said)?.[1]
    if (address !== undefined) return { process, address, said: () => said }
    if (process.exitCode !== null) break
  }
  throw new Error(`the service does not listen:\n${said}`)
}

async function ended(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return
  process.kill('SIGTERM')
  await once(process, 'exit')
}
