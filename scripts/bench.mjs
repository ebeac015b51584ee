// @ts-check
// The benchmarks: `npm run bench [-- name]`. They print ratios measured within one run and assert nothing.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal, runScript } from './setup/refusal.mjs'
import { runCommand } from './setup/run-command.mjs'
import { ROOT, setUp } from './setup/set-up.mjs'

await runScript(async () => {
  const folder = join(ROOT, 'bench')
  const wanted = process.argv[2] ?? ''
  const benches = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.bench.mjs') && name.includes(wanted)) : []
  if (benches.length === 0) throw new Refusal(`There is no benchmark in bench/ whose name contains "${wanted}".`)
  await setUp({ docker: true })
  let failed = 0
  for (const bench of benches) {
    console.log(`\n── ${bench} ──`)
    const { exitCode } = await runCommand(['node', join(folder, bench)], { cwd: ROOT, show: true })
    if (exitCode !== 0) failed += 1
  }
  return failed === 0 ? 0 : 1
})
