import { type Drafter, reveal } from '@fixpoint/core'
import { alertSources, reportOfAlert } from '@fixpoint/intake'
import { describe, expect, it } from 'vitest'
import { world } from '../crash/world.ts'
import { canariesIn, withPersonalData } from './planted-canaries.ts'

const FAILS = `not ok 1 - counts
# Subtest: test/size.test.js
AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:

3 !== 2

    at TestContext.<anonymous> (/app/test/size.test.js:3:60)
`
const ELSEWHERE = `RangeError: nothing like that
    at nowhere (/app/src/size.js:1:40)
`

const useless: Drafter = {
  name: 'useless',
  async *draft() {
    yield { kind: 'abstained', findings: ['nothing'] }
  },
}

async function reportOf(trace: string) {
  const body = new TextEncoder().encode(JSON.stringify({ ...withPersonalData(trace), errors: undefined }))
  const normalised = alertSources.get('generic')?.normalise({}, body)
  if (normalised === undefined || !('alerts' in normalised) || normalised.alerts[0] === undefined) throw new Error('no alert')
  return reportOfAlert(normalised.alerts[0])
}

/** In memory, on this machine: what a run on an alert about a person leaves behind, whatever becomes of it. */
describe('nothing about a person is in the artifacts, the journal or the proposal of a run that ends', () => {
  it.each([
    ['with a proposal', FAILS, undefined, 'proposal-published'],
    ['without a patch, in a diagnosis', FAILS, [useless], 'run-diagnosed'],
    ['not reproduced, in a diagnosis', ELSEWHERE, [useless], 'run-diagnosed'],
  ] as const)('%s', async (_, trace, drafters, end) => {
    const report = await reportOf(trace)
    expect(reveal(report.text)).toContain('[redacted:')
    const { driveOn, journal, runId, codeHost, artifacts } = await world({ report, ...(drafters && { drafters }) })
    await driveOn()
    const entries = await journal.read(runId)
    expect(entries.map(({ event }) => event.kind)).toContain(end)
    const kept = [...artifacts.contents].map((bytes) => new TextDecoder().decode(bytes))
    expect(kept.length).toBeGreaterThan(3)
    expect(canariesIn([...kept, JSON.stringify(entries), JSON.stringify(codeHost)], {})).toEqual([])
  })
})
