const test = require('node:test')
const assert = require('node:assert')
const bytes = require('../index.js')

test('units', () => {
  assert.strictEqual(bytes.parse('1kb'), 1024)
  assert.strictEqual(bytes.parse('1.5 MB'), 1.5 * 1024 * 1024)
})
test('plain numbers are bytes', () => assert.strictEqual(bytes.parse('1234'), 1234))
test('what is no text is no size', () => assert.strictEqual(bytes.parse(undefined), null))
test('sizes for people', () => assert.strictEqual(bytes.format(2048), '2kB'))
test('the digits up to the first letter count', () => {
  assert.strictEqual(bytes.parse('12abc'), 12)
  assert.strictEqual(bytes.parse('0x11'), 0)
})
