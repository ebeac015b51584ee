import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceSnapshot } from '@fixpoint/core'
import { z } from 'zod'

/** Whether the dependencies installed in a folder may be copied into a room; if not, `why` says so in words for people. */
export interface Installed {
  readonly usable: boolean
  readonly why?: string
}

const LockedPackage = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  optional: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  peer: z.boolean().optional(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
  hasInstallScript: z.boolean().optional(),
})
const Lockfile = z.object({ packages: z.record(z.string(), LockedPackage) })
type Lockfile = z.infer<typeof Lockfile>

/** The machine that installed, and the room: Node's major version decides whether built addons can be loaded. */
export interface Platforms {
  readonly platform: string
  readonly arch: string
  readonly nodeMajor: number
  readonly roomNodeMajor: number
}

/** Looks at what npm wrote down when it installed (`node_modules/.package-lock.json`) and compares it with the tree's lockfile. */
export async function probeInstalled(folder: string, source: SourceSnapshot, platforms: Platforms = thisMachine()): Promise<Installed> {
  if (source.text('package.json') === undefined) {
    const venv = await stat(join(folder, '.venv')).catch(() => undefined)
    return { usable: false, ...(venv?.isDirectory() ? { why: 'the .venv of the folder belongs to another interpreter than the one in the room' } : {}) }
  }
  const wanted = lockfileOf(source.text('package-lock.json') ?? source.text('npm-shrinkwrap.json'))
  if (wanted === undefined) return { usable: false, why: 'there is no package-lock.json that could tell whether what is installed is right' }
  const written = await readFile(join(folder, 'node_modules', '.package-lock.json'), 'utf8').catch(() => undefined)
  const installed = lockfileOf(written)
  if (installed === undefined) return { usable: false, why: 'nothing that npm installed is in node_modules' }
  return copyable(wanted, installed, platforms)
}

/** Pure: whether what is installed is what the lockfile says, made for the platform of the room. */
export function copyable(wanted: Lockfile, installed: Lockfile, platforms: Platforms): Installed {
  if (platforms.platform !== 'linux') return { usable: false, why: `it was installed for ${platforms.platform}, rooms are linux` }
  for (const [path, entry] of Object.entries(wanted.packages)) {
    if (path === '' || entry.link || !path.includes('node_modules/')) continue
    const found = installed.packages[path]
    if (found === undefined) {
      if (entry.optional || entry.devOptional || entry.peer) continue
      return { usable: false, why: `${nameOf(path)} is in the lockfile and not installed` }
    }
    if (found.version !== entry.version)
      return { usable: false, why: `${nameOf(path)} is installed in version ${found.version}, the lockfile says ${entry.version}` }
    if (found.integrity !== undefined && entry.integrity !== undefined && found.integrity !== entry.integrity)
      return { usable: false, why: `${nameOf(path)} is not the one of the lockfile` }
  }
  for (const [path, entry] of Object.entries(installed.packages)) {
    if (path !== '' && path.includes('node_modules/') && wanted.packages[path] === undefined)
      return { usable: false, why: `${nameOf(path)} is installed and not in the lockfile` }
    if (!accepts(entry.os, platforms.platform) || !accepts(entry.cpu, platforms.arch))
      return { usable: false, why: `${nameOf(path)} is made for another platform` }
    if (entry.hasInstallScript && platforms.nodeMajor !== platforms.roomNodeMajor)
      return { usable: false, why: `${nameOf(path)} may be built for Node ${platforms.nodeMajor}; rooms have Node ${platforms.roomNodeMajor}` }
  }
  return { usable: true }
}

/** npm's `os` and `cpu` lists: names that are wanted, or with `!` those that are not. */
function accepts(list: readonly string[] | undefined, value: string): boolean {
  if (list === undefined || list.length === 0) return true
  if (list.includes(`!${value}`)) return false
  return list.every((each) => each.startsWith('!')) || list.includes(value)
}

function lockfileOf(text: string | undefined): Lockfile | undefined {
  if (text === undefined) return undefined
  try {
    const parsed = Lockfile.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

/** The Node of `sandbox-images/node`. */
const ROOM_NODE_MAJOR = 20

function thisMachine(): Platforms {
  return { platform: process.platform, arch: process.arch, nodeMajor: Number(process.versions.node.split('.')[0]), roomNodeMajor: ROOM_NODE_MAJOR }
}
