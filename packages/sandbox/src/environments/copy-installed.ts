import { createHash } from 'node:crypto'
import { closeSync, constants, type Dirent, fstatSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'
import { type EnvironmentRecipe, Failure } from '@fixpoint/core'
import { WORKSPACE } from '../host-config.ts'
import { type RoomFile, tarOf } from '../tar-in.ts'
import { type Making, openContainer } from './installer.ts'

const MAX_FILES = 300_000
const MAX_BYTES = 4 * 2 ** 30
const COPY_MS = 15 * 60_000
/** Runners' leavings, not dependencies. */
const LEFT_OUT = new Set(['.cache', '.vite', '.vite-temp'])

interface Found {
  readonly files: readonly { readonly path: string; readonly executable: boolean }[]
  /** Inside the work tree, relative. */
  readonly links: readonly { readonly path: string; readonly target: string }[]
  readonly left: number
}

/** Lays the folder's installed dependencies into the parts. Reads the host's files and follows no link. */
export async function copyInstalled(making: Making, folder: string): Promise<0> {
  const found = scan(folder, making.request.recipe)
  making.progress(`copying ${found.files.length} installed files${found.left > 0 ? `, without ${found.left} links that lead outside` : ''}`)
  const container = await openContainer(making, 'copy', [])
  try {
    const unpack = ['tar', '-xmf', '-', '--no-same-owner', '-C', WORKSPACE]
    await container.own('agent', unpack, { stdin: tarOf(contents(folder, found)), signal: making.signal, timeoutMs: COPY_MS })
    if (found.links.length > 0) {
      const script = 'exec xargs -0 -n 2 sh -c \'mkdir -p -- "$(dirname -- "$2")" && ln -sfn -- "$1" "$2"\' link'
      const pairs = found.links.map(({ path, target }) => `${target}\0${WORKSPACE}/${path}\0`).join('')
      await container.own('agent', ['sh', '-c', script], { stdin: [Buffer.from(pairs)], signal: making.signal, timeoutMs: COPY_MS })
    }
    if (making.request.recipe.toolchain === 'python') {
      // The host's interpreter is not the room's: its links are made anew over the packages.
      for (const directory of making.request.recipe.directories) {
        await container.own('agent', ['python3', '-m', 'venv', '--without-pip', '--system-site-packages', `${WORKSPACE}/${directory}`], {
          signal: making.signal,
        })
      }
    }
    return 0
  } finally {
    await container.remove()
  }
}

/** Changes when what is installed changes: the installer's own record, or every path and size where there is none. */
export async function installedDigest(folder: string, recipe: EnvironmentRecipe): Promise<string> {
  const hash = createHash('sha256')
  const { files, links } = scan(folder, recipe)
  for (const { path } of files) {
    const { size, mtimeMs } = lstatSync(join(folder, path))
    hash.update(`${path}\0${size}\0${mtimeMs}\0`)
  }
  for (const { path, target } of links) hash.update(`${path}\0${target}\0`)
  return hash.digest('hex')
}

function scan(folder: string, recipe: EnvironmentRecipe): Found {
  const root = realpathSync(folder)
  const files: { path: string; executable: boolean }[] = []
  const links: { path: string; target: string }[] = []
  let bytes = 0
  let left = 0
  const visit = (path: string, depth: number): void => {
    for (const entry of list(join(root, path))) {
      const inside = `${path}/${entry.name}`
      if (depth === 0 && LEFT_OUT.has(entry.name)) continue
      if (entry.isSymbolicLink()) {
        const target = readlinkSync(join(root, inside))
        if (staysInside(inside, target, recipe)) links.push({ path: inside, target })
        else left += 1
      } else if (entry.isDirectory()) {
        if (depth < 100) visit(inside, depth + 1)
      } else if (entry.isFile()) {
        const { size, mode } = lstatSync(join(root, inside))
        bytes += size
        files.push({ path: inside, executable: (mode & 0o111) !== 0 })
      }
      if (files.length > MAX_FILES || bytes > MAX_BYTES)
        throw new Failure('install-failed', 'the installed dependencies are more than can be copied', 'Pass `--deps install`.')
    }
  }
  let any = false
  for (const directory of recipe.directories) {
    const place = lstatSync(join(root, directory), { throwIfNoEntry: false })
    if (place === undefined) continue
    // A dependency folder that is itself a link, or lies behind one, belongs to something else.
    if (
      !place.isDirectory() ||
      relative(root, realpathSync(join(root, directory)))
        .split(sep)
        .join('/') !== directory
    ) {
      throw new Failure(
        'install-failed',
        `${directory} is not a folder of its own`,
        'Install the dependencies in the repository itself, or pass `--deps install`.',
      )
    }
    any = true
    visit(directory, 0)
  }
  if (!any)
    throw new Failure(
      'install-failed',
      `nothing is installed: no ${recipe.directories.join(', ')} in the folder`,
      'Install the dependencies first, or pass `--deps install`.',
    )
  return { files, links, left }
}

/** Sorted, so that the same folder gives the same digest. */
function list(folder: string): Dirent[] {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** Within a dependency folder, or to a workspace's folder in the tree. Judged by name: nothing is followed. */
export function staysInside(path: string, target: string, recipe: Pick<EnvironmentRecipe, 'directories' | 'manifests'>): boolean {
  if (target.startsWith('/') || target.includes('\0')) return false
  const end = posix.normalize(posix.join(posix.dirname(path), target)).replace(/\/$/, '')
  if (end === '..' || end.startsWith('../')) return false
  const workspaces = recipe.manifests.filter((manifest) => manifest.endsWith('/package.json')).map((manifest) => posix.dirname(manifest))
  return [...recipe.directories, ...workspaces].some((directory) => end === directory || end.startsWith(`${directory}/`))
}

function* contents(folder: string, found: Found): Generator<RoomFile> {
  const root = realpathSync(folder)
  for (const { path, executable } of found.files) {
    const content = readRegular(join(root, path))
    if (content !== undefined) yield { path, content, executable }
  }
}

/** Undefined when it has become something else since it was listed. */
function readRegular(file: string): Buffer | undefined {
  let handle: number
  try {
    handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
  try {
    return fstatSync(handle).isFile() ? readFileSync(handle) : undefined
  } finally {
    closeSync(handle)
  }
}
