// @ts-check
// Everything: `npm test`. One suite: `npm run test:security`, `npm run test:long` (`--only <suite>`).
// Faults by chance, for as long as one likes: `npm run test:faults -- --chaos <minutes> --seed <number>`.
// The last line is "N passed, N failed", summed from the reports of the suites.
import { CHECKS, runChecks } from './check/checks.mjs'
import { runProjects, sumOf } from './check/tally.mjs'
import { runScript } from './setup/refusal.mjs'
import { ROOT, setUp } from './setup/set-up.mjs'

/** Beside each other: a room spends half its life waiting for the engine. */
const SUITES = ['docker', 'security', 'browser']
/** What takes too long to be run with everything belongs to a suite all the same. @type {Record<string, string[]>} */
const WHOLE = { security: ['security', 'cheats'] }

/** @param {string} name */
function optionOf(name) {
  const at = process.argv.indexOf(name)
  return at === -1 ? undefined : process.argv[at + 1]
}

/** The suite that is run alone, or undefined. */
function suiteAskedFor() {
  if (!process.argv.includes('--chaos')) return optionOf('--only')
  // Tests have no arguments.
  process.env.FAULTS_CHAOS_MINUTES = String(Number(optionOf('--chaos')) || 10)
  const seed = optionOf('--seed')
  if (seed !== undefined) process.env.FAULTS_CHAOS_SEED = seed
  return 'chaos'
}

await runScript(async () => {
  const started = performance.now()
  await setUp({ docker: true, servers: true })

  const only = suiteAskedFor()
  const tallies = []
  if (only === undefined) {
    for (const result of await runChecks(ROOT, CHECKS)) {
      tallies.push(result.tally ?? { passed: 0, failed: result.ok ? 0 : 1, skipped: 0 })
    }
  }
  const suites = only === undefined ? SUITES : (WHOLE[only] ?? [only])
  console.log(`\n── ${suites.join(', ')} ──`)
  tallies.push((await runProjects(ROOT, suites, { show: true })).tally)

  const { passed, failed, skipped } = sumOf(tallies)
  console.log(`\n${((performance.now() - started) / 60_000).toFixed(1)} min${skipped === 0 ? '' : `, ${skipped} skipped`}`)
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
})
