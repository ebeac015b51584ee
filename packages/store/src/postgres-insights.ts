import type { Funnel, InsightReport, Insights, RunGroup, StepLatency } from '@fixpoint/core'
import type { Database } from './database.ts'
import { storableName } from './storable-text.ts'

const MILLION = 1_000_000

/** A line for each run that was opened in the time: what of its facts is counted. $1 and $2: the time; $3: the repository, or null. */
const OPENED = `
  opened AS (
    SELECT line.id, line.phase, line.outcome, line.opened_at, line.updated_at, coalesce(owner.repository, made.repository, '') AS repository
    FROM fixpoint.runs AS line
    LEFT JOIN fixpoint.report_runs AS made ON made.run = line.id
    LEFT JOIN fixpoint.reports AS owner ON owner.id = made.report
    WHERE line.opened_at >= $1 AND line.opened_at < $2 AND ($3::text IS NULL OR coalesce(owner.repository, made.repository) = $3)
  ), offered AS (
    SELECT DISTINCT ON (planned.run) planned.run, chosen.entry->'event'->>'candidate' AS candidate
    FROM fixpoint.events AS planned JOIN opened ON opened.id = planned.run
    JOIN fixpoint.events AS chosen ON chosen.run = planned.run AND chosen.seq < planned.seq AND chosen.kind = 'patch-chosen'
    WHERE planned.kind = 'proposal-planned' ORDER BY planned.run, planned.seq DESC, chosen.seq DESC
  ), facts AS (
    SELECT event.run,
      bool_or(kind = 'bug-reproduced') AS reproduced,
      bool_or(kind = 'patch-judged') AS patched,
      bool_or(kind = 'patch-judged' AND entry->'event'->>'verdict' IN ('fixed', 'contested', 'contradicting')) AS verified,
      bool_or(kind = 'proposal-planned') AS proposed,
      bool_or(kind = 'bug-not-reproduced') AS unreproduced,
      max(entry->'event'->>'reason') FILTER (WHERE kind = 'run-stopped') AS stopped,
      -- Of what is offered: a later patch may have been refused. Where nothing is, of the last.
      (array_agg(entry->'event'->>'drafter' ORDER BY (entry->'event'->>'candidate' = offered.candidate) IS TRUE DESC, seq DESC)
        FILTER (WHERE kind = 'patch-drafted'))[1] AS drafter
    FROM fixpoint.events AS event JOIN opened ON opened.id = event.run LEFT JOIN offered ON offered.run = event.run
    GROUP BY event.run
  ), took AS (
    SELECT spending.run, sum(coalesce(money, reserved_money)) AS money, sum(coalesce(tokens, reserved_tokens)) AS tokens
    FROM fixpoint.spending JOIN opened ON opened.id = spending.run GROUP BY 1
  ), pulls AS (
    SELECT ended.*, coalesce(survived_90, survived_30, survived_7) AS stands
    FROM fixpoint.pull_outcomes AS ended JOIN opened ON opened.id = ended.run
  ), told AS (
    SELECT opened.*, facts.*, coalesce(took.money, 0) AS money, coalesce(took.tokens, 0) AS tokens, pulls.stands, pulls.at AS merged_at
    FROM opened LEFT JOIN facts ON facts.run = opened.id LEFT JOIN took ON took.run = opened.id LEFT JOIN pulls ON pulls.run = opened.id
  )`

const GROUP = `count(*)::integer AS runs, count(*) FILTER (WHERE proposed)::integer AS proposed,
  count(*) FILTER (WHERE outcome = 'merged')::integer AS merged, count(*) FILTER (WHERE outcome = 'declined')::integer AS declined,
  sum(money) AS money, sum(tokens) AS tokens`

