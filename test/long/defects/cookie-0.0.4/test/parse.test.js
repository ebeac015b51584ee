const test = require('node:test')
const assert = require('node:assert')
const cookie = require('../index.js')

test('names and values', () => assert.deepStrictEqual(cookie.parse('a=1; b=two'), { a: '1', b: 'two' }))
test('escaped values', () => assert.deepStrictEqual(cookie.parse('mail=a%40b'), { mail: 'a@b' }))
test('round trip', () => assert.strictEqual(cookie.parse(cookie.serialize('k', 'x y')).k, 'x y'))
test('a value that is not escaped properly stays as it came', () => {
  assert.deepStrictEqual(cookie.parse('sale=100%; b=2'), { sale: '100%', b: '2' })
})
