const test = require('node:test')
const assert = require('node:assert')
const extend = require('./lib/deep-extend.js')

test('null at any place is passed over, and the others still count', () => {
  assert.deepStrictEqual(extend({}, null), {})
  assert.deepStrictEqual(extend({ a: 1 }, { b: { c: 2 } }, null), { a: 1, b: { c: 2 } })
  assert.deepStrictEqual(extend({ a: { x: 1 } }, null, { a: { y: null } }, null), { a: { x: 1, y: null } })
  assert.deepStrictEqual(extend({ a: 1 }, [1, 2], 'text', undefined, { b: 1 }), { a: 1, b: 1 })
})
