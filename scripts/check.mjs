// @ts-check
// Everything fast, on one screen: `npm run check`.
import { CHECKS, runChecks } from './check/checks.mjs'
import { ensureDependencies } from './setup/dependencies.mjs'
import { ensureNodeVersion } from './setup/node-version.mjs'
import { runScript } from './setup/refusal.mjs'
import { ROOT } from './setup/set-up.mjs'

await runScript(async () => {
  ensureNodeVersion(ROOT)
  await ensureDependencies(ROOT)
  const results = await runChecks(ROOT, CHECKS)
  return results.every((result) => result.ok) ? 0 : 1
})
