import { expect, test } from 'vitest'
import { plainOf, spansOf } from './ansi.ts'
import { linesOf, linesWith } from './lines.ts'

test('colours become words of ours, and every other command of a terminal goes', () => {
  expect(spansOf('\u001b[1;31mFAIL\u001b[0m a \u001b[38;5;196mred\u001b[39m\u001b[2K b\u001b[90m c')).toEqual([
    { text: 'FAIL', look: 'text-bad font-bold' },
    { text: ' a ', look: '' },
    { text: 'red', look: '' },
    { text: ' b', look: '' },
    { text: ' c', look: 'text-quiet' },
  ])
  expect(spansOf('10%\r50%\r100%\r')).toEqual([{ text: '100%', look: '' }])
  expect(plainOf('\u001b]8;;javascript:alert(1)\u0007click\u001b]8;;\u0007 \u001b[32mok')).toBe('click ok')
  expect(spansOf('a\u0000\u0008\tb\u009b31m')).toEqual([{ text: 'a\tb31m', look: '' }])
})

test('a text is cut into its lines where they are asked for', () => {
  const all = (text: string) => {
    const lines = linesOf(text)
    return Array.from({ length: lines.length }, (_, index) => lines.at(index))
  }
  expect(all('one\ntwo\n\nfour')).toEqual(['one', 'two', '', 'four'])
  expect(all('one\n')).toEqual(['one'])
  expect(all('\n')).toEqual([''])
  expect(all('')).toEqual([])
  expect(linesOf('one').at(1)).toBeUndefined()
})

test('lines are found by their words, not by their colours', () => {
  const lines = linesOf('\u001b[31mno\u001b[0mthing\nFound IT\nit too')
  expect(linesWith(lines, 'nothing')).toEqual([0])
  expect(linesWith(lines, 'it')).toEqual([1, 2])
  expect(linesWith(lines, '')).toEqual([])
  expect(linesWith(lines, '31m')).toEqual([])
})

test('twenty million characters are cut and searched', () => {
  const lines = linesOf(`${'a line of output that says little\n'.repeat(620_000)}the last one`)
  expect([lines.length, linesWith(lines, 'LAST')]).toEqual([620_001, [620_000]])
})
