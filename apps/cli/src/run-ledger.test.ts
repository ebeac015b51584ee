import { RunId } from '@fixpoint/core'
import { expect, test } from 'vitest'
import { RunLedger } from './run-ledger.ts'

const request = (money: number, tokens = 0) => ({
  run: RunId.parse(`run_${'0'.repeat(26)}`),
  repository: '/x',
  atMost: { money, tokens },
  budget: { money: 1, tokens: 1000 },
  deadlineMs: 1000,
})

test('what was spent before counts, what is reserved counts, and what a call did not take is free again', async () => {
  const ledger = new RunLedger({ money: 0.5, tokens: 100 })
  const first = await ledger.reserve(request(0.4, 500))
  expect(first).toHaveProperty('reservation')
  expect(await ledger.reserve(request(0.2))).toMatchObject({ refused: { scope: 'run', kind: 'money', ceiling: 1 } })
  expect(await ledger.reserve(request(0, 500))).toMatchObject({ refused: { kind: 'tokens', spent: 600 } })
  if ('reservation' in first) {
    expect(await ledger.settle(first.reservation, { money: 0.1, tokens: 50 })).toBe(true)
    expect(await ledger.settle(first.reservation, { money: 0, tokens: 0 })).toBe(false)
  }
  expect(await ledger.reserve(request(0.4))).toHaveProperty('reservation')
  expect(await ledger.reserve(request(0.1))).toHaveProperty('refused')
})

test('the operator’s ceiling binds too', async () => {
  expect(await new RunLedger({ money: 0, tokens: 0 }, { money: 0.2 }).reserve(request(0.3))).toMatchObject({ refused: { ceiling: 0.2 } })
})
