import { setTimeout as sleep } from 'node:timers/promises'
import { type Ledger, type ReservationRequest, RunId, Spending } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'

const runOf = (number: number) => RunId.parse(`run_${String(number).padStart(26, '0')}`)
const asking = (more: Partial<ReservationRequest> = {}): ReservationRequest => ({
  ...{ run: runOf(1), repository: 'shop', atMost: { money: 1, tokens: 1000 }, budget: {}, deadlineMs: 60_000 },
  ...more,
})
const id = (answer: Awaited<ReturnType<Ledger['reserve']>>) => ('reservation' in answer ? answer.reservation : '')

/** What every ledger keeps. `make` gives an empty one on the clock of this machine. */
export function ledgerContract(make: (spending: Spending) => Ledger | Promise<Ledger>): void {
  const made = (spending: object) => make(Spending.parse(spending))

  describe('ledger contract', () => {
    it('counts the most until a call is settled, then what it was', async () => {
      const ledger = await made({ perRun: { money: 1.5 } })
      const first = await ledger.reserve(asking())
      expect(await ledger.ofRun(runOf(1))).toEqual({ money: 1, tokens: 1000 })
      expect(await ledger.reserve(asking())).toEqual({ refused: { scope: 'run', kind: 'money', spent: 1, ceiling: 1.5, until: undefined } })
      expect(await ledger.settle(id(first), { money: 0.25, tokens: 10 })).toBe(true)
      expect(await ledger.settle(id(first), { money: 0, tokens: 0 })).toBe(false)
      expect(await ledger.settle('rsv_999', { money: 0, tokens: 0 })).toBe(false)
      expect(await ledger.ofRun(runOf(1))).toEqual({ money: 0.25, tokens: 10 })
      expect(await ledger.reserve(asking())).toHaveProperty('reservation')
    })

    it.each([
      ['run', { perRun: { tokens: 1500 } }, {}],
      ['run', {}, { budget: { tokens: 1500 } }],
      ['repository', { perRepositoryPerDay: { tokens: 1500 } }, { run: runOf(2) }],
      ['day', { perDay: { tokens: 1500 } }, { run: runOf(2), repository: 'bank' }],
    ] as const)('has a ceiling per %s', async (scope, spending, second) => {
      const ledger = await made(spending)
      expect(await ledger.reserve(asking())).toHaveProperty('reservation')
      const refused = await ledger.reserve(asking(second))
      expect(refused).toMatchObject({ refused: { scope, kind: 'tokens', spent: 1000, ceiling: 1500 } })
      const { until } = 'refused' in refused ? refused.refused : { until: undefined }
      const days = until === undefined ? undefined : (until.getTime() - Date.now()) / 86_400_000
      if (scope === 'run') expect(days).toBeUndefined()
      else {
        expect(days).toBeGreaterThan(0)
        expect(days).toBeLessThanOrEqual(1)
        expect(until?.toISOString()).toMatch(/T00:00:00\.000Z$/)
      }
      if (scope !== 'day') expect(await ledger.reserve(asking({ run: runOf(3), repository: 'elsewhere' }))).toHaveProperty('reservation')
    })

    it('fifty who ask at once get no more than there is', async () => {
      const ledger = await made({ perDay: { money: 7.3 } })
      // Whoever has connections has them now.
      await Promise.all(Array.from({ length: 50 }, () => ledger.ofRun(runOf(1))))
      const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => ledger.reserve(asking({ run: runOf(index), repository: `r${index % 5}` }))))
      expect(answers.filter((answer) => 'reservation' in answer)).toHaveLength(7)
    })

    it('what nobody settled in time is spent, and no word afterwards makes it less', async () => {
      const ledger = await made({ perDay: { money: 2.5 } })
      const dead = await ledger.reserve(asking({ deadlineMs: 0 }))
      const late = await ledger.reserve(asking({ deadlineMs: 0 }))
      await sleep(20)
      expect(await ledger.since(new Date())).toMatchObject([{ spent: { money: 2, tokens: 2000 }, reserved: { money: 0, tokens: 0 } }])
      expect(await ledger.settle(id(late), { money: 0.1, tokens: 5000 })).toBe(true)
      expect(await ledger.since(new Date())).toMatchObject([{ spent: { money: 2, tokens: 6000 } }])
      expect(await ledger.reserve(asking())).toHaveProperty('refused')
      expect(id(dead)).not.toBe('')
    })

    it('tells what each repository spent on a day, and what is under way', async () => {
      const ledger = await made({})
      await ledger.settle(id(await ledger.reserve(asking())), { money: 0.000001, tokens: 3 })
      await ledger.reserve(asking({ repository: 'bank', atMost: { money: 0.3, tokens: 7 } }))
      const day = new Date().toISOString().slice(0, 10)
      expect(await ledger.since(new Date())).toEqual([
        { day, repository: 'bank', spent: { money: 0, tokens: 0 }, reserved: { money: 0.3, tokens: 7 } },
        { day, repository: 'shop', spent: { money: 0.000001, tokens: 3 }, reserved: { money: 0, tokens: 0 } },
      ])
      expect(await ledger.since(new Date(Date.now() + 86_400_000))).toEqual([])
    })

    it('a day’s ceiling that is reached is told; one of zero asks for no model and stops nobody', async () => {
      const ledger = await made({ perRepositoryPerDay: { money: 1 }, perDay: { tokens: 0 } })
      expect(await ledger.reached('shop')).toBeUndefined()
      expect(await ledger.reserve(asking())).toMatchObject({ refused: { scope: 'day', kind: 'tokens' } })
      await ledger.reserve(asking({ atMost: { money: 1, tokens: 0 } }))
      expect(await ledger.reached('shop')).toMatchObject({ scope: 'repository', kind: 'money', spent: 1, ceiling: 1 })
      expect(await ledger.reached('bank')).toBeUndefined()
    })
  })
}
