const test = require('node:test')
const assert = require('node:assert')
const pad = require('./index.js')

test('zeros in front, spaces where nothing was given', () => {
  assert.strictEqual(pad('foo', 6, 0), '000foo')
  assert.strictEqual(pad(12, 2, 0), '12')
  assert.strictEqual(pad('foo', 5, null), '  foo')
  assert.strictEqual(pad('foo', 5, undefined), '  foo')
  assert.strictEqual(pad('foo', 4, 1), '1foo')
})
