import { MemorySnapshot } from '@fixpoint/testkit'
import { expect, test } from 'vitest'
import { guidanceFor, guidanceIn } from './index.ts'

const paths = (files: Readonly<Record<string, string>>, ...suspects: string[]) =>
  guidanceFor(guidanceIn(new MemorySnapshot(files)), suspects).map(({ path }) => path)

test('the nearest to a suspect is heard', () => {
  const files = { 'AGENTS.md': 'root', 'web/AGENTS.md': 'web', 'web/api/AGENTS.md': 'api', 'webshop/a.ts': '' }
  expect(paths(files, 'web/api/deep/a.ts')).toEqual(['web/api/AGENTS.md'])
  expect(paths(files, 'web/a.ts')).toEqual(['web/AGENTS.md'])
  expect(paths(files, 'webshop/a.ts')).toEqual(['AGENTS.md'])
  expect(paths(files, 'web/a.ts', 'lib/b.ts', 'web/c.ts')).toEqual(['web/AGENTS.md', 'AGENTS.md'])
})

test('other files stand in where a folder has no AGENTS.md', () => {
  expect(paths({ 'CLAUDE.md': 'c', '.github/copilot-instructions.md': 'p' }, 'a.ts')).toEqual(['CLAUDE.md'])
  expect(paths({ '.github/copilot-instructions.md': 'p' }, 'src/a.ts')).toEqual(['.github/copilot-instructions.md'])
  expect(paths({ 'AGENTS.md': 'a', 'CLAUDE.md': 'c', 'web/CLAUDE.md': 'w' }, 'web/a.ts', 'a.ts')).toEqual(['web/CLAUDE.md', 'AGENTS.md'])
})

test('nothing that is kept from models, empty, or no such file', () => {
  expect(paths({ '.fixpointignore': 'AGENTS.md', 'AGENTS.md': 'x', 'docs/MY-AGENTS.md': 'y', 'web/CLAUDE.md': ' \n' }, 'docs/a.ts', 'web/a.ts')).toEqual([])
})

test('what is too long is cut between two lines', () => {
  const [found] = guidanceFor(guidanceIn(new MemorySnapshot({ 'AGENTS.md': 'Tabs, please.\n'.repeat(5_000) })), ['a.ts'])
  expect(found?.text.length).toBeLessThanOrEqual(32 * 1024)
  expect(found?.text.endsWith('Tabs, please.')).toBe(true)
})
