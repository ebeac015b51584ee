import type { HostEvent, HostedRepository, Reaction, RepositoryName } from '@fixpoint/core'
import type { DeskHands, DeskSettings } from './desk-hands.ts'
import { refusalOf } from './who-may.ts'

/** Something that somebody asks for where a sign can be left. */
export type Asking = Extract<HostEvent, { kind: 'labelled' | 'commanded' }>
/** Where somebody is heard, and by which rules. */
export interface Heard {
  readonly host: HostedRepository
  readonly settings: DeskSettings
}

type Place = Parameters<HostedRepository['react']>[0]

/** Signs remembered, so that one that was given is not given again. */
const REMEMBERED = 1_000

/**
 * Whether somebody is heard, and the sign that says so: 👀 before anything else is done, 😕 for a person who may not ask. Twice is once. Where
 * nothing is begun, a sign would promise what does not come: whoever may ask is told in words.
 */
export class Hearing {
  readonly #desk: Pick<DeskHands, 'hosts' | 'settingsOf'>
  readonly #signs = new Map<string, Promise<void>>()

  constructor(desk: Pick<DeskHands, 'hosts' | 'settingsOf'>) {
    this.#desk = desk
  }

  async of(event: Asking): Promise<Heard | { readonly ignored: string }> {
    const { repository, by } = event
    const [settings, host] = await Promise.all([this.#desk.settingsOf(repository), this.#desk.hosts.open(repository)])
    const notMeant = event.kind === 'labelled' ? refusalOfLabel(event.label, settings) : undefined
    if (notMeant !== undefined) return { ignored: notMeant }
    const refusal = await refusalOf(by, host, settings)
    if (refusal === undefined) {
      if (settings.off === undefined || !asksForRun(event)) await this.#sign(host, repository, placeOf(event), 'eyes')
      return { host, settings }
    }
    // An app reads no signs.
    if (!by.bot) await this.#sign(host, repository, placeOf(event), 'confused')
    return { ignored: refusal }
  }

  async #sign(host: HostedRepository, repository: RepositoryName, place: Place, reaction: Reaction): Promise<void> {
    const key = JSON.stringify([repository, place, reaction])
    const given = this.#signs.get(key) ?? host.react(place, reaction)
    this.#signs.delete(key)
    this.#signs.set(key, given)
    const [oldest] = this.#signs.keys()
    if (this.#signs.size > REMEMBERED && oldest !== undefined) this.#signs.delete(oldest)
    try {
      await given
    } catch (error) {
      if (this.#signs.get(key) === given) this.#signs.delete(key)
      throw error
    }
  }
}

/** Why a label begins nothing. */
export function refusalOfLabel(label: string, { labels }: Pick<DeskSettings, 'labels'>): string | undefined {
  // Labels of a code host do not differ by case alone.
  return labels.some((each) => each.toLowerCase() === label.toLowerCase()) ? undefined : `${JSON.stringify(label)} is no label that asks for a run`
}

/** Words on an issue whose run is under way are for that run; whoever says them sees what it does with them. */
function asksForRun(event: Asking): boolean {
  return event.kind === 'labelled' || (!event.pull && ['run', 'retry', 'words'].includes(event.command.name))
}

function placeOf(event: Asking): Place {
  if (event.kind === 'labelled') return { issue: event.issue.number }
  return event.point ? { point: event.comment } : { comment: event.comment }
}
