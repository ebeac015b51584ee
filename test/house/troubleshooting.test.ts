import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

// Whatever a person can be told at the end of a command is in docs/troubleshooting.md. The words are read from the code.
const ROOT = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const page = read('docs/troubleshooting.md')
const named = new Set([...page.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]))

/** What a pattern finds in a part of a source file: never nothing, or the pattern no longer fits the code. */
function wordsOf(path: string, part: RegExp, word: RegExp): string[] {
  const text = part.exec(read(path))?.[0] ?? ''
  const words = [...new Set([...text.matchAll(word)].flatMap((match) => match[1] ?? []))]
  expect(words.length, `${path} has no such words any more`).toBeGreaterThan(2)
  return words
}

test.each<[string, string, RegExp, RegExp]>([
  ['failure codes', 'packages/core/src/words/failure.ts', /type FailureCode =[\s\S]*?\n\n/, /\| '([\w-]+)'/g],
  ['failure codes of models and code hosts', 'packages/core/src/words/failure.ts', /type ModelFailureCode =[\s\S]*?\nexport class/, /\| '([\w-]+)'/g],
  ['reasons to stop', 'packages/core/src/words/diagnosis.ts', /reason: z\.enum\([^)]*\)/, /'([\w-]+)'/g],
  ['reasons of complaints', 'apps/cli/src/complain.ts', /function complaintOf[\s\S]*/, /reason: '([\w-]+)'/g],
  ['exit codes', 'apps/cli/src/exit-codes.ts', /export const ExitCode = \{[\s\S]*?\n\}/, /: (\d+),/g],
  ['self-test checks', 'packages/sandbox/src/self-test.ts', /[\s\S]*/, /\b(?:is|check|bounded)\('([^']+)'/g],
  ['lines of doctor', 'apps/cli/src/commands/doctor.ts', /[\s\S]*/, /name: '([\w-]+)'/g],
  ['lines of github check', 'apps/cli/src/github/findings.ts', /[\s\S]*/, /'(github-[\w-]+)'/g],
])('%s are all on the page', (_, path, part, word) => {
  expect(wordsOf(path, part, word).filter((each) => !named.has(each))).toEqual([])
})

test('it is found from the other documents', () => {
  for (const path of ['README.md', 'docs/settings.md']) expect(/\]\((?:docs\/)?troubleshooting\.md\)/.test(read(path)), path).toBe(true)
})
