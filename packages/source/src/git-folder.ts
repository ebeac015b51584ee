import { lstat, readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { codeOf, Failure } from '@fixpoint/core'

/** Where the parts of somebody's repository lie, and the few facts of its configuration that change what bytes mean. */
export interface GitFolder {
  /** The top of the work tree; of a mirror, which has none, the mirror itself. */
  readonly workTree: string
  readonly bare: boolean
  /** Of this work tree: its `HEAD`. */
  readonly own: string
  /** Shared by all work trees: objects, refs, configuration. */
  readonly common: string
  readonly objectFormat: 'sha1' | 'sha256'
  /** False where the file system does not keep the executable bit. */
  readonly keepsModes: boolean
  readonly sparse: boolean
}

/** Configuration of a real repository is a few kilobytes. */
const LARGEST_CONFIGURATION = 4 * 1024 * 1024

/**
 * Finds the repository that holds a folder by reading files, never by asking git: git obeys the configuration that it
 * finds, and this one is a stranger's.
 */
export async function findGitFolder(folder: string): Promise<GitFolder> {
  let start: string
  try {
    start = await realpath(folder)
  } catch (error) {
    throw unreadable(`${folder} does not exist`, 'Give the folder of a git repository with --repo.', error)
  }
  for (let workTree = start; ; workTree = dirname(workTree)) {
    const own = await gitDirectoryOf(workTree)
    if (own !== undefined) return describe(workTree, own)
    if (dirname(workTree) === workTree) break
  }
  throw unreadable(`${folder} is not a git repository`, 'Give the folder of a git repository with --repo, or make one: git init && git add . && git commit.')
}

/** A bare repository of ours. */
export function mirrorFolder(folder: string): Promise<GitFolder> {
  return describe(folder, folder)
}

/** `.git` is a folder, or a file that says where it is (work trees, submodules). */
async function gitDirectoryOf(workTree: string): Promise<string | undefined> {
  const path = join(workTree, '.git')
  try {
    if ((await stat(path)).isDirectory()) return (await exists(join(path, 'HEAD'))) ? path : undefined
    const target = /^gitdir: (.+?)\r?\n?$/.exec(await readFile(path, 'utf8'))?.[1]
    if (target === undefined) throw unreadable(`${path} is neither a folder nor points to one`, 'Repair the repository, or clone it again.')
    return resolve(workTree, target)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

async function describe(workTree: string, own: string): Promise<GitFolder> {
  const common = resolve(own, (await textOf(join(own, 'commondir')))?.trim() ?? '.')
  if (!(await exists(join(common, 'objects')))) throw unreadable(`${own} holds no objects`, 'Repair the repository, or clone it again.')
  const settings = parseSettings((await textOf(join(common, 'config'))) ?? '')
  const perTree =
    settings.get('extensions.worktreeconfig') === 'true' ? parseSettings((await textOf(join(own, 'config.worktree'))) ?? '') : new Map<string, string>()
  const setting = (name: string): string | undefined => perTree.get(name) ?? settings.get(name)
  const storage = setting('extensions.refstorage')
  if (storage !== undefined && storage !== 'files') {
    throw unreadable(`the repository keeps its branches as "${storage}", which is not supported yet`, 'Clone it with --ref-format=files and use the clone.')
  }
  return {
    workTree,
    bare: workTree === own,
    own,
    common,
    objectFormat: setting('extensions.objectformat') === 'sha256' ? 'sha256' : 'sha1',
    keepsModes: setting('core.filemode') !== 'false',
    sparse: setting('core.sparsecheckout') === 'true',
  }
}

/** `section.key` → value, lower case; sections with a name in quotes, includes and everything that names a program are of no interest. */
function parseSettings(text: string): Map<string, string> {
  const settings = new Map<string, string>()
  let section: string | undefined
  for (const line of text.split('\n')) {
    const header = /^\s*\[([A-Za-z0-9.-]+)\]/.exec(line)
    if (header !== null) section = header[1]?.toLowerCase()
    else if (/^\s*\[/.test(line)) section = undefined
    const pair = /^\s*(?:\[[^\]]*\])?\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*([^#;]*))?$/.exec(line)
    if (section !== undefined && pair?.[1] !== undefined) settings.set(`${section}.${pair[1].toLowerCase()}`, (pair[2] ?? 'true').trim().toLowerCase())
  }
  return settings
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    const facts = await stat(path)
    return facts.isFile() && facts.size <= LARGEST_CONFIGURATION ? await readFile(path, 'utf8') : undefined
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
    throw error
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

export function unreadable(message: string, hint: string, cause?: unknown): Failure {
  return new Failure('repository-unreadable', message, hint, { cause })
}
