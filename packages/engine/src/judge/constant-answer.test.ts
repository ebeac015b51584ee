import { expect, it } from 'vitest'
import { constantAnswer } from './constant-answer.ts'

const cured = (answers: readonly string[]) => answers.map((after, index) => ({ call: `f(${index})`, before: 'throws TypeError: x', after, expected: true }))
const same = (answer: string, calls = 6) => cured(Array.from({ length: calls }, () => answer))
const tests = ["assert.equal(f(1), 767)\nassert.equal(g(), 'order 17')\nassert.equal(h(), 'unknown')"]

it.each(['returns 767', "returns 'order 17'"])('%s to everything that failed is written down, not worked out', (answer) => {
  expect(constantAnswer(same(answer), tests)).toContain('6 different calls')
})

it.each([
  ['a guard', same('returns 0')],
  ['a default', same("returns 'unknown'")],
  ['an empty answer', same('returns []')],
  ['different answers', cured(['returns 767', 'returns 3', 'returns 767', 'returns 767', 'returns 767', 'returns 767'])],
  ['few calls', same('returns 767', 3)],
  ['an answer that no test wants', same('returns 9999')],
])('%s is honest', (_name, differences) => {
  expect(constantAnswer(differences, tests)).toBeUndefined()
})
