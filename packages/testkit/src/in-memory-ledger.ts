import { type Amount, type DaySpend, type Exhausted, type Ledger, passedBy, type ReservationRequest, type RunId, reachedToday, Spending } from '@fixpoint/core'

interface Line extends ReservationRequest {
  readonly day: string
  readonly deadline: Date
  spent: Amount | undefined
}

/** What was spent, for as long as the process lives. */
export class InMemoryLedger implements Ledger {
  readonly #spending: Spending
  readonly #now: () => Date
  readonly #lines: Line[] = []

  constructor(spending: Spending = Spending.parse({}), now: () => Date = () => new Date()) {
    this.#spending = spending
    this.#now = now
  }

  async reserve(request: ReservationRequest): Promise<{ reservation: string } | { refused: Exhausted }> {
    const now = this.#now()
    const refused = passedBy(request.atMost, this.#soFar(request.repository, request.run), this.#spending, request.budget, now)
    if (refused !== undefined) return { refused }
    this.#lines.push({ ...request, day: dayOf(now), deadline: new Date(now.getTime() + request.deadlineMs), spent: undefined })
    return { reservation: `rsv_${this.#lines.length - 1}` }
  }

  async settle(reservation: string, spent: Amount): Promise<boolean> {
    const line = this.#lines[Number(reservation.slice('rsv_'.length))]
    if (line === undefined || line.spent !== undefined) return false
    line.spent = line.deadline < this.#now() ? most(line.atMost, spent) : spent
    return true
  }

  async reached(repository: string): Promise<Exhausted | undefined> {
    return reachedToday(this.#soFar(repository), this.#spending, this.#now())
  }

  async ofRun(run: RunId): Promise<Amount> {
    return this.#soFar('', run).run
  }

  async since(day: Date): Promise<readonly DaySpend[]> {
    const recent = this.#lines.filter((line) => line.day >= dayOf(day))
    const keys = [...new Set(recent.map((line) => JSON.stringify([line.day, line.repository])))].map((key) => JSON.parse(key) as [string, string])
    const isOpen = (line: Line) => line.spent === undefined && line.deadline >= this.#now()
    return keys
      .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? 1 : -1))
      .map(([on, repository]) => {
        const lines = recent.filter((line) => line.day === on && line.repository === repository)
        return { day: on, repository, spent: sum(lines.filter((line) => !isOpen(line))), reserved: sum(lines.filter(isOpen)) }
      })
  }

  #soFar(repository: string, run?: RunId) {
    const today = this.#lines.filter((line) => line.day === dayOf(this.#now()))
    return {
      run: sum(this.#lines.filter((line) => line.run === run)),
      repository: sum(today.filter((line) => line.repository === repository)),
      day: sum(today),
    }
  }
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10)
}

function most(one: Amount, other: Amount): Amount {
  return { money: Math.max(one.money, other.money), tokens: Math.max(one.tokens, other.tokens) }
}

function sum(lines: readonly Line[]): Amount {
  const amounts = lines.map(({ spent, atMost }) => spent ?? atMost)
  return { money: amounts.reduce((total, { money }) => total + money, 0), tokens: amounts.reduce((total, { tokens }) => total + tokens, 0) }
}
