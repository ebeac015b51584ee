import { expect, it } from 'vitest'
import { isRepoPath } from './ids.ts'
import { inert } from './untrusted.ts'

it.each(['src/a.ts', 'a b/ü.js', 'dir/.gitignore', '-rf', '...x/y'])('%j is a path inside the repository', (path) => {
  expect(isRepoPath(path)).toBe(true)
})

it.each([
  '',
  '/etc/passwd',
  '../x',
  'a/../../x',
  'a//b',
  './a',
  '.git/config',
  '.GIT/hooks/x',
  'a/.git./x',
  'git~1/x',
  'a\0b',
  'a\\b',
  '.git ',
  '...',
  '.gi\u200ct/config',
  '\ufeff.git',
])('%j is refused', (path) => {
  expect(isRepoPath(path)).toBe(false)
})

it('shows what would deceive a reader', () => {
  expect(inert('a\u202eb\u200bc\u001b[31md')).toBe('a\ufffdb\ufffdc\ufffd[31md')
  expect(inert('x'.repeat(10), 4)).toBe('xxxx… (6 more characters)')
})
