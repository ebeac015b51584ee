// @ts-check
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuild } from './build.mjs'
import { ensureDependencies } from './dependencies.mjs'
import { ensureDocker } from './docker.mjs'
import { ensureImages } from './images.mjs'
import { ensureNodeVersion } from './node-version.mjs'
import { ensureServers } from './servers.mjs'

/** The folder of the repository. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** A start counts as warm when it had nothing to install, start or build: looking takes a few seconds. */
const WARM_SECONDS = 10

/**
 * Everything that the tests and the demo need, on a fresh clone or on a warm one.
 *
 * @param {{ docker: boolean, servers?: boolean }} wanted `servers`: those that tests start for themselves
 */
export async function setUp(wanted) {
  const started = performance.now()
  ensureNodeVersion(ROOT)
  const installed = await ensureDependencies(ROOT)
  // Whatever may ask comes one after the other; then what only takes time, together.
  const startedDocker = wanted.docker && (await ensureDocker(ROOT))
  if (wanted.servers) await ensureServers()
  await Promise.all([ensureBuild(ROOT), wanted.docker ? ensureImages(ROOT) : undefined])
  const seconds = (performance.now() - started) / 1000
  const kind = installed || startedDocker || seconds > WARM_SECONDS ? 'cold' : 'warm'
  console.log(`Set-up: ${kind} start, ${seconds.toFixed(1)} s.`)
}
