import { expect, test } from 'vitest'
import { asValue, type CallInput } from './call.ts'
import { type ChangedCall, changed } from './mutate.ts'
import { shrink, shrinkWithControl } from './shrink.ts'
import { array, number, object, text, UNDEFINED, valueAt } from './value.ts'

const order: CallInput = {
  args: [
    object([
      ['id', number(4711)],
      ['giftNote', text('All the best')],
      [
        'shipTo',
        object([
          ['name', text('Ada Lovelace')],
          ['city', text('London')],
        ]),
      ],
      ['lines', array([object([['sku', text('A-1')]]), object([['sku', text('B-2')]])])],
      ['weight', number(12.5)],
    ]),
  ],
  named: [],
}

/** Fails as reported without a note, and returns only for an order with an address and lines. */
function ends(input: CallInput): 'fails' | 'returns' | 'otherwise' {
  const at = (...path: (string | number)[]) => valueAt(asValue(input), ['args', 0, ...path])
  if (at() === undefined || at()?.is !== 'object') return 'otherwise'
  if (at('giftNote')?.is !== 'string') return at('giftNote') === undefined || at('giftNote')?.is === 'undefined' ? 'fails' : 'otherwise'
  return at('shipTo', 'name')?.is === 'string' && at('lines')?.is === 'array' ? 'returns' : 'otherwise'
}

async function holds(pairs: readonly ChangedCall[]): Promise<boolean[]> {
  return pairs.map((pair) => ends(changed(pair)) === 'fails' && ends(pair.control) === 'returns')
}

test('what a repaired function goes on to need is kept; all else goes', async () => {
  const small = await shrinkWithControl({ control: order, path: ['args', 0, 'giftNote'], value: undefined }, 'javascript', holds)
  expect(small.control.args).toEqual([
    object([
      ['giftNote', text('')],
      ['shipTo', object([['name', text('')]])],
      ['lines', array([])],
    ]),
  ])
  expect(changed(small).args).toEqual([
    object([
      ['shipTo', object([['name', text('')]])],
      ['lines', array([])],
    ]),
  ])
})

test('the change stays a change, and the pair stays when nothing simpler holds', async () => {
  const start = { control: order, path: ['args', 0, 'giftNote'], value: UNDEFINED }
  const small = await shrinkWithControl(start, 'javascript', holds)
  expect([ends(changed(small)), ends(small.control)]).toEqual(['fails', 'returns'])
  expect(await shrinkWithControl(start, 'javascript', async (pairs) => pairs.map(() => false))).toBe(start)
})

test('a list that could be anything stays a list', async () => {
  const call: CallInput = { args: [object([['children', array([text('a'), text('b')])]])], named: [] }
  const small = await shrink(call, 'python', async (calls) =>
    calls.map(({ args: [token] }) => token?.is === 'object' && ['array', 'object'].includes(token.entries[0]?.[1].is ?? '')),
  )
  expect(small.args).toEqual([object([['children', array([])]])])
})
