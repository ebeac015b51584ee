// @ts-check
// The demo: a production trace of a real defect, from the report to a certificate that re-runs. `npm run demo`.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Refusal, runScript } from './setup/refusal.mjs'
import { runCommand } from './setup/run-command.mjs'
import { ROOT, setUp } from './setup/set-up.mjs'

const FIXPOINT = join(ROOT, 'apps/cli/bin/fixpoint.mjs')

/** The demo's repository is plain files in ours; here it becomes a git repository of its own. */
async function checkOut(/** @type {string} */ name, /** @type {string} */ folder) {
  cpSync(join(ROOT, 'fixtures/repos', name), folder, { recursive: true })
  const author = ['-c', 'user.name=Demo', '-c', 'user.email=demo@example.com']
  for (const args of [
    ['init', '--quiet', '--initial-branch=main'],
    ['add', '--all'],
    [...author, 'commit', '--quiet', '--message=The shop as it is in production'],
  ]) {
    const { exitCode, output } = await runCommand(['git', ...args], { cwd: folder })
    if (exitCode !== 0) throw new Refusal(`${output}\n"git ${args.join(' ')}" failed. Is git installed?`)
  }
}

/** Certificates below a folder. */
function certificatesIn(/** @type {string} */ folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /certificate\.json$/.test(name))
    .map((name) => join(folder, name))
}

await runScript(async () => {
  await setUp({ docker: true })
  const cases = readdirSync(join(ROOT, 'fixtures/repos')).filter((name) => /^demo-.*\.case\.json$/.test(name))
  const name = (cases[0] ?? '').replace(/\.case\.json$/, '')
  if (name === '') throw new Refusal('fixtures/repos/ holds no demo.')
  const fixture = JSON.parse(readFileSync(join(ROOT, 'fixtures/repos', `${name}.case.json`), 'utf8'))

  const work = mkdtempSync(join(tmpdir(), 'fixpoint-demo-'))
  const keep = process.argv.includes('--keep')
  try {
    const repository = join(work, name)
    const out = join(work, 'out')
    await checkOut(name, repository)
    console.log(`\nThe report (fixtures/reports/${fixture.report}): ${fixture.title}`)
    console.log(`\n$ fixpoint fix --repo ${name} --report ${fixture.report}\n`)
    const fix = await runCommand(['node', FIXPOINT, 'fix', '--repo', repository, '--report', join(ROOT, 'fixtures/reports', fixture.report), '--out', out], {
      show: true,
    })
    if (fix.exitCode !== 0) return fix.exitCode

    const [certificate] = certificatesIn(out)
    if (certificate === undefined) throw new Refusal('The run handed over no certificate.')
    console.log('\nThe certificate, re-run from nothing:\n\n$ fixpoint verify --repo … certificate.json\n')
    const verify = await runCommand(['node', FIXPOINT, 'verify', '--repo', repository, certificate], { show: true })
    if (keep) console.log(`\nKept: ${work}`)
    return verify.exitCode
  } finally {
    if (!keep) rmSync(work, { recursive: true, force: true })
  }
})
