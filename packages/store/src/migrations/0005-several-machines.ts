/** What workers say of themselves while they live, and which keys the data was sealed with: every machine needs the newest one. */
export const SEVERAL_MACHINES = `
CREATE TABLE fixpoint.workers (
  id      text PRIMARY KEY,
  beat    jsonb NOT NULL,
  seen_at timestamptz NOT NULL
);

CREATE TABLE fixpoint.seal_keys (
  id            bigint PRIMARY KEY,
  first_used_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
`
