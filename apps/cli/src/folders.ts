import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf, Failure } from '@fixpoint/core'

/** Makes a folder and those above it, for the owner alone. (Node's own recursive way never ends on file systems like /proc.) */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return
    if (code !== 'ENOENT' || dirname(path) === path || (await exists(dirname(path)))) throw error
    await makeFolder(dirname(path))
    await makeFolder(path)
  }
}

/** Makes a folder of Fixpoint's own home. Throws a `Failure` that names FIXPOINT_HOME. */
export async function makeHomeFolder(path: string): Promise<void> {
  try {
    await makeFolder(path)
  } catch (error) {
    if (isFull(error)) throw new Failure('disk-full', `no space left for ${path}`, 'Free some space, or set FIXPOINT_HOME to a folder on another disk.')
    throw new Failure('settings-invalid', `${path} cannot be made (${codeOf(error)})`, 'Set FIXPOINT_HOME to a folder that you may write.', { cause: error })
  }
}

const TEMPORARY = /^(\d+)-/

/** A folder for what this process needs for a while; those that killed processes left in the same place are removed. */
export async function temporaryFolder(home: string): Promise<string> {
  const parent = join(home, 'tmp')
  await makeHomeFolder(parent)
  for (const name of await readdir(parent)) {
    const maker = Number(TEMPORARY.exec(name)?.[1])
    if (maker !== process.pid && !lives(maker)) await rm(join(parent, name), { recursive: true, force: true })
  }
  return mkdtemp(join(parent, `${process.pid}-`))
}

/** No space, or none left of what this user may take. */
export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '')
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
