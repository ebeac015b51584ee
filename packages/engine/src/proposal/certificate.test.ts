import { MemorySnapshot } from '@fixpoint/testkit'
import { expect, it } from 'vitest'
import { shapeOf } from './certificate.ts'

const source = new MemorySnapshot({ 'src/order.js': 'throw new TypeError(`unknown currency`)\nitem.price\nconst LIMIT = 1500\n' })

it.each([
  ["Cannot read properties of undefined (reading 'price')", "Cannot read properties of undefined (reading 'price')"],
  ['no customer "Ines Oliveira" in ledger', 'no customer <value> in ledger'],
  ['mail to ines.oliveira@example.com failed', 'mail to <address> failed'],
  ['card 4111 1111 1111 1111 refused, limit 1500', 'card <number> refused, limit 1500'],
  ['page 2 of 2 does not exist', 'page 2 of 2 does not exist'],
  ["first line of 'x9Q'\nsecond line", 'first line of <value>'],
])('%j keeps its shape, not its values', (text, shape) => {
  expect(shapeOf(text, source)).toBe(shape)
})
