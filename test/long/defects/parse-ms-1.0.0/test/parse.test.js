const test = require('node:test')
const assert = require('node:assert')
const parse = require('../index.js')

test('a day and a bit', () => {
  assert.deepStrictEqual(parse(90061001), { days: 1, hours: 1, minutes: 1, seconds: 1, milliseconds: 1 })
})
test('text is refused', () => assert.throws(() => parse('1'), TypeError))
test('what is overdue has the same fields with a sign', () => {
  assert.deepStrictEqual(parse(-90061001), { days: -1, hours: -1, minutes: -1, seconds: -1, milliseconds: -1 })
})
