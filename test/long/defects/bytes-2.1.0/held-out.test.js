const test = require('node:test')
const assert = require('node:assert')
const bytes = require('./index.js')

test('no number system but the decimal', () => {
  assert.strictEqual(bytes.parse('0xFF'), 0)
  assert.strictEqual(bytes.parse('0x'), 0)
  assert.strictEqual(bytes.parse('0755'), 755)
  assert.strictEqual(bytes.parse('-42'), -42)
  assert.strictEqual(bytes.parse('3gb'), 3 * 2 ** 30)
})
