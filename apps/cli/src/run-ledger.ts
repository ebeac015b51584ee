import { type Amount, type Ledger, passedBy, type ReservationRequest, Spending } from '@fixpoint/core'

/** What one run of the command line spends, for as long as it is driven: what it spent before stands in its journal. Days are a service's to watch. */
export class RunLedger implements Pick<Ledger, 'reserve' | 'settle'> {
  readonly #before: Amount
  readonly #perRun: Spending['perRun']
  readonly #amounts: Amount[] = []
  readonly #settled = new Set<string>()

  constructor(before: Amount, perRun: Spending['perRun'] = {}) {
    this.#before = before
    this.#perRun = perRun
  }

  async reserve({ atMost, budget }: ReservationRequest): ReturnType<Ledger['reserve']> {
    const nothing = { money: 0, tokens: 0 }
    const spent = { run: this.#amounts.reduce(sum, this.#before), repository: nothing, day: nothing }
    const refused = passedBy(atMost, spent, Spending.parse({ perRun: this.#perRun }), budget, new Date())
    if (refused !== undefined) return { refused }
    return { reservation: String(this.#amounts.push(atMost) - 1) }
  }

  async settle(reservation: string, spent: Amount): Promise<boolean> {
    if (this.#settled.has(reservation) || this.#amounts[Number(reservation)] === undefined) return false
    this.#settled.add(reservation)
    this.#amounts[Number(reservation)] = spent
    return true
  }
}

function sum(one: Amount, other: Amount): Amount {
  return { money: one.money + other.money, tokens: one.tokens + other.tokens }
}
