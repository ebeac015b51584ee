// @ts-check
// The fast checks: one line each, and the whole output of those that failed.
import { availableParallelism } from 'node:os'
import { runCommand } from '../setup/run-command.mjs'
import { runProjects } from './tally.mjs'

/**
 * @typedef {import('./tally.mjs').Tally} Tally
 * @typedef {{ name: string, ok: boolean, note: string, output: string, seconds: number, tally?: Tally }} CheckResult
 * @typedef {{ name: string, run: (root: string) => Promise<CheckResult> }} Check
 */

/**
 * @param {string} name
 * @param {readonly (readonly string[])[]} commands run one after the other, until one fails
 * @returns {Check}
 */
function commandCheck(name, ...commands) {
  return {
    name,
    run: async (root) => {
      let output = ''
      let seconds = 0
      for (const command of commands) {
        const result = await runCommand(command, { cwd: root })
        output = result.output
        seconds += result.seconds
        if (result.exitCode !== 0) return { name, ok: false, note: command.join(' '), output, seconds }
      }
      const note = output.trim().split('\n').at(-1) ?? ''
      return { name, ok: true, note: /^\d+ /.test(note) ? note : '', output, seconds }
    },
  }
}

/** @type {Check} */
const unitTests = {
  name: 'unit tests',
  run: async (root) => {
    const { exitCode, output, seconds, tally } = await runProjects(root, ['unit'], { show: false })
    const skipped = tally.skipped === 0 ? '' : `, ${tally.skipped} skipped`
    const ok = exitCode === 0 && tally.failed === 0 && tally.passed > 0
    return { name: 'unit tests', ok, note: `${tally.passed} passed, ${tally.failed} failed${skipped}`, output, seconds, tally }
  },
}

const bin = (/** @type {string} */ name) => `node_modules/.bin/${name}`

/** Longest first: they run two or more at a time. */
export const CHECKS = [
  unitTests,
  commandCheck('types', [bin('tsc'), '-b'], [bin('tsc'), '-p', 'tsconfig.tests.json']),
  commandCheck('boundaries', ['node', 'scripts/check/boundaries.mjs']),
  commandCheck('unused code', [bin('knip'), '--no-config-hints']),
  commandCheck('format and lint', [bin('biome'), 'check', '--error-on-warnings', '--max-diagnostics=50']),
  commandCheck('documents', ['node', 'scripts/check/documents.mjs']),
  commandCheck('conventions', ['node', 'scripts/check/conventions.mjs']),
  commandCheck('lockfile', ['node', 'scripts/check/lockfile.mjs']),
]

/**
 * @param {string} root
 * @param {readonly Check[]} checks
 * @returns {Promise<CheckResult[]>} in the order of `checks`; each is printed as it ends, the failures in full at the end
 */
export async function runChecks(root, checks) {
  /** @type {CheckResult[]} */
  const results = []
  const waiting = [...checks]
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const result = await check.run(root)
      results.push(result)
      console.log(`${result.ok ? '✓' : '✗'} ${result.name.padEnd(16)} ${`${result.seconds.toFixed(1)} s`.padStart(7)}  ${result.note}`)
    }
  }
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work))
  for (const { name, output } of results.filter((result) => !result.ok)) console.log(`\n── ${name} ──\n${output.trimEnd()}`)
  return results
}
