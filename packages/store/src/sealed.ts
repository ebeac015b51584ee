import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import { Failure } from '@fixpoint/core'

const compress = promisify(deflateRaw)
const decompress = promisify(inflateRaw)

const VERSION = 1
const PLAIN = 0
const DEFLATED = 1
const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16
/** Version, packing, and which key. */
const HEAD_BYTES = 6
/** Less is not worth compressing. */
const WORTH_PACKING = 256
/** Nothing that is sealed is near this size. */
const LARGEST = 256 * 1024 * 1024

/**
 * AES-256-GCM: what is sealed for one purpose (`delivery dlv_…`) opens for that purpose only, so that rows of a table cannot be swapped.
 * Each purpose has a key of its own, derived from the one handed in. Older keys still open; new bytes are sealed with the current one.
 *
 * Version, packing, key (4 bytes), nonce (12), ciphertext, tag (16).
 */
export class Seal {
  readonly #current: Key
  readonly #keys: ReadonlyMap<number, Key>

  /** Keys of 32 random bytes each. */
  constructor(current: Uint8Array, older: readonly Uint8Array[] = []) {
    this.#current = keyOf(current)
    this.#keys = new Map([...older.map(keyOf), this.#current].map((key) => [key.id, key]))
  }

  /** Of the key that is sealed with; it tells nothing about the key. */
  get keyId(): number {
    return this.#current.id
  }

  knows(keyId: number): boolean {
    return this.#keys.has(keyId)
  }

  seal(bytes: Uint8Array, purpose: string): Buffer {
    return this.#seal(bytes, PLAIN, purpose)
  }

  open(sealed: Uint8Array, purpose: string): Buffer {
    const { bytes, packing } = this.#open(sealed, purpose)
    if (packing !== PLAIN) throw damaged(purpose)
    return bytes
  }

  /** Compressed where that pays, then sealed. */
  async pack(bytes: Uint8Array, purpose: string): Promise<Buffer> {
    if (bytes.byteLength < WORTH_PACKING) return this.#seal(bytes, PLAIN, purpose)
    const packed = await compress(bytes, { level: 3 })
    return packed.byteLength < bytes.byteLength ? this.#seal(packed, DEFLATED, purpose) : this.#seal(bytes, PLAIN, purpose)
  }

  async unpack(sealed: Uint8Array, purpose: string): Promise<Buffer> {
    const { bytes, packing } = this.#open(sealed, purpose)
    return packing === DEFLATED ? decompress(bytes, { maxOutputLength: LARGEST }) : bytes
  }

  #seal(bytes: Uint8Array, packing: number, purpose: string): Buffer {
    const head = Buffer.alloc(HEAD_BYTES)
    head.writeUInt8(VERSION, 0)
    head.writeUInt8(packing, 1)
    head.writeUInt32BE(this.#current.id, 2)
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv('aes-256-gcm', purposeKey(this.#current, purpose), iv, { authTagLength: TAG_BYTES })
    cipher.setAAD(head)
    return Buffer.concat([head, iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
  }

  #open(sealed: Uint8Array, purpose: string): { bytes: Buffer; packing: number } {
    const all = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
    if (all.byteLength < HEAD_BYTES + IV_BYTES + TAG_BYTES || all.readUInt8(0) !== VERSION) throw damaged(purpose)
    const key = this.#keys.get(all.readUInt32BE(2))
    if (key === undefined) {
      throw new Failure('settings-invalid', `${purpose} was sealed with a key that is not here`, 'Hand in the key that was used before as an older key.')
    }
    const head = all.subarray(0, HEAD_BYTES)
    const end = all.byteLength - TAG_BYTES
    const decipher = createDecipheriv('aes-256-gcm', purposeKey(key, purpose), all.subarray(HEAD_BYTES, HEAD_BYTES + IV_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAAD(head)
    decipher.setAuthTag(all.subarray(end))
    try {
      return { bytes: Buffer.concat([decipher.update(all.subarray(HEAD_BYTES + IV_BYTES, end)), decipher.final()]), packing: head.readUInt8(1) }
    } catch {
      throw damaged(purpose)
    }
  }
}

interface Key {
  readonly id: number
  readonly bytes: Uint8Array
}

function keyOf(bytes: Uint8Array): Key {
  if (bytes.byteLength !== KEY_BYTES) {
    throw new Failure('settings-invalid', `the key that data is sealed with has ${bytes.byteLength} bytes`, `Make one of ${KEY_BYTES}: openssl rand -base64 32`)
  }
  return { id: createHash('sha256').update('fixpoint seal key id').update(bytes).digest().readUInt32BE(0), bytes: bytes.slice() }
}

function purposeKey(key: Key, purpose: string): Buffer {
  return createHmac('sha256', key.bytes).update('fixpoint seal 1\0').update(purpose).digest()
}

function damaged(purpose: string): Failure {
  return new Failure('artifact-missing', `${purpose} does not open: it is damaged, or was sealed for something else`, 'Restore it from a backup.')
}
