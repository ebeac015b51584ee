// @ts-check
import { existsSync } from 'node:fs'
import { installPackages, isInstalled } from './debian.mjs'

const POSTGRESQL = '/usr/lib/postgresql'
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * What tests start for themselves, on ports of their own: nothing here is left running.
 *
 * @returns {Promise<boolean>} whether something had to be installed
 */
export async function ensureServers() {
  const missing = [
    ...(isInstalled('redis-server') ? [] : ['redis-server']),
    ...(existsSync(POSTGRESQL) ? [] : ['postgresql']),
    ...(BROWSERS.some(isInstalled) ? [] : ['chromium']),
  ]
  if (missing.length === 0) return false
  await installPackages(
    'The queue is tested on real Redis and PostgreSQL servers, the dashboard in Chromium, and not all of them are installed.',
    missing,
    `Install Redis 7, PostgreSQL 15 to 17 (its programs in ${POSTGRESQL}/<version>/bin) and Chromium, and repeat.`,
  )
  return true
}
