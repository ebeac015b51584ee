import { type FixedReport, inert, type SeenRelease } from '@fixpoint/core'
import { repositoryOf, revisionsOf } from './gates.ts'
import type { AfterFixHands, Lineage, WorkerHands } from './hands.ts'
import type { WorkerSettings } from './settings.ts'

const DAY = 24 * 3_600_000
/** Reports of one sweep. */
const LOOK = 100
/** Whether a fix was merged is asked so often, when nothing else happens. */
const LANDED_MS = 10 * 60_000
const NAMES_TOLD = 3

/**
 * What became of a fix. Seen again in a release that contains it: reopened. Not seen for a while after it was merged or released: confirmed.
 * A release that names no commit proves neither, and is noted.
 */
export class AfterFix {
  readonly #hands: WorkerHands
  readonly #after: AfterFixHands
  readonly #settings: WorkerSettings

  constructor(hands: WorkerHands, after: AfterFixHands, settings: WorkerSettings) {
    this.#hands = hands
    this.#after = after
    this.#settings = settings
  }

  async look(signal: AbortSignal): Promise<void> {
    const now = this.#hands.clock.now().getTime()
    const lookedBefore = new Date(now - LANDED_MS)
    const quietSince = new Date(now - this.#settings.afterFix.quietDays * DAY)
    const due = await this.#after.fixes.due({ lookedBefore, quietSince, limit: LOOK })
    for (const repository of new Set(due.map(({ report }) => repositoryOf(report, this.#settings)))) {
      const fixed = due.filter(({ report }) => repositoryOf(report, this.#settings) === repository)
      if (signal.aborted) return
      try {
        if (repository === undefined) throw new Error('no repository is named for it any more')
        await using lineage = await this.#after.openLineage(repository)
        for (const each of fixed) if (!signal.aborted) await this.#judge(each, repository, lineage, quietSince)
      } catch (error) {
        const why = error instanceof Error ? error.message : 'unknown'
        this.#hands.log.warn({ repository, reports: fixed.length, error: why }, 'what became of a fix could not be found out')
        for (const { report } of fixed) await this.#after.fixes.looked(report.id, { at: new Date(now) })
      }
    }
  }

  async #judge({ report, fix, seenSince }: FixedReport, repository: string, lineage: Lineage, quietSince: Date): Promise<void> {
    const { reports, clock, log } = this.#hands
    const at = clock.now()
    const landedNow = fix.landedAt === undefined && (await lineage.landed(fix.commit))
    const landedAt = fix.landedAt ?? (landedNow ? at : undefined)
    const unknown: SeenRelease[] = []
    let proof: SeenRelease | undefined
    for (const seen of seenSince) {
      const contained = await lineage.contains(revisionsOfRelease(seen), fix.commit)
      if (contained === 'unknown' && landedAt !== undefined && seen.lastSeen > landedAt && seen.lastSeen > quietSince) unknown.push(seen)
      if (contained === 'yes') proof ??= seen
    }
    await this.#after.fixes.looked(report.id, { at, sightings: report.sightings, ...(landedNow && { landedAt: at }) })
    if (proof !== undefined) {
      const reason = `seen again in ${nameOf(proof)}, which contains its fix (${fix.commit.slice(0, 10)})`
      if (await reports.move(report.id, { from: ['settled', 'confirmed'], to: 'reopened', reason })) log.warn({ report: report.id }, 'a report is reopened')
    } else if (unknown.length > 0) {
      await this.#note(report, `seen again in an unknown release (${namesOf(unknown)}): no tag or commit of ${repository} is called so`)
    } else if (report.state === 'settled' && landedAt !== undefined && landedAt <= quietSince && report.lastSeen <= quietSince) {
      const reason = `not seen for ${this.#settings.afterFix.quietDays} days after its fix was merged or released`
      await reports.move(report.id, { from: ['settled'], to: 'confirmed', reason })
    } else if (landedNow) {
      await this.#note(report, 'its fix is merged or released')
    }
  }

  /** What is seen again is not confirmed any more, but not reopened by guess either. */
  async #note({ id, state, reason: told }: FixedReport['report'], reason: string): Promise<void> {
    if (told !== reason) await this.#hands.reports.move(id, { from: [state], to: 'settled', reason })
  }
}

/** A release is a tag, never a branch that happens to be called so. */
function revisionsOfRelease(seen: SeenRelease): readonly string[] {
  return revisionsOf(seen).map((name) => (/^[0-9a-f]{7,64}$/.test(name) ? name : `refs/tags/${name}`))
}

function nameOf({ release, commit }: SeenRelease): string {
  return release === undefined ? `commit ${commit?.slice(0, 10)}` : `release ${JSON.stringify(inert(release, 100))}`
}

function namesOf(seen: readonly SeenRelease[]): string {
  const names = [...new Set(seen.map((each) => (each.release === undefined && each.commit === undefined ? 'none was named' : nameOf(each))))].sort()
  return [...names.slice(0, NAMES_TOLD), ...(names.length > NAMES_TOLD ? [`${names.length - NAMES_TOLD} more`] : [])].join(', ')
}
