// The real service for benchmarks: a process of `fixpoint serve`, a PostgreSQL that keeps what it promised, a repository, a key and a token.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase, PrivatePostgres } from '../packages/store/dist/index.js'

const COMMAND = fileURLToPath(new URL('../apps/cli/bin/fixpoint.mjs', import.meta.url))

/** `work` gets a service, which is ended and removed whatever becomes of it. `memory()`: resident bytes of its process. */
export async function withService(work) {
  const service = await openService()
  try {
    await work(service)
  } finally {
    await service.close()
  }
}

async function openService() {
  const root = mkdtempSync(join(tmpdir(), 'fixpoint-bench-'))
  // The account of PostgreSQL passes through.
  chmodSync(root, 0o711)
  const repository = join(root, 'shop')
  const home = join(root, 'home')
  for (const folder of [repository, home]) mkdirSync(folder)
  writeFileSync(join(repository, 'package.json'), '{ "name": "shop", "type": "module", "scripts": { "test": "node --test" } }\n')
  const git = (...args) => execFileSync('git', ['-C', repository, '-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args])
  for (const args of [
    ['init', '-q'],
    ['add', '.'],
    ['commit', '-qm', 'shop'],
  ])
    git(...args)
  writeFileSync(join(home, 'fixpoint.config.yml'), `repositories:\n  shop: { path: ${JSON.stringify(repository)} }\nservices:\n  checkout: { repo: shop }\n`)

  const postgres = await PrivatePostgres.start({ folder: join(root, 'pg') })
  const env = { ...process.env, NO_COLOR: '1', FIXPOINT_HOME: home, DATABASE_URL: postgres.url, REDIS_URL: '' }
  const ask = (...args) => execFileSync(process.execPath, [COMMAND, ...args], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const key = ask('keys', 'create', 'generic', '--base', address)
  const token = ask('tokens', 'create', 'bench', '--scope', 'read,decide,admin')
  const server = spawn(process.execPath, [COMMAND, 'serve', '--port', String(port)], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [server.stdout, server.stderr]) stream.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-20_000)))
  while (!/listens on/.test(said)) {
    if (server.exitCode !== null) throw new Error(`the service ended: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const database = await openDatabase(postgres.url, { connections: 2 })
  return {
    address,
    port,
    postgres,
    database,
    path: new URL(/http\S+\/hooks\/\S+/.exec(key)[0]).pathname,
    secret: /whsec_\S+/.exec(key)[0],
    token: token.split('\n').find((line) => /^[\w-]{30,}$/.test(line)),
    count: async (sql) => Number((await database.query(sql)).rows[0].count),
    memory: () => 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]),
    async close() {
      const ended = once(server, 'exit')
      server.kill('SIGTERM')
      await ended
      await database.close()
      await postgres.stop()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}
