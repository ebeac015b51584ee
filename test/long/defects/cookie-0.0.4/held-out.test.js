const test = require('node:test')
const assert = require('node:assert')
const cookie = require('./index.js')

test('broken ones stay as they came, the others are read', () => {
  assert.deepStrictEqual(cookie.parse('a=%1; b=%41; c=%zz'), { a: '%1', b: 'A', c: '%zz' })
  assert.deepStrictEqual(cookie.parse('x=a%20b'), { x: 'a b' })
})
