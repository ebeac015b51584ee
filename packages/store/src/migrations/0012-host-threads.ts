/** Threads of code hosts, the reports they belong to, and what became of pull requests. */
export const HOST_THREADS = `
CREATE TABLE fixpoint.host_threads (
  repository text NOT NULL,
  number     integer NOT NULL,
  kind       text NOT NULL,
  report     text COLLATE "C" NOT NULL REFERENCES fixpoint.reports (id) ON DELETE CASCADE,
  run        text COLLATE "C",
  bound_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (repository, number)
);
CREATE INDEX host_threads_by_report ON fixpoint.host_threads (report, bound_at);

CREATE TABLE fixpoint.pull_outcomes (
  repository  text NOT NULL,
  number      integer NOT NULL,
  run         text COLLATE "C" NOT NULL,
  outcome     text NOT NULL,
  at          timestamptz NOT NULL,
  commit      text,
  survived_7  double precision,
  survived_30 double precision,
  survived_90 double precision,
  PRIMARY KEY (repository, number)
);
CREATE INDEX pull_outcomes_by_moment ON fixpoint.pull_outcomes (at);
CREATE INDEX pull_outcomes_unmeasured ON fixpoint.pull_outcomes (at)
  WHERE outcome <> 'declined' AND (survived_7 IS NULL OR survived_30 IS NULL OR survived_90 IS NULL);
`
