// @ts-check
// `npm ci` refuses a lockfile that leaves out a platform's optional package, and npm leaves out what the registry at hand
// does not mirror. So the entries are completed from what their parents pin: node scripts/check/lockfile.mjs --write
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/**
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[], optionalDependencies?: Record<string, string> }} Entry
 * @typedef {{ packages: Record<string, Entry> }} Lockfile
 */

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64']

/**
 * What a platform's package says about itself, from its name: npm needs it to pass the package over elsewhere.
 *
 * @param {string} name "@oxc-parser/binding-linux-riscv64-musl"
 */
export function platformOf(name) {
  const words = name.replace('windows', 'win32').replace(/-64$/, '-x64').split(/[-/.]/)
  if (words.includes('wasm32')) return { cpu: ['wasm32'] }
  const os = SYSTEMS.filter((system) => words.includes(system))
  const cpu = PROCESSORS.filter((processor) => words.includes(processor))
  if (os.length !== 1 || cpu.length !== 1) throw new Error(`Which platform is ${name} for? Teach it to scripts/check/lockfile.mjs.`)
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : words.includes('gnu') ? ['glibc'] : undefined
  return { os, cpu, ...(libc === undefined ? {} : { libc }) }
}

/**
 * The entries that are missing, by their place in the lockfile.
 *
 * @param {Lockfile} lockfile
 * @returns {Record<string, Entry>}
 */
export function missingEntries({ packages }) {
  /** @type {Record<string, Entry>} */
  const missing = {}
  for (const [place, parent] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      if (`node_modules/${name}` in packages || `${place}/node_modules/${name}` in packages) continue
      if (!/^\d/.test(version)) throw new Error(`${place} wants ${name} ${version}, which is a range: npm has to resolve it.`)
      missing[`node_modules/${name}`] = { version, ...platformOf(name), ...(parent.dev ? { dev: true } : {}), optional: true }
    }
  }
  return missing
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  /** @type {Lockfile} */
  const lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  const missing = missingEntries(lockfile)
  const count = Object.keys(missing).length
  if (count > 0 && process.argv.includes('--write')) {
    const packages = Object.fromEntries(Object.entries({ ...lockfile.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1)))
    writeFileSync('package-lock.json', `${JSON.stringify({ ...lockfile, packages }, null, 2)}\n`)
    console.log(`${count} entries added`)
  } else if (count > 0) {
    const list = Object.keys(missing).map((place) => `  ${place}`)
    console.log(`package-lock.json lacks optional packages, so that "npm ci" refuses it:\n${list.join('\n')}\nRemedy: node scripts/check/lockfile.mjs --write`)
    process.exitCode = 1
  } else {
    console.log(`${Object.keys(lockfile.packages).length} packages`)
  }
}
