import { expect, it } from 'vitest'
import { repeats } from './repetition.ts'

const lines = (count: number) => Array.from({ length: count }, (_, index) => `  total += prices[${index}] // the price of item ${index * 7}\n`).join('')
const paragraph = 'Let me look at the file again to be sure that the change is right, and run the tests once more. '

it.each([
  ['a paragraph again and again', paragraph.repeat(25), true],
  ['long passages again and again, after something else', lines(50) + lines(40).slice(0, 1500).repeat(5), true],
  ['letters that never end', 'a'.repeat(7000), true],
  ['a paragraph three times', paragraph.repeat(3), false],
  ['code whose lines are alike', lines(400), false],
  ['a line of dashes', `${'-'.repeat(3000)}`, false],
  ['a loop that was left', `${paragraph.repeat(30)}Now I see it: the loop ends too early.`, false],
])('%s: %#', (_name, text, expected) => {
  expect(repeats(text)).toBe(expected)
})
