import type { DailySightings, NewSighting, ReportChange, ReportMove, ReportState, Reports, Retention, RunId, Severity, StoredReport } from '@fixpoint/core'

type Kept = { -readonly [Field in keyof Omit<StoredReport, 'runs'>]: StoredReport[Field] } & {
  hasTrace: boolean
  readonly moves: ReportMove[]
  readonly runs: { readonly run: RunId; readonly at: Date }[]
}

const WORST_LAST: readonly Severity[] = ['info', 'warning', 'error', 'fatal']

/** States in which somebody's wish for a run is remembered. */
const WAITING: readonly ReportState[] = ['new', 'held', 'reopened', 'needs-trace']

/** Reports and their sightings for as long as the process lives. */
export class InMemoryReports implements Reports, Retention {
  readonly #reports: Kept[] = []
  /** When each was, by report and delivery. */
  readonly #sightings = new Map<string, { readonly report: string; readonly at: Date }>()
  readonly #now: () => Date

  constructor(now: () => Date = () => new Date()) {
    this.#now = now
  }

  async sight(sighting: NewSighting): Promise<{ report: StoredReport; created: boolean }> {
    const known = this.#reports.find((kept) => kept.groupKey === sighting.groupKey) ?? this.#takenOver(sighting)
    const report = known ?? firstSeen(`rep_${String(this.#reports.length + 1).padStart(26, '0')}`, sighting)
    const occurrence = JSON.stringify([sighting.delivery, report.id])
    if (known !== undefined && this.#sightings.has(occurrence)) return { report: stored(known), created: false }
    this.#sightings.set(occurrence, { report: report.id, at: sighting.at })
    if (known !== undefined) {
      count(known, sighting)
      return { report: stored(known), created: false }
    }
    this.#reports.push(report)
    return { report: stored(report), created: true }
  }

  async retell(id: string, told: Parameters<Reports['retell']>[1]): Promise<boolean> {
    const kept = this.#find(id)
    if (kept !== undefined) Object.assign(kept, { report: told.report, title: told.title })
    return kept !== undefined
  }

  async get(id: string): Promise<StoredReport | undefined> {
    const kept = this.#find(id)
    return kept === undefined ? undefined : stored(kept)
  }

  async ofRun(run: RunId): Promise<StoredReport | undefined> {
    const kept = this.#reports.find(({ runs }) => runs.some((opened) => opened.run === run))
    return kept === undefined ? undefined : stored(kept)
  }

  async move(id: string, change: ReportChange): Promise<boolean> {
    const kept = this.#find(id)
    if (kept === undefined || !change.from.includes(kept.state)) return false
    kept.moves.push({ at: this.#now(), from: kept.state, to: change.to, reason: change.reason, run: change.run })
    if (kept.state === 'running' && change.to === 'settled') kept.fix = change.fix
    kept.state = change.to
    kept.reason = change.reason
    if (change.run !== undefined) kept.askedBy = change.wantedBy ?? kept.wantedBy
    kept.wantedBy = WAITING.includes(change.to) ? (change.wantedBy ?? kept.wantedBy) : undefined
    const { run } = change
    if (run !== undefined && !kept.runs.some((known) => known.run === run)) kept.runs.push({ run, at: this.#now() })
    return true
  }

  async history(id: string, limit: number): Promise<readonly ReportMove[]> {
    return this.#find(id)?.moves.toReversed().slice(0, limit) ?? []
  }

  async sightingsByDay(id: string, since: Date): Promise<readonly DailySightings[]> {
    const seen = [...this.#sightings.values()].filter(({ report, at }) => report === id && at >= since).map(({ at }) => at.toISOString().slice(0, 10))
    return [...new Set(seen)].sort().map((day) => ({ day, sightings: seen.filter((each) => each === day).length }))
  }

  async list(page: Parameters<Reports['list']>[0]): Promise<readonly StoredReport[]> {
    const newestFirst = this.#reports.toSorted((one, other) => other.lastSeen.getTime() - one.lastSeen.getTime() || (one.id < other.id ? 1 : -1))
    const { before } = page
    return newestFirst
      .filter(
        (kept) => before === undefined || kept.lastSeen < before.lastSeen || (kept.lastSeen.getTime() === before.lastSeen.getTime() && kept.id < before.id),
      )
      .filter((kept) => (page.state === undefined || kept.state === page.state) && (page.repository === undefined || kept.repository === page.repository))
      .slice(0, page.limit)
      .map(stored)
  }

  async runsSince(since: Date, repository?: string): Promise<number> {
    return this.#reports
      .filter((kept) => repository === undefined || kept.repository === repository)
      .flatMap((kept) => kept.runs.filter((run) => run.at >= since)).length
  }

  /** Single sightings go; the reports and their counts stay. */
  async expire(before: Date): Promise<number> {
    const expired = [...this.#sightings].filter(([, { at }]) => at < before)
    for (const [occurrence] of expired) this.#sightings.delete(occurrence)
    return expired.length
  }

  #takenOver({ groupKey, formerKey, repository }: NewSighting): Kept | undefined {
    const former = this.#reports.find((kept) => kept.groupKey === formerKey && kept.repository === undefined)
    if (former !== undefined) Object.assign(former, { groupKey, repository })
    return former
  }

  #find(id: string): Kept | undefined {
    return this.#reports.find((kept) => kept.id === id)
  }
}

function firstSeen(id: string, sighting: NewSighting): Kept {
  const { groupKey, title, severity, source, repository, service, environment, release, commit, url, report, hasTrace } = sighting
  return {
    ...{ id, groupKey, title, severity, source, repository, service, environment, release, commit, url, report, hasTrace },
    ...{ state: hasTrace ? 'new' : 'needs-trace', reason: undefined, wantedBy: undefined, askedBy: undefined, missing: [...(sighting.missing ?? [])] },
    ...{ sightings: 1, firstSeen: sighting.at, lastSeen: sighting.at, fix: undefined, moves: [], runs: [] },
  }
}

/** The newest sighting tells where and in which release; the first one that has a trace tells what. */
function count(kept: Kept, sighting: NewSighting): void {
  const isNewest = sighting.at >= kept.lastSeen
  kept.sightings += 1
  if (isNewest) kept.lastSeen = sighting.at
  if (sighting.at < kept.firstSeen) kept.firstSeen = sighting.at
  if (WORST_LAST.indexOf(sighting.severity) > WORST_LAST.indexOf(kept.severity)) kept.severity = sighting.severity
  kept.repository ??= sighting.repository
  kept.service ??= sighting.service
  for (const field of ['environment', 'release', 'commit', 'url'] as const) {
    kept[field] = isNewest ? (sighting[field] ?? kept[field]) : (kept[field] ?? sighting[field])
  }
  if (!sighting.hasTrace || kept.hasTrace) return
  kept.hasTrace = true
  kept.title = sighting.title
  kept.report = sighting.report
  kept.missing = [...(sighting.missing ?? [])]
  if (kept.state === 'needs-trace') {
    kept.state = 'new'
    kept.reason = undefined
  }
}

function stored({ hasTrace: _, moves: __, runs, ...report }: Kept): StoredReport {
  return { ...report, missing: [...report.missing], runs: runs.map(({ run }) => run) }
}
