import { readFile } from 'node:fs/promises'
import { Certificate } from '@fixpoint/core'
import { afterAll, describe, expect, it } from 'vitest'
import { checkOut, type FixtureCase, fixpoint, git, heldOutFile, reportFile } from './fixture.ts'
import { heldOutPasses } from './held-out.ts'

const EXIT = { verified: 0, implicit: 0, choice: 0, 'not-reproduced': 5, 'no-patch': 6 } as const

/** From a report to what a person gets, for each fixture: the built command, real Docker, real git, nothing replaced. */
export function tellStories(cases: readonly FixtureCase[]): void {
  const table: string[] = []
  afterAll(() => {
    console.log(`\nfixture                      expected        came out        right?\n${table.join('\n')}\n`)
  })

  describe.each(cases)('$name: $title', (fixture) => {
    it(`ends as it should: ${fixture.expects}`, { timeout: 600_000 }, async () => {
      await using place = await checkOut(fixture.name)
      const before = git(place.folder, 'status', '--porcelain=v2', '--branch')
      const report = fixture.report === undefined ? [] : ['--report', reportFile(fixture.report)]
      const ended = await fixpoint(['fix', '--repo', place.folder, ...report, '--json'], place.home)
      const came = String(ended.result.strength ?? ended.result.reason)
      const proposed = ended.code === 0
      const right = proposed
        ? await heldOutPasses({ folder: place.folder, branch: String(ended.result.branch), file: heldOutFile(fixture.heldOut ?? ''), home: place.home })
        : undefined
      table.push(`${fixture.name.padEnd(28)} ${fixture.expects.padEnd(15)} ${came.padEnd(15)} ${right === undefined ? '–' : right ? 'right' : 'WRONG'}`)

      expect(ended.code, ended.stderr).toBe(EXIT[fixture.expects])
      expect(ended.result).toMatchObject({ type: 'result', outcome: proposed ? 'delivered' : 'abandoned' })
      expect(git(place.folder, 'status', '--porcelain=v2', '--branch'), 'the work tree is as it was').toBe(before)
      if (!proposed) {
        const diagnosis = JSON.parse(await readFile(String(ended.result.diagnosis), 'utf8'))
        expect(diagnosis).toMatchObject({ missingFact: expect.any(String), nextCommand: expect.any(String) })
        expect(git(place.folder, 'branch', '--list', 'fixpoint/*')).toBe('')
        return
      }
      expect(came).toBe(fixture.expects)
      expect(right, 'the held-out test tells a right fix from a wrong one').toBe(true)
      const certificate = Certificate.parse(JSON.parse(await readFile(String(ended.result.certificate), 'utf8')))
      expect(certificate.verdict.name).toBe('fixed')
      git(place.folder, 'apply', '--check', String(ended.result.patch))
    })
  })
}
