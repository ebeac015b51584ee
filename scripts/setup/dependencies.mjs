// @ts-check
import { existsSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from './refusal.mjs'
import { runCommand } from './run-command.mjs'

/**
 * npm writes `node_modules/.package-lock.json` at the end of an install, so a half-finished one does not count.
 *
 * @param {string} root
 */
export function dependenciesAreStale(root) {
  const installed = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installed)) return true
  return statSync(join(root, 'package-lock.json')).mtimeMs > statSync(installed).mtimeMs
}

/**
 * @param {string} root
 * @returns {Promise<boolean>} whether something had to be done
 */
export async function ensureDependencies(root) {
  if (!dependenciesAreStale(root)) return false
  console.log('Installing the dependencies (npm ci) …')
  const { exitCode, output } = await runCommand(['npm', 'ci', '--no-progress'], { cwd: root })
  if (exitCode !== 0) throw new Refusal(`${output}\nnpm ci failed. Is a package registry reachable? Try "npm ping", then repeat.`)
  const now = new Date()
  utimesSync(join(root, 'node_modules/.package-lock.json'), now, now)
  return true
}
