import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkOut, fixpoint, fixtureCases, reportFile } from './fixture.ts'
import { tellStories } from './tell-stories.ts'

// One fixture of each ending; the others are in the long tests.
const HERE = new Set(['demo-split-the-bill', 'parcel-api', 'session-store'])
const cases = await fixtureCases()
tellStories(cases.filter((each) => HERE.has(each.name)))

describe('a certificate', () => {
  it('holds when it is true, and not when it was touched', { timeout: 600_000 }, async () => {
    const fixture = cases.find((each) => each.expects === 'verified' && each.runner === 'node:test')
    if (!fixture) throw new Error('no fixture of node:test is expected to be verified')
    await using place = await checkOut(fixture.name)
    const report = fixture.report === undefined ? [] : ['--report', reportFile(fixture.report)]
    const ended = await fixpoint(['fix', '--repo', place.folder, ...report, '--json'], place.home)
    const file = String(ended.result.certificate)
    const verified = await fixpoint(['verify', file, '--repo', place.folder], place.home)
    expect(verified.code, verified.stderr).toBe(0)

    const certificate = JSON.parse(await readFile(file, 'utf8'))
    const forged = join(place.home, 'forged.json')
    await writeFile(forged, JSON.stringify({ ...certificate, baseline: { ...certificate.baseline, passing: [] } }))
    const refused = await fixpoint(['verify', forged, '--repo', place.folder], place.home)
    expect(refused.code).toBe(6)
    expect(refused.stderr).toContain('false')
  })
})
