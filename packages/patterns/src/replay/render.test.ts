import { spawnSync } from 'node:child_process'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { renderValue } from './render.ts'
import { array, number, object, text, Value } from './value.ts'

// biome-ignore lint/suspicious/noTemplateCurlyInString: a stranger's text may hold one
const hostile = '\'"`${1}\\\n\r\t\u2028\u0000\u202e\ud800😀'
const values: readonly Value[] = [
  { is: 'undefined' },
  { is: 'null' },
  { is: 'boolean', value: true },
  number(-1.5),
  { is: 'number', value: 'NaN' },
  { is: 'number', value: '-Infinity' },
  { is: 'bigint', value: '12345678901234567890' },
  text(hostile),
  array([number(1), array([])]),
  object([
    ['a b', number(1)],
    ['__proto__', number(2)],
    ['constructor', text('x')],
  ]),
  { is: 'map', entries: [[text('a'), number(1)]] },
  { is: 'set', items: [number(1)] },
  { is: 'bytes', items: [1, 255] },
  { is: 'regexp', source: "a'\\d", flags: 'g' },
]

describe('JavaScript', () => {
  test('values are made again', () => {
    const made: unknown[] = runInNewContext(`[${values.map((value) => renderValue(value, 'javascript')).join(', ')}]`)
    expect(made.slice(0, 8)).toEqual([undefined, null, true, -1.5, Number.NaN, Number.NEGATIVE_INFINITY, 12345678901234567890n, hostile])
    expect(JSON.stringify(made.slice(8))).toBe('[[1,[]],{"a b":1,"__proto__":2,"constructor":"x"},{},{},{"0":1,"1":255},{}]')
    expect(made.slice(10).map(String)).toEqual(['[object Map]', '[object Set]', '1,255', "/a'\\d/g"])
  })

  test('what cannot be made again has a stand-in', () => {
    const instance: Value = { is: 'instance', type: 'Money', entries: [['amount', number(1)]] }
    expect(renderValue(instance, 'javascript')).toBe('{ amount: 1 }')
    expect(renderValue(instance, 'javascript', (type) => type)).toBe('Object.assign(Object.create(Money.prototype), { amount: 1 })')
    expect(renderValue({ is: 'date', value: null }, 'javascript')).toBe('new Date(NaN)')
    expect(renderValue({ is: 'date', value: 0 }, 'javascript')).toBe("new Date('1970-01-01T00:00:00.000Z')")
    expect(renderValue({ is: 'error', type: 'process.exit', message: 'x' }, 'javascript')).toBe("new Error('x')")
    expect(renderValue({ is: 'opaque', type: 'cycle' }, 'javascript')).toBe('{}')
  })
})

test('Python makes them again too', () => {
  const money: Value = { is: 'instance', type: 'Money', module: 'shop', made: true, entries: [['amount', number(1, true)]] }
  expect(renderValue(money, 'python', (type) => type)).toBe('Money(amount=1.0)')
  expect(renderValue({ ...money, entries: [['class', number(1)]] }, 'python')).toBe("__import__('types').SimpleNamespace()")
  expect(renderValue({ is: 'tuple', items: [number(1)] }, 'python')).toBe('(1,)')
  const expressions = values.map((value) => renderValue(value, 'python'))
  const ended = spawnSync('python3', ['-c', `values = [${expressions.join(', ')}]\nprint(len(values), ascii(values[7]))`], { encoding: 'utf8' })
  if (ended.error !== undefined) return console.warn('python3 is not installed: its literals are not run')
  expect(ended.stderr).toBe('')
  expect(ended.stdout).toBe(`${values.length} '\\'"\`\${1}\\\\\\n\\r\\t\\u2028\\x00\\u202e\\ud800\\U0001f600'\n`)
})

test('what a room wrote is held to its shapes', () => {
  expect(Value.safeParse({ is: 'instance', type: 'x; process.exit()', entries: [] }).success).toBe(false)
  expect(Value.safeParse({ is: 'bigint', value: '1n); evil(' }).success).toBe(false)
  expect(Value.safeParse({ is: 'decimal', value: "1') or evil('" }).success).toBe(false)
  expect(Value.safeParse({ is: 'moment', kind: 'date', fields: ['1'], utc: false }).success).toBe(false)
  expect(Value.safeParse({ is: 'unheard-of' }).success).toBe(false)
})
