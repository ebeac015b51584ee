import { Digest } from '@fixpoint/core'
import { aTestRun, InMemoryArtifacts } from '@fixpoint/testkit'
import { describe, expect, it, test } from 'vitest'
import { evidenceOf, outputKeeper } from './evidence.ts'

const SECRET = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`

test('what a command printed is kept without secrets, and the evidence names it', async () => {
  const artifacts = new InMemoryArtifacts()
  const run = aTestRun(undefined, { output: `ok 1\ntoken=${SECRET}\n`, exitCode: 0, durationMs: 12.6 })
  const { outputDigest, ...evidence } = await evidenceOf(run, 'base', outputKeeper(artifacts))
  expect(evidence).toEqual({ argv: run.argv, exitCode: 0, durationMs: 13, on: 'base' })
  const kept = new TextDecoder().decode(await artifacts.get(Digest.parse(outputDigest)))
  expect(kept).toContain('ok 1\ntoken=[redacted:')
  expect(kept).not.toContain(SECRET)
})

test('of what is long, the end is kept', async () => {
  const artifacts = new InMemoryArtifacts()
  const { outputDigest } = await evidenceOf(aTestRun(undefined, { output: `${'.\n'.repeat(60_000)}the end` }), 'patch', outputKeeper(artifacts))
  const kept = await artifacts.get(Digest.parse(outputDigest))
  expect(kept.byteLength).toBeLessThan(65_000)
  expect(new TextDecoder().decode(kept)).toMatch(/^….*the end$/s)
})

describe('a secret at the place where something long is cut', () => {
  const BODY = Array.from({ length: 200 }, (_, line) => `MIIEline${line}${'x'.repeat(50)}`)
  const KEY = ['-----BEGIN RSA PRIVATE KEY-----', ...BODY, '-----END RSA PRIVATE KEY-----\n'].join('\n')

  /** What is kept of an output that goes on for `after` characters after `secret`. */
  async function kept(secret: string, after: number) {
    const artifacts = new InMemoryArtifacts()
    const output = `${'.\n'.repeat(100_000)}${secret}${' \n'.repeat(after / 2)}the end`
    const digest = await outputKeeper(artifacts)(output)
    return new TextDecoder().decode(await artifacts.get(Digest.parse(digest)))
  }

  it.each([63_970, 96_750])('is not kept in part, %i characters before the end', async (after) => {
    const text = await kept(`token=${SECRET}\n`, after)
    expect(/[a1B2c3D4e5]{10}/.test(text)).toBe(false)
    expect(text).toMatch(/ \nthe end$/)
  })

  it.each([0, 60_000, 90_000])('a private key neither, %i characters before the end', async (after) => {
    expect((await kept(KEY, after)).includes('MIIEline')).toBe(false)
  })

  it('nor where other keys behind it are left out', async () => {
    expect((await kept(`${KEY}${KEY}${KEY}${KEY}`, 60_000)).includes('MIIEline')).toBe(false)
  })
})
