import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const OURS = fileURLToPath(new URL('../../node_modules/', import.meta.url))

/**
 * A folder with some of our own development dependencies and all that they need, as if somebody had installed them there. Times are kept,
 * so that it is the same environment each time.
 */
export async function installedCopy(names: readonly string[]): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'fixpoint-dependencies-'))
  for (const name of closure(names))
    await cp(join(OURS, name), join(folder, 'node_modules', name), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  await cp(join(OURS, '.bin'), join(folder, 'node_modules/.bin'), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

function closure(names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  const waiting = [...names]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const manifest = join(OURS, name, 'package.json')
    if (found.has(name) || !existsSync(manifest)) continue
    found.add(name)
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, Record<string, string> | undefined>
    waiting.push(...Object.keys({ ...dependencies, ...optionalDependencies }))
  }
  return found
}
