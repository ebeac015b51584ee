const test = require('node:test')
const assert = require('node:assert')
const parse = require('./index.js')

test('the sign is the only difference', () => {
  for (const ms of [1500, 61_000, 3_723_004, 86_400_001 * 2]) {
    const back = parse(-ms)
    const forth = parse(ms)
    for (const field of Object.keys(forth)) assert.strictEqual(back[field] + forth[field], 0, `${field} of ${ms}`)
  }
})
