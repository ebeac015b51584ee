import { link, mkdir, open, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf, Failure } from '@fixpoint/core'

/** Writes a new file and waits until its bytes are on the disk. Fails when it exists. Its folder is not yet synced. */
export async function writeNewFile(path: string, bytes: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } catch (error) {
    await file.close()
    // What is half written must not stay: the disk may be full because of it.
    await unlink(path).catch(() => undefined)
    throw error
  }
  await file.close()
}

/**
 * Gives a finished file its final name, at once and only if nobody has that name: `link` is atomic and never overwrites,
 * which `rename` does.
 */
export async function publishFile(finished: string, final: string): Promise<'published' | 'taken' | 'withdrawn'> {
  try {
    await link(finished, final)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'taken'
    if (codeOf(error) === 'ENOENT') return 'withdrawn'
    throw error
  }
  await syncFolder(dirname(final))
  return 'published'
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Makes a folder and those above it; what was made is durable. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

/** Performs file work; a full disk and a file system that cannot keep a journal become failures with a hint. */
export async function onDisk<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOSPC':
      case 'EDQUOT':
        throw new Failure(
          'disk-full',
          `no space left for ${folder}`,
          'Free some space, or keep the data elsewhere, then run the same command again: nothing is lost.',
          {
            cause: error,
          },
        )
      case 'EROFS':
      case 'EACCES':
        throw new Failure('settings-invalid', `${folder} cannot be written`, 'Choose a data folder that belongs to you.', { cause: error })
      case 'EPERM':
      case 'ENOTSUP':
      case 'EOPNOTSUPP':
      case 'ENOSYS':
        throw new Failure('settings-invalid', `the file system of ${folder} cannot link files`, 'Choose a data folder on a local file system.', {
          cause: error,
        })
      default:
        throw error
    }
  }
}
