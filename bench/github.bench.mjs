// From a label on an issue to the sign that it was seen, and to a draft pull request, without a model: a process of `fixpoint serve`, and GitHub's
// double on this machine. The repository's suite takes five seconds; what the road takes is told in suites too, each measured in this run.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { hostedShop } from '../packages/testkit/dist/index.js'
import { median, row, showTable, timed } from './measured.mjs'

const COMMAND = fileURLToPath(new URL('../apps/cli/bin/fixpoint.mjs', import.meta.url))
const SECRET = 'a secret that is long enough for a webhook'
const SIGNS = 5
const PATIENCE_MS = 300_000

const slow = (nth) => `import { test } from 'node:test'\ntest('slow ${nth}', () => new Promise((resolve) => setTimeout(resolve, 770)))\n`
const FILES = {
  'package.json': '{ "name": "shop", "type": "module", "scripts": { "test": "node --test --test-concurrency=1" } }\n',
  'src/last.js': 'export function last(items) {\n  return items[items.length].name\n}\n',
  'test/last.test.js':
    "import assert from 'node:assert/strict'\nimport { test } from 'node:test'\nimport { last } from '../src/last.js'\ntest('is a function', () => assert.equal(typeof last, 'function'))\n",
  ...Object.fromEntries([1, 2, 3, 4, 5].map((nth) => [`test/slow-${nth}.test.js`, slow(nth)])),
}
const CRASH = `It crashes since this morning.

\`\`\`
TypeError: Cannot read properties of undefined (reading 'name')
    at last (file:///srv/app/src/last.js:2:30)
    at checkout (file:///srv/app/src/checkout.js:10:5)
\`\`\`
`

const root = mkdtempSync(join(tmpdir(), 'fixpoint-bench-'))
const { github, shop, fixpoint: app } = await hostedShop({ files: FILES, isPrivate: false })
writeFileSync(join(root, 'app.pem'), app.pem, { mode: 0o600 })
writeFileSync(
  join(root, 'fixpoint.config.yml'),
  JSON.stringify({ github: { apiUrl: github.apiUrl, app: { id: app.id, privateKey: { file: 'app.pem' }, webhookSecret: { env: 'HOOK_SECRET' } } } }),
)
const service = spawn(process.execPath, [COMMAND, 'serve', '--port', '0'], {
  env: { ...process.env, FIXPOINT_HOME: root, HOOK_SECRET: SECRET, NO_COLOR: '1' },
  stdio: ['ignore', 'pipe', 'pipe'],
})
let said = ''
for (const stream of [service.stdout, service.stderr]) stream.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-20_000)))
try {
  const suite = (await timed(suiteOnce)).ms
  const address = await until('the service listens', () => /listens on (\S+)/.exec(said)?.[1])
  github.sendWebhooksOf(app, { url: `${address}/hooks/github`, secret: SECRET })

  const ann = github.as('ann')
  const signs = []
  const issue = await ann.opensIssue(shop, { title: 'last() crashes', body: CRASH })
  const { ms: road } = await timed(async () => {
    signs.push((await timed(() => labelledAndSeen(issue))).ms)
    await until('a draft pull request', () => github.pulls(shop)[0])
  })
  for (let nth = 0; nth < SIGNS; nth += 1) {
    const another = await ann.opensIssue(shop, { title: `It is slow, ${nth}`, body: 'Can it be quicker?' })
    signs.push((await timed(() => labelledAndSeen(another))).ms)
  }
  row('from the label to 👀: median, slowest', `${median(signs).toFixed(0)} ms, ${Math.max(...signs).toFixed(0)} ms`, '< 2 s', Math.max(...signs) < 2000)
  row('one run of the suite', `${(suite / 1000).toFixed(1)} s`, '', undefined)
  row('from the label to the draft pull request', `${(road / 1000).toFixed(1)} s`, '< 60 s', road < 60_000)
  row('in runs of the suite', `${(road / suite).toFixed(1)}×`, '', undefined)
  showTable()

  async function labelledAndSeen(at) {
    await ann.labels(at, 'fixpoint')
    await until('👀', () => github.issue(at).reactions.some(({ content }) => content === 'eyes'))
  }
} finally {
  const ended = once(service, 'exit')
  service.kill('SIGTERM')
  await ended
  await github[Symbol.asyncDispose]()
  rmSync(root, { recursive: true, force: true })
}

/** What it takes on this machine, without a room. */
async function suiteOnce() {
  const folder = join(root, 'suite')
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  await once(spawn('npm', ['test', '--silent'], { cwd: folder, stdio: 'ignore' }), 'exit')
}

async function until(what, look) {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(20)) {
    const found = look()
    if (found) return found
  }
  throw new Error(`waited in vain: ${what}\n${said.slice(-4000)}`)
}
