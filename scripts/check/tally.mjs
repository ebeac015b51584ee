// @ts-check
// How many tests ran, from vitest's own report, so that the number is real.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../setup/run-command.mjs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */

/**
 * A file that fails before its first test, and a run that fails beside its tests, count as one failure each.
 *
 * @param {string | undefined} report vitest's JSON report; undefined when there is none
 * @param {number} exitCode of vitest
 * @returns {Tally}
 */
export function tallyFrom(report, exitCode) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 }
  /** @type {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  const { testResults } = JSON.parse(report)
  const statuses = testResults.flatMap((file) => file.assertionResults.map((test) => test.status))
  const broken = testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')).length
  const passed = statuses.filter((status) => status === 'passed').length
  const failed = statuses.filter((status) => status === 'failed').length + broken
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed, skipped: statuses.length - passed - (failed - broken) }
}

/** @param {readonly Tally[]} tallies */
export function sumOf(tallies) {
  return tallies.reduce((sum, tally) => ({ passed: sum.passed + tally.passed, failed: sum.failed + tally.failed, skipped: sum.skipped + tally.skipped }), {
    passed: 0,
    failed: 0,
    skipped: 0,
  })
}

/**
 * Runs projects of vitest.config.ts beside each other.
 *
 * @param {string} root
 * @param {readonly string[]} projects
 * @param {{ show: boolean }} options
 */
export async function runProjects(root, projects, { show }) {
  const folder = join(root, '.fixpoint/reports')
  const report = join(folder, `${projects.join('+')}.json`)
  mkdirSync(folder, { recursive: true })
  rmSync(report, { force: true })
  const command = [
    'node_modules/.bin/vitest',
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    // The security suite says what was attacked and what was seen, as a table.
    ...(projects.includes('security') ? ['--reporter=./test/security/score-table.ts'] : []),
  ]
  const result = await runCommand(command, { cwd: root, show })
  return { ...result, tally: tallyFrom(existsSync(report) ? readFileSync(report, 'utf8') : undefined, result.exitCode) }
}
