import type { PatchOrigin, VerdictName } from '@fixpoint/core'
import { MemorySnapshot } from '@fixpoint/testkit'
import { expect, it } from 'vitest'
import { patchFrom } from '../diff.ts'
import { isNoWorse } from './next-pending.ts'

const source = new MemorySnapshot({ 'a.js': 'one\ntwo\nthree\n', 'b.js': 'one\n' })

function candidate(files: Readonly<Record<string, string>>, origin: Partial<PatchOrigin> = {}) {
  const edits = Object.entries(files).map(([path, content]) => ({ path, content }))
  return { patch: patchFrom(source, edits), origin: { drafter: 'x', kind: 'guard', summary: 's', symptomOnly: false, score: 1, ...origin } }
}

const judged = (origin: Partial<PatchOrigin> = {}, name: VerdictName = 'fixed') => ({
  candidate: candidate({ 'a.js': 'one\n2\nthree\n' }, origin),
  verdict: { name, gates: [], testsBefore: [], testsAfter: [] },
})

const same = { 'a.js': 'one\nTWO\nthree\n' }

it.each([
  ['at the same line, as likely', judged(), candidate(same), true],
  ['at the same line, likelier', judged({ score: 2 }), candidate(same), true],
  ['less likely', judged({ score: 0.5 }), candidate(same), false],
  ['hiding what the other one mends', judged({ symptomOnly: true }), candidate(same), false],
  ['hiding, as the other one does', judged({ symptomOnly: true }), candidate(same, { symptomOnly: true }), true],
  ['against tests, which is a person’s to decide', judged({}, 'contradicting'), candidate(same), false],
  ['beside one that says which tests are wrong', judged(), candidate(same, { contradicts: { tests: ['t'] as never, quote: 'q' } as never }), false],
  ['at another line', judged(), candidate({ 'a.js': 'one\ntwo\n3\n' }), false],
  ['at another line too', judged(), candidate({ 'a.js': '1\nTWO\nthree\n', 'b.js': '1\n' }), false],
])('a patch that passed is no worse than one that waits: %s', (_name, passed, waiting, expected) => {
  expect(isNoWorse(passed, waiting, source)).toBe(expected)
})
