import { Failure } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { onDisk } from './durable.ts'

describe('what the disk says', () => {
  it.each([
    ['ENOSPC', 'disk-full'],
    ['EDQUOT', 'disk-full'],
    ['EROFS', 'settings-invalid'],
    ['EPERM', 'settings-invalid'],
  ])('%s is the failure %s, with a hint', async (code, expected) => {
    const failure = await onDisk('/data', () => Promise.reject(Object.assign(new Error(code), { code }))).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Failure)
    expect(failure).toMatchObject({ code: expected, hint: expect.stringMatching(/\w/) })
  })

  it('anything else stays what it is', async () => {
    const bug = new TypeError('a bug of ours')
    await expect(onDisk('/data', () => Promise.reject(bug))).rejects.toBe(bug)
  })
})
