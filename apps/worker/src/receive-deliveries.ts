import { type Alert, BugReport, type DeliveryRecord, Failure, type IngestKey, inert, reveal } from '@fixpoint/core'
import { Archive } from '@fixpoint/engine'
import { githubDeliveries, groupKeyAt, hasTrace, reportOfAlert } from '@fixpoint/intake'
import type { HostDeliveries } from './desk/host-deliveries.ts'
import { repositoryOf } from './gates.ts'
import type { Conclusion, WorkerHands } from './hands.ts'
import { OriginalFrames } from './original-frames.ts'
import type { WorkerSettings } from './settings.ts'
import { StormGuard } from './storm-guard.ts'

const BATCH = 50
/** Deliveries looked at at once. */
const TOGETHER = 8
const REPORTS_REMEMBERED = 500
const TITLE = 300

export interface Sighted {
  /** A person looks at it once more. */
  readonly replayed: boolean
}

/** Turns accepted deliveries into sightings of reports. It may die anywhere: a sighting counts once per delivery, and a delivery waits until it is concluded. */
export class Receiver {
  readonly #hands: WorkerHands
  readonly #settings: WorkerSettings
  readonly #archive: Archive
  readonly #originals: OriginalFrames
  readonly #host: Pick<HostDeliveries, 'hear'> | undefined
  #guard: StormGuard | undefined
  #lastRead: Promise<unknown> = Promise.resolve()

  /** `host`: attends to what a code host delivers, and to the runs that come of it. */
  constructor(hands: WorkerHands, settings: WorkerSettings, host?: Pick<HostDeliveries, 'hear'>) {
    this.#host = host
    this.#hands = hands
    this.#settings = settings
    this.#archive = new Archive(hands.artifacts)
    this.#originals = new OriginalFrames(hands)
  }

