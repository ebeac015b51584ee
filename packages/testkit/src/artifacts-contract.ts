import { type Artifacts, Digest, Failure } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'

/** What every artifact store keeps. */
export function artifactsContract(make: () => Artifacts | Promise<Artifacts>): void {
  describe('artifacts contract', () => {
    const bytes = new TextEncoder().encode('what was found')

    it('names bytes by their SHA-256', async () => {
      const artifacts = await make()
      expect(await artifacts.put(new TextEncoder().encode('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    })

    it.each([
      ['text', bytes],
      ['nothing', new Uint8Array()],
      ['every byte', Uint8Array.from({ length: 256 }, (_, index) => index)],
      ['a megabyte of one letter', new Uint8Array(1_000_000).fill(97)],
    ])('gives back %s', async (_, content) => {
      const artifacts = await make()
      const back = await artifacts.get(await artifacts.put(content))
      expect(Buffer.from(back).equals(Buffer.from(content))).toBe(true)
    })

    it('same bytes, one artifact, also when put at once', async () => {
      const artifacts = await make()
      const digests = await Promise.all(Array.from({ length: 8 }, () => artifacts.put(bytes)))
      expect(new Set(digests).size).toBe(1)
      expect(new TextDecoder().decode(await artifacts.get(await artifacts.put(bytes)))).toBe('what was found')
    })

    it('keeps its own copy', async () => {
      const artifacts = await make()
      const mine = bytes.slice()
      const digest = await artifacts.put(mine)
      mine.fill(0)
      const first = await artifacts.get(digest)
      first.fill(0)
      expect(new TextDecoder().decode(await artifacts.get(digest))).toBe('what was found')
    })

    it('says that an artifact is missing', async () => {
      const artifacts = await make()
      const missing = await artifacts.get(Digest.parse('0'.repeat(64))).catch((error: unknown) => error)
      expect(missing).toBeInstanceOf(Failure)
      expect((missing as Failure).code).toBe('artifact-missing')
    })
  })
}
