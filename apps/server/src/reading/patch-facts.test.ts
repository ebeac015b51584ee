import { aBaseline, aCandidate, aGateResult, aPatch, aVerdict } from '@fixpoint/testkit'
import { describe, expect, test } from 'vitest'
import { changedFiles, risksOf } from './patch-facts.ts'

const count = (lines: readonly string[], sign: string) => lines.filter((line) => !line.startsWith(sign)).length
const diffOf = (path: string, lines: readonly string[] = ['-old', '+new']) =>
  `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1,${count(lines, '+')} +1,${count(lines, '-')} @@\n${lines.join('\n')}\n`

test('the files of a patch, with what was added and removed; a deleted one by its old name', () => {
  const deleted = 'diff --git a/old.js b/old.js\ndeleted file mode 100644\n--- a/old.js\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-gone\n'
  expect(changedFiles(`${diffOf('src/a b.js', ['-old', '+new', '+++more', ' kept'])}${deleted}`)).toEqual([
    { path: 'src/a b.js', added: 2, removed: 1 },
    { path: 'old.js', added: 0, removed: 1 },
  ])
  expect(changedFiles('')).toEqual([])
})

describe('why to look twice', () => {
  const risks = (paths: readonly string[], { origin = {}, verdict = {}, baseline = {}, strength = 'verified' } = {}) => {
    const { origin: of } = aCandidate(aPatch(), origin)
    const files = changedFiles(paths.map((path) => diffOf(path)).join(''))
    return risksOf(files, { strength, patch: { diff: '', origin: of }, verdict: aVerdict(verdict), baseline: aBaseline(baseline) }).map(({ kind }) => kind)
  }

  test.each([
    ['src/price-list.js', ['money']],
    ['src/auth/token.js', ['security']],
    ['src/author.js', []],
    ['db/migrations/0001.sql', ['migration']],
    ['package-lock.json', ['dependencies']],
    ['.github/workflows/ci.yml', ['pipeline']],
    ['src/parse.js', []],
  ])('%s', (path, expected) => {
    expect(risks([path])).toEqual(expected)
  })

  test('thin evidence before the size of it', () => {
    expect(risks(['a.js', 'b.js', 'c.js', 'd.js'], { strength: 'suggestion', origin: { symptomOnly: true } })).toEqual(['evidence', 'symptom', 'files'])
    expect(risks(['a.js'], { strength: 'implicit', baseline: { problem: 'no suite' } })).toEqual(['suite', 'oracle'])
    expect(risks(['a.js'], { verdict: { name: 'contradicting' } })).toEqual(['contradicts'])
    const differences = [{ call: 'f(1)', before: '1', after: '2', expected: false }]
    expect(risks(['a.js'], { verdict: { gates: [aGateResult({ gate: 'behaviour', differences })] } })).toEqual(['behaviour'])
  })
})
