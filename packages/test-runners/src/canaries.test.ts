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

test('where mocha is narrowed to some tests, canaries are among them', () => {
  expect(canaryFor('mocha', "it.only('a', () => {})")).toContain("it.only('abc throw'")
  expect(canaryFor('mocha', "describe('only', () => it('a', () => {}))")).not.toContain('.only')
  expect(canaryFor('jest', "test.only('a', () => {})")).not.toContain('.only')
})