/** Facts that end a step, and which one. Where a person or a host ends it, the time says nothing about us. */
const STEP_OF = {
  'bug-reproduced': 'reproduce-bug',
  'bug-not-reproduced': 'reproduce-bug',
  'dossier-gathered': 'gather-dossier',
  'patch-drafted': 'draft-patch',
  'pending-dismissed': 'draft-patch',
  'drafters-exhausted': 'draft-patch',
  'patch-minimised': 'minimise-patch',
  'patch-judged': 'judge-patch',
  'patch-reviewed': 'review-patch',
  'patch-chosen': 'choose-patch',
  'reproduction-widened': 'widen-reproduction',
  'proposal-planned': 'plan-proposal',
  'run-diagnosed': 'diagnose-run',
} as const satisfies Partial<Record<string, StepLatency['step']>>

type GroupRow = Omit<RunGroup, 'money' | 'tokens'> & { readonly money: string; readonly tokens: string }
type Asked = readonly [since: Date, until: Date, repository: string | null]

/** Over the tables of reports, runs, facts, spending and pull requests. */
export class PostgresInsights implements Insights {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async between(since: Date, until: Date, repository?: string): Promise<InsightReport> {
    const asked = [since, until, repository === undefined ? null : storableName(repository)] as const
    const [counts, retention, steps, failures, byRepository, byDrafter, byModel] = await Promise.all([
      this.#counts(asked),
      this.#retention(asked),
      this.#steps(asked),
      this.#failures(asked),
      this.#groups('repository', asked),
      this.#groups("coalesce(drafter, '')", asked),
      this.#byModel(asked),
    ])
    return { ...counts, retention, steps, failures, byRepository, byDrafter, byModel }
  }

