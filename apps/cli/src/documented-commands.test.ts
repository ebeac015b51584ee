import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { readEnv } from './env.ts'
import { commandTree } from './main.ts'
import { screenOn } from './present/terminal.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const tree = commandTree({ env: readEnv({}), screen: screenOn(process.stderr, false), done: () => undefined })

interface Named {
  readonly where: string
  readonly words: readonly string[]
}

/** What documents tell people to type: lines of fenced blocks, and spans, that begin with `fixpoint`. */
function named(): readonly Named[] {
  const documents = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: ROOT, encoding: 'utf8' })
  return documents
    .split('\0')
    .filter((path) => path !== '' && !/^(fixtures|test)\//.test(path))
    .flatMap((where) => {
      const text = readFileSync(`${ROOT}${where}`, 'utf8')
      const fences = [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].flatMap((match) => (match[1] ?? '').split('\n'))
      const spans = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '')
      const lines = [...fences, ...spans].map((line) => /(?:^|[$|;&] |(?:run|exec) (?:\S+ )*)fixpoint (?!is )(.*)/.exec(line.trim())?.[1])
      return lines
        .filter((line) => line !== undefined)
        .map((line) => ({
          where,
          words:
            line
              .split(/\s+#|[|;>]/)[0]
              ?.trim()
              .split(/\s+/) ?? [],
        }))
    })
}

/** What is wrong with a command line, or undefined. */
function problemOf(words: readonly string[]): string | undefined {
  let command: Command = tree
  let at = 0
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word.replace(/[.,:]$/, ''))
    if (next === undefined) break
    command = next
    at += 1
  }
  // `review approve|reject`, `db migrate|status` and `runs …` speak of several.
  const first = words[at]
  if (command.commands.length > 0 && command.registeredArguments.length === 0 && first !== undefined && /^[a-z-]+$/.test(first))
    return `no command ${first} in "fixpoint ${words.join(' ')}"`
  const flags = words.slice(at).flatMap((word) => /^(--[a-z][a-z-]*)/.exec(word)?.[1] ?? [])
  const unknown = flags.find((flag) => flag !== '--help' && !command.options.some(({ long }) => long === flag))
  return unknown === undefined ? undefined : `no option ${unknown} in "fixpoint ${words.join(' ')}"`
}

test('every command that a document names exists, with its options', () => {
  const all = named()
  expect(all.length).toBeGreaterThan(10)
  expect(all.flatMap(({ where, words }) => problemOf(words)?.concat(` (${where})`) ?? [])).toEqual([])
})

test('a command or an option that does not exist is found', () => {
  expect(problemOf(['review', 'praise', 'run_1'])).toContain('no command praise')
  expect(problemOf(['serve', '--fast'])).toContain('no option --fast')
  expect(problemOf(['serve', '--port', '0'])).toBeUndefined()
})
