import { expect, test } from 'vitest'
import type { CallInput } from './call.ts'
import type { Hints } from './hints.ts'
import { changed, inputsFor, mutationsOf } from './mutate.ts'
import { array, number, object, text } from './value.ts'

const nothing: Hints = { missing: new Set(), guilty: new Set(), mentioned: new Set(), around: new Set(), words: [], kind: 'other' }
const nullish: Hints = {
  ...nothing,
  kind: 'nullish',
  missing: new Set(['price']),
  guilty: new Set(['product']),
  mentioned: new Set(['item', 'product', 'price']),
}
const order: CallInput = {
  args: [
    object([
      ['id', text('A-1')],
      ['note', text('gift')],
      [
        'items',
        array([
          object([
            ['quantity', number(2)],
            ['product', object([['price', number(3)]])],
          ]),
        ]),
      ],
    ]),
    text('EUR'),
  ],
  named: [],
}

test('values on the way to what is missing come first', () => {
  const first = mutationsOf(order, nullish, 'javascript', ['order', 'currency']).slice(0, 4)
  expect(first.map(({ what }) => what)).toEqual([
    'order.items[0].product removed',
    'order.items[0].product undefined',
    'order.items[0].product null',
    'order.items[0].product empty',
  ])
})

test('one value is changed at a time, none twice, and each can be taken back', () => {
  const all = mutationsOf(order, nothing, 'javascript', ['order', 'currency'])
  expect(new Set(all.map(({ input }) => JSON.stringify(input))).size).toBe(all.length)
  for (const each of all) {
    expect(changed(each.change)).toEqual(each.input)
    expect(each.change.control).toBe(order)
  }
  for (const wanted of ['currency removed', 'order.id empty', 'order.items empty', 'order.items[0].quantity boundary', 'order.items[0].quantity swapped']) {
    expect(all.map(({ what }) => what)).toContain(wanted)
  }
})

test('Python has no undefined, and its arguments are not left out', () => {
  const all = mutationsOf(order, nothing, 'python', ['order', 'currency'])
  expect(JSON.stringify(all)).not.toContain('undefined')
  expect(all.map(({ what }) => what)).not.toContain('currency removed')
})

test('an argument before others is never left out: the others would take its place', () => {
  const removed = mutationsOf(order, nothing, 'javascript', ['order', 'currency']).filter(({ input }) => input.args.length < 2)
  expect(removed.map(({ what }) => what)).toEqual(['currency removed'])
  const made: CallInput = { receiver: { how: 'construct', args: [text('a'), text('b')], named: [] }, args: [], named: [] }
  const fewer = mutationsOf(made, nothing, 'javascript', []).flatMap(({ input }) => (input.receiver?.how === 'construct' ? [input.receiver.args] : []))
  expect(fewer.filter((args) => args.length < 2)).toEqual([[text('a')]])
})

test('what a function takes apart in its head is known by what it holds', () => {
  const call: CallInput = { args: [text('/a/b'), object([['strict', { is: 'boolean', value: true }]])], named: [] }
  const hints: Hints = { ...nothing, kind: 'nullish', missing: new Set(['strict']) }
  expect(mutationsOf(call, hints, 'javascript', ['input', undefined])[0]?.input).toEqual({ args: [text('/a/b')], named: [] })
})

test('the words of the message are tried as text, and the limit holds', () => {
  const named = mutationsOf({ args: [text('a')], named: [] }, { ...nothing, words: ['GBP'] }, 'python', ['code'])
  expect(named.map(({ input }) => input.args)).toContainEqual([text('GBP')])
  const inputs = inputsFor([order, order], nothing, 'javascript', [], 20)
  expect(inputs).toHaveLength(20)
  expect(inputs[0]).toEqual({ input: order, what: 'as recorded' })
  expect(inputs).toEqual(inputsFor([order, order], nothing, 'javascript', [], 20))
})

test('a text of several lines is cut off at each of its last lines', () => {
  const cut = mutationsOf({ args: [text('a\nb\nc')], named: [] }, nothing, 'python', ['text']).map(({ input }) => input.args[0])
  expect(cut).toContainEqual(text('a\nb'))
  expect(cut).toContainEqual(text('a'))
})