  async #counts(asked: Asked): Promise<Pick<InsightReport, 'funnel' | 'decided' | 'perMerged'>> {
    const { rows } = await this.#database.query<
      Funnel & { delivered: number; declined: number; waiting: number; minutes: number | null; money: string | null; tokens: string | null }
    >(
      `WITH ${OPENED}
       SELECT (SELECT count(*)::integer FROM fixpoint.reports AS seen
               WHERE seen.first_seen >= $1 AND seen.first_seen < $2 AND ($3::text IS NULL OR seen.repository = $3)) AS reports,
         count(*)::integer AS runs, count(*) FILTER (WHERE reproduced)::integer AS reproduced,
         count(*) FILTER (WHERE patched)::integer AS patched, count(*) FILTER (WHERE verified)::integer AS verified,
         count(*) FILTER (WHERE proposed)::integer AS proposed, count(*) FILTER (WHERE outcome = 'merged')::integer AS merged,
         count(*) FILTER (WHERE outcome = 'merged' AND stands >= 0.5)::integer AS surviving,
         count(*) FILTER (WHERE outcome = 'delivered' AND proposed)::integer AS delivered,
         count(*) FILTER (WHERE outcome = 'declined')::integer AS declined,
         count(*) FILTER (WHERE phase IN ('proposing', 'proposed'))::integer AS waiting,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM coalesce(merged_at, updated_at) - opened_at) / 60)
           FILTER (WHERE outcome = 'merged') AS minutes,
         sum(money) AS money, sum(tokens) AS tokens
       FROM told`,
      asked,
    )
    const [row] = rows
    if (row === undefined) throw new Error('a count came to nothing')
    const { delivered, declined, waiting, minutes, money, tokens, ...funnel } = row
    const { merged } = funnel
    return {
      funnel,
      decided: { merged, delivered, declined, waiting },
      perMerged:
        merged === 0 ? undefined : { medianMinutes: minutes ?? 0, money: Number(money) / MILLION / merged, tokens: Math.round(Number(tokens) / merged) },
    }
  }

  async #retention(asked: Asked): Promise<InsightReport['retention']> {
    const { rows } = await this.#database.query<{ days: 7 | 30 | 90; measured: number; share: number | null }>(
      `WITH ${OPENED}
       SELECT days, count(share)::integer AS measured, avg(share) AS share
       FROM pulls, LATERAL (VALUES (7, survived_7), (30, survived_30), (90, survived_90)) AS measure (days, share)
       WHERE outcome <> 'declined' GROUP BY days ORDER BY days`,
      asked,
    )
    return rows.flatMap(({ share, ...rest }) => (share === null ? [] : [{ ...rest, share }]))
  }

  /** Of this time and of the same length of time before it. */
  async #steps([since, until, repository]: Asked): Promise<readonly StepLatency[]> {
    const before = new Date(since.getTime() - (until.getTime() - since.getTime()))
    const { rows } = await this.#database.query<{ step: StepLatency['step']; now: boolean; times: number; median: number; slow: number }>(
      `WITH ended AS (
         SELECT event.run, event.kind, event.at, event.at - lag(event.at) OVER (PARTITION BY event.run ORDER BY event.seq) AS took
         FROM fixpoint.events AS event
         JOIN fixpoint.runs AS line ON line.id = event.run
         LEFT JOIN fixpoint.report_runs AS made ON made.run = line.id
         WHERE line.updated_at >= $1 AND line.opened_at < $3 AND event.kind <> 'model-answered' AND ($4::text IS NULL OR made.repository = $4)
       )
       SELECT step, at >= $2 AS now, count(*)::integer AS times,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM took) * 1000) AS median,
         percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM took) * 1000) AS slow
       FROM ended JOIN unnest($5::text[], $6::text[]) AS named (fact, step) ON named.fact = ended.kind
       WHERE took IS NOT NULL AND at >= $1 AND at < $3
       GROUP BY 1, 2`,
      [before, since, until, repository, Object.keys(STEP_OF), Object.values(STEP_OF)],
    )
    const former = new Map(rows.filter(({ now }) => !now).map(({ step, median }) => [step, median]))
    return rows
      .filter(({ now }) => now)
      .map(({ step, times, median, slow }) => ({ step, times, medianMs: median, slowestTenthMs: slow, beforeMs: former.get(step) }))
      .sort((one, other) => other.medianMs * other.times - one.medianMs * one.times)
  }

  async #failures(asked: Asked): Promise<InsightReport['failures']> {
    const { rows } = await this.#database.query<{ reason: string; runs: number }>(
      `WITH ${OPENED}
       SELECT coalesce(stopped, CASE WHEN outcome = 'cancelled' THEN 'cancelled' WHEN unreproduced THEN 'not-reproduced' ELSE 'no-patch' END) AS reason,
         count(*)::integer AS runs
       FROM told WHERE phase = 'settled' AND outcome IN ('abandoned', 'cancelled') GROUP BY 1 ORDER BY 2 DESC, 1`,
      asked,
    )
    return rows
  }

  async #groups(by: string, asked: Asked): Promise<readonly RunGroup[]> {
    const { rows } = await this.#database.query<GroupRow>(
      `WITH ${OPENED} SELECT ${by} AS name, ${GROUP} FROM told GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50`,
      asked,
    )
    return rows.map(groupOf)
  }

  /** A run that asked several models counts for each, with what each of them took. */
  async #byModel(asked: Asked): Promise<readonly RunGroup[]> {
    const { rows } = await this.#database.query<GroupRow>(
      `WITH ${OPENED}, answers AS (
         SELECT event.run, entry->'event'->>'model' AS model, sum((entry->'event'->>'money')::double precision) * ${MILLION} AS money,
           sum((SELECT sum(value::double precision) FROM json_each_text(entry->'event'->'usage') WHERE key LIKE '%Tokens')) AS tokens
         FROM fixpoint.events AS event JOIN opened ON opened.id = event.run WHERE kind = 'model-answered' GROUP BY 1, 2
       ), asking AS (
         SELECT answers.model, told.proposed, told.outcome, answers.money, answers.tokens FROM answers JOIN told ON told.id = answers.run
       )
       SELECT model AS name, ${GROUP} FROM asking GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50`,
      asked,
    )
    return rows.map(groupOf)
  }
}

function groupOf({ money, tokens, ...rest }: GroupRow): RunGroup {
  return { ...rest, money: Number(money) / MILLION, tokens: Number(tokens) }
}
