import { randomUUID } from 'node:crypto'
import type { RunId } from '@fixpoint/core'
import type pg from 'pg'
import type { Claim, ParkedRun, Turnstile } from './turnstile.ts'

/** A key of `pg_advisory_xact_lock` that nothing else of ours uses. */
const MIGRATING = 0x66_71_75_65

/** Idempotent, so that it is its own migration; a change that is not gets a number. */
const SCHEMA = `
CREATE SCHEMA IF NOT EXISTS fixpoint_queue;
CREATE TABLE IF NOT EXISTS fixpoint_queue.place (
  namespace text NOT NULL,
  key text NOT NULL,
  holder text NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (namespace, key, holder)
);
CREATE TABLE IF NOT EXISTS fixpoint_queue.parked (
  namespace text NOT NULL,
  run text NOT NULL,
  evidence jsonb NOT NULL,
  PRIMARY KEY (namespace, run)
);
CREATE TABLE IF NOT EXISTS fixpoint_queue.death (
  namespace text NOT NULL,
  run text NOT NULL,
  death text NOT NULL,
  reached integer NOT NULL,
  deaths integer NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (namespace, run)
);
CREATE OR REPLACE FUNCTION fixpoint_queue.enter(p_namespace text, p_keys text[], p_limits integer[], p_holder text, p_ttl_ms double precision) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_until timestamptz;
BEGIN
  -- In one order, so that nobody waits for somebody who waits for him.
  PERFORM pg_advisory_xact_lock(${MIGRATING}, hashtext(p_namespace || ':' || k)) FROM (SELECT unnest(p_keys) AS k ORDER BY 1) AS keys;
  v_until := clock_timestamp() + make_interval(secs => p_ttl_ms / 1000);
  DELETE FROM fixpoint_queue.place WHERE namespace = p_namespace AND key = ANY (p_keys) AND until < clock_timestamp();
  FOR i IN 1 .. cardinality(p_keys) LOOP
    IF (SELECT count(*) FROM fixpoint_queue.place WHERE namespace = p_namespace AND key = p_keys[i] AND holder <> p_holder) >= p_limits[i] THEN
      RETURN p_keys[i];
    END IF;
  END LOOP;
  INSERT INTO fixpoint_queue.place (namespace, key, holder, until) SELECT p_namespace, k, p_holder, v_until FROM unnest(p_keys) AS k
    ON CONFLICT (namespace, key, holder) DO UPDATE SET until = EXCLUDED.until;
  RETURN NULL;
END;
$$;
`

export class PostgresTurnstile implements Turnstile {
  readonly #pool: pg.Pool
  readonly #namespace: string

  private constructor(pool: pg.Pool, namespace: string) {
    this.#pool = pool
    this.#namespace = namespace
  }

  static async open(client: pg.ClientBase, pool: pg.Pool, namespace: string): Promise<PostgresTurnstile> {
    await client.query('BEGIN')
    try {
      await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATING])
      await client.query(SCHEMA)
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined)
      throw error
    }
    return new PostgresTurnstile(pool, namespace)
  }

  async enter(claims: readonly Claim[], holder: string, ttlMs: number): Promise<string | undefined> {
    const { rows } = await this.#pool.query<{ full: string | null }>('SELECT fixpoint_queue.enter($1, $2, $3, $4, $5) AS full', [
      this.#namespace,
      claims.map(({ key }) => key),
      claims.map(({ limit }) => limit),
      holder,
      ttlMs,
    ])
    return rows[0]?.full ?? undefined
  }

  async stay(keys: readonly string[], holder: string, ttlMs: number): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `UPDATE fixpoint_queue.place SET until = clock_timestamp() + make_interval(secs => $4::double precision / 1000)
        WHERE namespace = $1 AND key = ANY ($2) AND holder = $3`,
      [this.#namespace, keys, holder, ttlMs],
    )
    return rowCount === keys.length
  }

  async leave(keys: readonly string[], holder: string): Promise<void> {
    await this.#pool.query('DELETE FROM fixpoint_queue.place WHERE namespace = $1 AND key = ANY ($2) AND holder = $3', [this.#namespace, keys, holder])
  }

  async died(run: RunId, death: string, reached: number): Promise<{ readonly deaths: number; readonly agoMs: number }> {
    await this.#pool.query("DELETE FROM fixpoint_queue.death WHERE namespace = $1 AND at < now() - interval '7 days'", [this.#namespace])
    const { rows } = await this.#pool.query<{ deaths: number; ago: number }>(
      `INSERT INTO fixpoint_queue.death AS known (namespace, run, death, reached, deaths, at) VALUES ($1, $2, $3, $4, 1, clock_timestamp())
       ON CONFLICT (namespace, run) DO UPDATE SET
         deaths = CASE WHEN known.death = $3 THEN known.deaths WHEN known.reached < $4 THEN 1 ELSE known.deaths + 1 END,
         at = CASE WHEN known.death = $3 THEN known.at ELSE clock_timestamp() END, death = $3, reached = $4
       RETURNING deaths, (extract(epoch FROM clock_timestamp() - at) * 1000)::double precision AS ago`,
      [this.#namespace, run, death, reached],
    )
    return { deaths: rows[0]?.deaths ?? 1, agoMs: rows[0]?.ago ?? 0 }
  }

  async lived(run: RunId): Promise<void> {
    await this.#pool.query('DELETE FROM fixpoint_queue.death WHERE namespace = $1 AND run = $2', [this.#namespace, run])
  }

  async park(evidence: ParkedRun): Promise<void> {
    await this.#pool.query(
      'INSERT INTO fixpoint_queue.parked (namespace, run, evidence) VALUES ($1, $2, $3) ON CONFLICT (namespace, run) DO UPDATE SET evidence = EXCLUDED.evidence',
      [this.#namespace, evidence.run, JSON.stringify(evidence)],
    )
  }

  async isParked(run: RunId): Promise<boolean> {
    const { rowCount } = await this.#pool.query('SELECT 1 FROM fixpoint_queue.parked WHERE namespace = $1 AND run = $2', [this.#namespace, run])
    return rowCount === 1
  }

  async parked(): Promise<readonly ParkedRun[]> {
    const { rows } = await this.#pool.query<{ evidence: ParkedRun }>(
      'SELECT evidence FROM fixpoint_queue.parked WHERE namespace = $1 ORDER BY run DESC LIMIT 1000',
      [this.#namespace],
    )
    return rows.map(({ evidence }) => evidence)
  }

  async release(run: RunId): Promise<boolean> {
    await this.lived(run)
    const { rowCount } = await this.#pool.query('DELETE FROM fixpoint_queue.parked WHERE namespace = $1 AND run = $2', [this.#namespace, run])
    return rowCount === 1
  }

  async once(key: string, ms: number): Promise<boolean> {
    const full = await this.enter([{ key: `once:${key}`, limit: 1 }], randomUUID(), ms)
    return full === undefined
  }
}