  /** `sighted` hears of every batch's reports, once each. Says how many deliveries were concluded. */
  async receive(signal: AbortSignal, sighted: (reports: ReadonlyMap<string, Sighted>) => Promise<void>): Promise<number> {
    this.#guard ??= new StormGuard(await this.#hands.reports.list({ limit: REPORTS_REMEMBERED }))
    const guard = this.#guard
    let concluded = 0
    for (;;) {
      const batch = await this.#hands.deliveries.waiting(BATCH)
      if (batch.length === 0 || signal.aborted) return concluded
      const keys = new Map((await this.#hands.tokens.ingestKeys()).map((key) => [key.id, key]))
      const reports = new Map<string, Sighted>()
      for (let from = 0; from < batch.length && !signal.aborted; from += TOGETHER) {
        const some = batch.slice(from, from + TOGETHER)
        const conclusions = await Promise.all(some.map((delivery) => this.#conclusionOf(delivery, keys.get(delivery.key), guard)))
        // It waits and has reports already: somebody replays it.
        for (const [index, conclusion] of conclusions.entries())
          if (some[index]?.source !== githubDeliveries.name)
            for (const report of conclusion.reports)
              reports.set(report, { replayed: reports.get(report)?.replayed === true || some[index]?.reports.includes(report) === true })
        await Promise.all(some.map(({ id }, index) => this.#hands.deliveries.conclude(id, conclusions[index] ?? failed('it was not looked at'))))
        concluded += some.length
      }
      await sighted(reports)
    }
  }

  /** A delivery that makes us stumble is concluded as failed, so that it does not hold up those behind it; a failure of the world is not its fault. */
  async #conclusionOf(delivery: DeliveryRecord, key: IngestKey | undefined, guard: StormGuard): Promise<Conclusion> {
    try {
      return await this.#look(delivery, key, guard)
    } catch (error) {
      if (error instanceof Failure) throw error
      this.#hands.log.error(
        { delivery: delivery.id, source: delivery.source, error: error instanceof Error ? error.name : 'unknown' },
        'a delivery could not be read',
      )
      return failed('it could not be read: this is a bug of Fixpoint')
    }
  }

  async #look(delivery: DeliveryRecord, key: IngestKey | undefined, guard: StormGuard): Promise<Conclusion> {
    if (delivery.source === githubDeliveries.name) return this.#hear(delivery)
    const source = this.#hands.sources.get(delivery.source)
    if (source === undefined) return failed(`there is no source ${JSON.stringify(delivery.source)} in this version`)
    const content = await this.#hands.deliveries.content(delivery.id)
    if (content === undefined) return failed('its content has expired')
    const normalised = source.normalise(content.headers, content.body)
    if ('malformed' in normalised) return failed(normalised.malformed)
    if ('ignored' in normalised) return { state: 'ignored', reason: normalised.ignored, reports: [] }
    if ('confirm' in normalised) return this.#confirm(normalised.confirm)
    if (normalised.alerts.length === 0) return { state: 'ignored', reason: 'it holds no alert', reports: [] }
    const reports: string[] = []
    let shed = 0
    for (const alert of normalised.alerts) {
      const report = await this.#sight(alert, delivery, key, guard)
      if (report === undefined) shed += 1
      else if (!reports.includes(report)) reports.push(report)
    }
    const limit = this.#perHour(delivery.source)
    const notes = [
      ...(shed > 0
        ? [`shed: more than ${limit} new defects from this source in an hour${reports.length > 0 ? ` (${shed} of ${normalised.alerts.length} alerts)` : ''}`]
        : []),
      ...(normalised.leftOut > 0 ? [`${normalised.leftOut} more alerts were left out: the payload holds too many`] : []),
    ]
    return { state: reports.length > 0 ? 'reported' : 'shed', ...(notes.length > 0 && { reason: notes.join('; ') }), reports }
  }

  /** A code host tells of people, not of alerts. */
  async #hear(delivery: DeliveryRecord): Promise<Conclusion> {
    const { deliveries } = this.#hands
    const host = this.#host
    if (host === undefined) return failed('GitHub is not set up in this service')
    // Read one after another, so that they are handed on in the order in which they came.
    const read = this.#lastRead.then(() => deliveries.content(delivery.id))
    this.#lastRead = read.catch(() => undefined)
    const content = await read
    return content === undefined ? failed('its content has expired') : host.hear(delivery, content.headers, content.body)
  }

  /** The id of the report, or nothing when it was shed. */
  async #sight(alert: Alert, delivery: DeliveryRecord, key: IngestKey | undefined, guard: StormGuard): Promise<string | undefined> {
    const place = this.#placeOf(alert, key)
    const report = await reportOfAlert(alert, {
      originals: (traces) => this.#originals.of([...traces], alert, place.service),
      allowedFields: this.#settings.privacy.allowedFields,
    })
    const groupKey = groupKeyAt(report.groupKey, place)
    const formerKey = place.repository === undefined ? undefined : groupKeyAt(report.groupKey, { service: place.service })
    const known = guard.has(groupKey)
    if (!guard.admits(groupKey, delivery.source, this.#hands.clock.now(), this.#perHour(delivery.source))) return
    const { created, report: stored } = await this.#hands.reports.sight({
      groupKey,
      formerKey,
      title: inert(reveal(report.title), TITLE),
      report: await this.#archive.put(BugReport, report),
      hasTrace: hasTrace(report),
      severity: alert.severity,
      source: delivery.source,
      delivery: delivery.id,
      at: this.#timeOf(alert, delivery),
      ...place,
      ...{ environment: alert.environment, release: alert.release, commit: alert.commit, url: alert.url, missing: alert.missing },
    })
    if (!known && !created) guard.wasKnown(delivery.source, this.#hands.clock.now())
    return stored.id
  }

  /** What the alert says goes before what its key stands for, and a key's repository before the mapping of its service. */
  #placeOf(alert: Alert, key: IngestKey | undefined): { readonly repository: string | undefined; readonly service: string | undefined } {
    const service = alert.service ?? key?.service
    const ofKey = alert.service === undefined ? key?.repository : undefined
    return { repository: alert.repository ?? ofKey ?? repositoryOf({ service }, this.#settings) ?? key?.repository, service }
  }

  async #confirm({ url, topic }: { readonly url: string; readonly topic: string }): Promise<Conclusion> {
    const { confirm, log } = this.#hands
    if (confirm === undefined) return { state: 'ignored', reason: `the subscription to ${topic} waits: this service may not confirm it`, reports: [] }
    try {
      await confirm(url)
      return { state: 'ignored', reason: `confirmed the subscription to ${topic}`, reports: [] }
    } catch (error) {
      log.warn({ topic, error: error instanceof Error ? error.name : 'unknown' }, 'a subscription could not be confirmed')
      return failed(`the subscription to ${topic} could not be confirmed: replay this delivery to try again`)
    }
  }

  /** A clock of a stranger may say anything: never after it came, and not long before. */
  #timeOf(alert: Alert, delivery: DeliveryRecord): Date {
    const told = alert.occurredAt === undefined ? Number.NaN : Date.parse(alert.occurredAt)
    const came = delivery.receivedAt.getTime()
    return told > came - 7 * 24 * 3_600_000 && told <= came ? new Date(told) : delivery.receivedAt
  }

  #perHour(source: string): number {
    const { gates } = this.#settings
    return gates.sources[source]?.newReportsPerHour ?? gates.newReportsPerHour
  }
}

function failed(reason: string): Conclusion {
  return { state: 'failed', reason, reports: [] }
}
