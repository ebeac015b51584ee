import { Digest } from '@fixpoint/core'
import { aTestRun, InMemoryArtifacts } from '@fixpoint/testkit'
import { expect, test } from 'vitest'
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
