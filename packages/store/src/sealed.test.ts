import { randomBytes } from 'node:crypto'
import { Failure } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { Seal } from './sealed.ts'

const key = randomBytes(32)
const seal = new Seal(key)
const text = Buffer.from('what nobody else may read '.repeat(100))

describe('sealed', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['little', Buffer.from('a')],
    ['what compresses', text],
    ['what does not', randomBytes(10_000)],
  ])('opens again: %s', async (_, bytes) => {
    expect(seal.open(seal.seal(bytes, 'p'), 'p').equals(bytes)).toBe(true)
    const packed = await seal.pack(bytes, 'p')
    expect((await seal.unpack(packed, 'p')).equals(bytes)).toBe(true)
    expect(packed.byteLength).toBeLessThanOrEqual(bytes.byteLength + 34)
  })

  it('shows nothing of what is in it, and never looks the same twice', async () => {
    expect(seal.seal(text, 'p').includes('nobody')).toBe(false)
    expect((await seal.pack(text, 'p')).byteLength).toBeLessThan(200)
    expect(seal.seal(text, 'p').equals(seal.seal(text, 'p'))).toBe(false)
  })

  it('opens for its purpose only', async () => {
    const sealed = await seal.pack(text, 'delivery 1')
    await expect(seal.unpack(sealed, 'delivery 2')).rejects.toThrow(Failure)
    expect(() => seal.open(seal.seal(text, 'a'), 'b')).toThrow(Failure)
  })

  it('any changed bit, and any lost byte, is noticed', () => {
    const sealed = seal.seal(Buffer.from('yes'), 'p')
    for (let bit = 0; bit < sealed.byteLength * 8; bit += 1) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => seal.open(changed, 'p')).toThrow(Failure)
    }
    for (let length = 0; length < sealed.byteLength; length += 1) expect(() => seal.open(sealed.subarray(0, length), 'p')).toThrow(Failure)
  })

  it('older keys open, and the current one seals', async () => {
    const current = randomBytes(32)
    const both = new Seal(current, [key])
    expect((await both.unpack(await seal.pack(text, 'p'), 'p')).equals(text)).toBe(true)
    expect(new Seal(current).open(both.seal(text, 'p'), 'p').equals(text)).toBe(true)
  })

  it('says when the key is not here, without showing any', () => {
    const error = (() => {
      try {
        return new Seal(randomBytes(32)).open(seal.seal(text, 'delivery 1'), 'delivery 1')
      } catch (reason) {
        return reason
      }
    })()
    expect(error).toMatchObject({ code: 'settings-invalid', message: 'delivery 1 was sealed with a key that is not here' })
  })

  it('refuses keys of another length', () => {
    for (const length of [0, 16, 31, 33, 64]) expect(() => new Seal(randomBytes(length))).toThrow('the key that data is sealed with')
    expect(() => new Seal(key, [randomBytes(16)])).toThrow(Failure)
  })
})
