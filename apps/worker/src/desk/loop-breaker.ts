import { type HostEvent, neutral } from '@fixpoint/core'
import type { WorkerHands } from '../hands.ts'
import type { DeskHands } from './desk-hands.ts'
import { refusalOf } from './who-may.ts'

const HOUR = 3_600_000
/** Wishes of one account at one place in an hour. People need a few; what asks more often is a loop. */
const MOST_WISHES = 20
/** Accounts at places remembered. */
const REMEMBERED = 5_000

/**
 * Stops listening to an account that asks for something at one place again and again; others there are heard as before. What one process remembers is
 * enough: the sign that somebody was heard and what is done for them ask about the same delivery, and a restart lets as many more through.
 */
export class LoopBreaker {
  readonly #clock: WorkerHands['clock']
  readonly #desk: Pick<DeskHands, 'hosts' | 'settingsOf'>
  readonly #asked = new Map<string, readonly { readonly delivery: string; readonly at: number }[]>()

  constructor({ clock }: Pick<WorkerHands, 'clock'>, desk: Pick<DeskHands, 'hosts' | 'settingsOf'>) {
    this.#clock = clock
    this.#desk = desk
  }

  /** Why nothing is done about it; undefined when somebody may attend to it. It is said once, to those who would be heard otherwise. */
  async refusalOf(event: HostEvent, delivery: string): Promise<string | undefined> {
    const wishes = this.#wishesBefore(event, delivery)
    if (wishes < MOST_WISHES) return undefined
    if (wishes === MOST_WISHES) await this.#say(event)
    return `${event.by.login} asked more than ${MOST_WISHES} times in an hour here`
  }

  /** Within the last hour, without this one, which counts from now on; looked at once more, it is the same wish. */
  #wishesBefore(event: HostEvent, delivery: string): number {
    const place = placeOf(event)
    if (place === undefined) return 0
    const key = `${event.repository} ${place} ${event.by.id}`
    const now = this.#clock.now().getTime()
    const recent = (this.#asked.get(key) ?? []).filter(({ at }) => at > now - HOUR)
    const known = recent.findIndex((wish) => wish.delivery === delivery)
    this.#asked.delete(key)
    this.#asked.set(key, known !== -1 || recent.length > MOST_WISHES ? recent : [...recent, { delivery, at: now }])
    const [oldest] = this.#asked.keys()
    if (this.#asked.size > REMEMBERED && oldest !== undefined) this.#asked.delete(oldest)
    return known === -1 ? recent.length : known
  }

  async #say(event: HostEvent): Promise<void> {
    if (!('issue' in event)) return
    const { repository, by, issue } = event
    const host = await this.#desk.hosts.open(repository)
    if ((await refusalOf(by, host, await this.#desk.settingsOf(repository))) === undefined)
      await host.ensureComment(issue.number, `loop-${by.id}`, said(by.login))
  }
}

/** Where something is asked for; what ends a matter is always heard. */
function placeOf(event: HostEvent): string | undefined {
  switch (event.kind) {
    case 'labelled':
    case 'unlabelled':
    case 'commanded':
      return `#${event.issue.number}`
    case 'reviewed':
      return `#${event.pull}`
    case 'button-pressed':
      return event.run
    default:
      return undefined
  }
}

function said(login: string): string {
  return `${neutral(login)} asked for something here more than ${MOST_WISHES} times in an hour. Fixpoint takes that for a loop and hears this account here again in an hour; everybody else is heard as before.\n`
}
