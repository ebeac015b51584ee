import { describe, expect, it, test } from 'vitest'
import { commandIn } from './commands.ts'

const said = (text: string) => commandIn(text, { slug: 'fixpoint-acme', mentions: ['fixpoint'] })

test.each([
  ['/fixpoint run', 'run', ''],
  ['/FixPoint RETRY  with `null` instead ', 'retry', 'with `null` instead'],
  ['   /fixpoint stop.', 'stop', ''],
  ['Thanks!\r\n\r\n/fixpoint explain\r\n', 'explain', ''],
  ['Thanks!\n/fixpoint approve', 'approve', ''],
  ['/fixpoint help', 'help', ''],
  ['/fixpoint', 'help', ''],
  ['/fixpoint dance now', 'unknown', 'dance now'],
  ['/fixpoint run-away', 'unknown', 'run-away'],
  ['/fixpoint words', 'unknown', 'words'],
  ['/fixpoint constructor', 'unknown', 'constructor'],
  ['/fixpoint run\n/fixpoint stop', 'run', ''],
  ['@fixpoint-acme retry', 'retry', ''],
  ['@Fixpoint-Acme[bot], the empty list\nshould give 0\n\n> not null', 'words', 'the empty list\nshould give 0\n\n> not null'],
  ['@fixpoint please', 'words', 'please'],
  ['/fix\u200bpoint\u202e run', 'run', ''],
  ['```\n/fixpoint stop\n```\n/fixpoint run', 'run', ''],
  ['`<!--` opens a comment\n/fixpoint run', 'run', ''],
  ['a <!-- b\n\n/fixpoint run', 'run', ''],
  ['> quoted\n\n/fixpoint run', 'run', ''],
  ['words\n<!-- x -->\n/fixpoint run', 'run', ''],
])('%j', (text, name, words) => {
  expect(said(text)).toEqual({ name, words })
})

describe('says nothing to us', () => {
  it.each([
    ['', 'nothing'],
    ['please /fixpoint run', 'within a sentence'],
    ['we could ask @fixpoint-acme to run', 'a mention within a sentence'],
    ['/fixpoints run', 'another word'],
    ['/fixpoint/run', 'a path'],
    ['@fixpoint-acme-two run', 'another name'],
    ['@fixpoint-acme/team run', 'a team'],
    ['someone@fixpoint-acme run', 'an address'],
    ['`/fixpoint run`', 'a code span'],
    ['```\n/fixpoint run\n```', 'a block'],
    ['````\n```\n/fixpoint run\n````', 'a block with a longer fence'],
    ['~~~sh\n/fixpoint run\n```\n/fixpoint run\n~~~', 'a block of tildes'],
    ['```\n/fixpoint run', 'a block without an end'],
    ['    /fixpoint run', 'indented code'],
    ['text\n\n\t/fixpoint run', 'code behind a tab'],
    ['> /fixpoint run', 'a quotation'],
    ['> quoted\n/fixpoint run', 'what goes on with a quotation'],
    ['>>> > /fixpoint run', 'a nested quotation'],
    ['- /fixpoint run', 'a list'],
    ['# /fixpoint run', 'a heading'],
    ['<!-- /fixpoint run -->', 'a comment'],
    ['<!--\n\n/fixpoint run\n\n-->', 'a comment of many lines'],
    ['<!--\n/fixpoint run', 'a comment without an end'],
    ['words <!-- and\n/fixpoint run\n-->', 'a comment within a paragraph'],
    ['<!-- a --> <!--\n/fixpoint run\n-->', 'a comment behind a comment'],
  ])('%j: %s', (text) => {
    expect(said(text)).toBeUndefined()
  })
})

it.each([
  ['quotes', `${'>'.repeat(60_000)}\n${'> '.repeat(30_000)}`],
  ['lines of quotes', '>\n'.repeat(30_000)],
  ['comments that do not end', 'a <!-- '.repeat(9000)],
  ['lines of comments that do not end', 'a <!--\n'.repeat(9000)],
  ['back-ticks', '`'.repeat(60_000)],
  ['fences', '```\n'.repeat(15_000)],
  ['blanks behind a command', `/fixpoint${' '.repeat(60_000)}\rx`],
  ['mentions', '@fixpoint-acme'.repeat(5000)],
  ['hidden characters', '\u200b'.repeat(60_000)],
])('takes time linear in %s', (_, text) => {
  const started = performance.now()
  for (let times = 0; times < 5; times += 1) said(`${text}\n\nx`)
  expect(performance.now() - started).toBeLessThan(5000)
})
