import { createHash, randomUUID } from 'node:crypto'
import { readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { type Artifacts, codeOf, Digest, Failure } from '@fixpoint/core'
import { makeFolder, onDisk, syncFolder, writeNewFile } from './durable.ts'

const compress = promisify(gzip)
const decompress = promisify(gunzip)

/** Nothing that a run keeps is near this size; more is a broken or planted file. */
const LARGEST_ARTIFACT = 1024 * 1024 * 1024

/**
 * Bytes by digest: `artifacts/ab/<digest>.gz`, or `.raw` where compression does not pay. Whole or not there (written under
 * another name, synced, renamed), and checked against the digest at every read.
 */
export class FileArtifacts implements Artifacts {
  readonly #root: string

  constructor(root: string) {
    this.#root = join(root, 'artifacts')
  }

  async put(bytes: Uint8Array): Promise<Digest> {
    const mine = bytes.slice()
    const digest = digestOf(mine)
    if ((await this.#find(digest)) === undefined) await onDisk(this.#root, () => this.#write(digest, mine))
    return digest
  }

  async get(digest: Digest): Promise<Uint8Array> {
    const bytes = await this.#find(Digest.parse(digest))
    if (bytes === undefined) {
      throw new Failure('artifact-missing', `artifact ${digest} is gone or damaged`, 'It may have expired. Start a new run for the same report.')
    }
    return bytes
  }

  async #write(digest: Digest, bytes: Uint8Array): Promise<void> {
    const folder = this.#folder(digest)
    await makeFolder(folder)
    const packed = await compress(bytes)
    const [name, content] = packed.byteLength < bytes.byteLength ? [`${digest}.gz`, packed] : [`${digest}.raw`, bytes]
    const staged = join(folder, `${name}.${randomUUID()}.partial`)
    await writeNewFile(staged, content)
    try {
      await rename(staged, join(folder, name))
    } catch (error) {
      await unlink(staged).catch(() => undefined)
      throw error
    }
    await syncFolder(folder)
  }

  /** Undefined for what is not there and for what no longer matches its name. */
  async #find(digest: Digest): Promise<Uint8Array | undefined> {
    for (const [extension, unpack] of READERS) {
      const packed = await readIfThere(join(this.#folder(digest), `${digest}${extension}`))
      const bytes = packed === undefined ? undefined : await unpack(packed).catch(() => undefined)
      if (bytes !== undefined && digestOf(bytes) === digest) return bytes
    }
    return undefined
  }

  #folder(digest: Digest): string {
    return join(this.#root, digest.slice(0, 2))
  }
}

const READERS: readonly (readonly [string, (packed: Uint8Array) => Promise<Uint8Array>])[] = [
  ['.gz', async (packed) => decompress(packed, { maxOutputLength: LARGEST_ARTIFACT })],
  ['.raw', async (packed) => packed],
]

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    // A pipe or a device planted under the name would block the read for ever.
    const facts = await stat(path)
    return facts.isFile() && facts.size <= LARGEST_ARTIFACT ? await readFile(path) : undefined
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function digestOf(bytes: Uint8Array): Digest {
  return Digest.parse(createHash('sha256').update(bytes).digest('hex'))
}
