const test = require('node:test')
const assert = require('node:assert')
const extend = require('../lib/deep-extend.js')

test('later layers win', () => {
  assert.deepStrictEqual(extend({ port: 80, log: { level: 'info' } }, { log: { level: 'debug' } }), { port: 80, log: { level: 'debug' } })
})

test('arrays are copied, not joined', () => {
  const list = [{ a: 1 }]
  const merged = extend({}, { list })
  assert.deepStrictEqual(merged.list, list)
  assert.notStrictEqual(merged.list[0], list[0])
})

test('a layer that is missing changes nothing', () => {
  assert.deepStrictEqual(extend({ port: 80 }, null, { host: 'a' }), { port: 80, host: 'a' })
})
