import { Digest, RunId, type WithheldProposal } from '@fixpoint/core'
import type { Database } from './database.ts'

interface Row {
  readonly run: string
  readonly at: Date
  readonly proposal: string
  readonly report: string | null
  readonly repository: string | null
  readonly seen_again: number
}

/** Proposals of runs that only observed. */
export class PostgresWithheld {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Oldest first. */
  async between(since: Date, until: Date, limit: number): Promise<readonly WithheldProposal[]> {
    const { rows } = await this.#database.query<Row>(
      `SELECT event.run, event.at, line.proposal, owner.report, owner.repository,
         (SELECT count(*)::integer FROM fixpoint.sightings AS seen WHERE seen.report = owner.report AND seen.at > event.at) AS seen_again
       FROM fixpoint.events AS event JOIN fixpoint.runs AS line ON line.id = event.run LEFT JOIN fixpoint.report_runs AS owner ON owner.run = event.run
       WHERE event.kind = 'proposal-withheld' AND event.at >= $1 AND event.at < $2 AND line.proposal IS NOT NULL
       ORDER BY event.at, event.run LIMIT $3`,
      [since, until, limit],
    )
    return rows.map(({ run, at, proposal, report, repository, seen_again }) => ({
      ...{ run: RunId.parse(run), at, proposal: Digest.parse(proposal), seenAgain: seen_again },
      ...{ report: report ?? undefined, repository: repository ?? undefined },
    }))
  }
}
