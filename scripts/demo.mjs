// @ts-check
// The demo: a production alert of a real defect, from the webhook to a certificate that re-runs. `npm run demo`.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Refusal, runScript } from './setup/refusal.mjs'
import { runCommand } from './setup/run-command.mjs'
import { ROOT, setUp } from './setup/set-up.mjs'

const FIXPOINT = join(ROOT, 'apps/cli/bin/fixpoint.mjs')

/** `fixpoint dev`, its output on the screen; keys are pressed and words are waited for. */
class Service {
  #said = ''
  #ended = false

  constructor() {
    this.child = spawn('node', [FIXPOINT, 'dev'], { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] })
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on('data', (/** @type {Buffer} */ chunk) => {
        process.stdout.write(chunk)
        this.#said += chunk.toString()
      })
    this.exited = new Promise((resolve) => {
      this.child.on('close', (code) => {
        this.#ended = true
        resolve(code ?? 1)
      })
    })
  }

  press(/** @type {string} */ key) {
    this.child.stdin.write(key)
  }

  /** @returns {Promise<RegExpExecArray>} */
  async said(/** @type {RegExp} */ words) {
    for (;;) {
      const found = words.exec(this.#said)
      if (found) return found
      if (this.#ended) throw new Refusal('The service ended before the demo did; its last words are above.')
      const rest = /The run is at rest: (?!delivered)(\w+)/.exec(this.#said)
      if (rest) throw new Refusal(`The run came to rest without a proposal: ${rest[1]}.`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  async quit() {
    if (!this.#ended) this.press('q')
    return this.exited
  }
}

/** A command of `fixpoint`, beside the service. */
async function fixpoint(/** @type {string} */ home, /** @type {readonly string[]} */ args) {
  const typed = args.map((arg) => arg.replace(`${tmpdir()}/`, '')).join(' ')
  console.log(`\n$ fixpoint ${typed}\n`)
  const { exitCode } = await runCommand(['node', FIXPOINT, ...args], { show: true, env: { ...process.env, FIXPOINT_HOME: home } })
  if (exitCode !== 0) throw new Refusal(`"fixpoint ${typed}" ended with exit code ${exitCode}.`)
}

await runScript(async () => {
  await setUp({ docker: true })
  const work = mkdtempSync(join(tmpdir(), 'fixpoint-demo-'))
  const keep = process.argv.includes('--keep')
  console.log('\n$ fixpoint dev\n')
  const service = new Service()
  try {
    const [, repository = ''] = await service.said(/sample {5}(\S+)/)
    await service.said(/q quits/)
    service.press('a')
    const [, home = '', run = '', proposal = ''] = await service.said(/FIXPOINT_HOME=(\S+) fixpoint review approve (\S+) --proposal (\w+)/)
    const out = join(work, 'out')
    await fixpoint(home, ['review', 'show', run, '--out', out])
    await fixpoint(home, ['review', 'approve', run, '--proposal', proposal])
    await service.said(/The run is at rest: delivered/)
    const { output } = await runCommand(['git', 'branch', '--list', 'fixpoint/*', '--verbose'], { cwd: repository })
    console.log(`\n$ git branch --list 'fixpoint/*' --verbose\n\n${output}`)
    console.log('The certificate, re-run from nothing:')
    await fixpoint(home, ['verify', '--repo', repository, join(out, 'certificate.json')])
    if (keep) console.log(`\nKept: ${out}`)
    return 0
  } finally {
    await service.quit()
    if (!keep) rmSync(work, { recursive: true, force: true })
  }
})
