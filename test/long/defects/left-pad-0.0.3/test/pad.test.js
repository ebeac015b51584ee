const test = require('node:test')
const assert = require('node:assert')
const pad = require('../index.js')

test('pads with spaces by itself', () => assert.strictEqual(pad('ab', 5), '   ab'))
test('pads with what it is given', () => assert.strictEqual(pad('ab', 4, '-'), '--ab'))
test('leaves what is long enough', () => assert.strictEqual(pad('abcd', 2), 'abcd'))
test('an empty string pads with spaces', () => assert.strictEqual(pad('x', 3, ''), '  x'))
test('an order number is padded with the digit 0', () => assert.strictEqual(pad(7, 3, 0), '007'))
