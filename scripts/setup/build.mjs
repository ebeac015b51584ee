// @ts-check
import { Refusal } from './refusal.mjs'
import { runCommand } from './run-command.mjs'

/** Turbo knows what is up to date; asking it costs half a second. */
const TURBO_ENVIRONMENT = { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' }

/** @param {string} root */
export async function ensureBuild(root) {
  const env = { ...process.env, ...TURBO_ENVIRONMENT }
  const { exitCode, output } = await runCommand(['node_modules/.bin/turbo', 'run', 'build', '--output-logs=errors-only'], { cwd: root, env })
  if (exitCode !== 0) throw new Refusal(`${output}\nThe build failed. "npm run build" shows it again.`)
}
