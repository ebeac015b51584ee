import { createHash, randomUUID } from 'node:crypto'
import { chown, link, lstat, mkdir, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflate, inflate } from 'node:zlib'
import { codeOf, type ObjectId } from '@fixpoint/core'
import { orDiskFull } from './file-errors.ts'
import { unreadable } from './git-folder.ts'

const pack = promisify(deflate)
const unpack = promisify(inflate)

export type ObjectKind = 'blob' | 'tree' | 'commit'

/** The name that git gives to bytes. */
export function objectIdOf(kind: ObjectKind, bytes: Uint8Array, format: 'sha1' | 'sha256'): ObjectId {
  return createHash(format).update(`${kind} ${bytes.byteLength}\0`).update(bytes).digest('hex')
}

/** Git objects, one file each, as git itself would have written them. No program runs. */
export class LooseObjects {
  readonly #folder: string
  readonly #format: 'sha1' | 'sha256'

  constructor(folder: string, format: 'sha1' | 'sha256') {
    this.#folder = folder
    this.#format = format
  }

  async write(kind: ObjectKind, bytes: Uint8Array): Promise<ObjectId> {
    const id = objectIdOf(kind, bytes, this.#format)
    await this.place(id, await pack(Buffer.concat([Buffer.from(`${kind} ${bytes.byteLength}\0`), bytes])))
    return id
  }

  /** The object with its kind; undefined when it is not here. */
  async read(id: ObjectId): Promise<{ kind: string; bytes: Uint8Array; packed: Uint8Array } | undefined> {
    let packed: Buffer
    try {
      packed = await readFile(this.#path(id))
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    }
    const whole = await unpack(packed)
    const end = whole.indexOf(0)
    return { kind: whole.toString('latin1', 0, whole.indexOf(0x20)), bytes: whole.subarray(end + 1), packed }
  }

  /** Puts the file of an object in its place, whole or not at all. What is there already stays. */
  async place(id: ObjectId, packed: Uint8Array): Promise<void> {
    const owner = await lstat(this.#folder)
    const folder = join(this.#folder, id.slice(0, 2))
    const staged = join(folder, `tmp_obj_${randomUUID().replaceAll('-', '')}`)
    try {
      const made = await mkdir(folder).then(
        () => true,
        (error: unknown) => {
          if (codeOf(error) !== 'EEXIST') throw error
          return false
        },
      )
      if (!(await lstat(folder)).isDirectory()) throw unreadable(`${folder} is a link`, 'Check the repository: git fsck.')
      if (made) await giveTo(owner, folder)
      const file = await open(staged, 'wx', 0o444)
      try {
        await file.writeFile(packed)
        await file.sync()
      } finally {
        await file.close()
      }
      await giveTo(owner, staged)
      await link(staged, this.#path(id)).catch((error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error
      })
    } catch (error) {
      throw orDiskFull(error, this.#folder)
    } finally {
      await unlink(staged).catch(() => undefined)
    }
  }

  #path(id: ObjectId): string {
    return join(this.#folder, id.slice(0, 2), id.slice(2))
  }
}

/** Somebody who runs us as root on another's repository must not leave files there that its owner cannot remove. */
export async function giveTo(owner: { uid: number; gid: number }, path: string): Promise<void> {
  if (process.getuid?.() === 0 && owner.uid !== 0) await chown(path, owner.uid, owner.gid)
}
