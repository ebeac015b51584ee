/** What was proposed for a report, what became of it, and the steps of its life. */
export const AFTER_THE_FIX = `
ALTER TABLE fixpoint.reports
  ADD COLUMN fix text,
  -- Of the run that proposed it: when it was settled.
  ADD COLUMN fixed_at timestamptz,
  ADD COLUMN landed_at timestamptz,
  -- How many sightings there were when it was last looked at, and when that was.
  ADD COLUMN looked_sightings integer NOT NULL DEFAULT 0,
  ADD COLUMN looked_at timestamptz;
CREATE INDEX reports_fixed ON fixpoint.reports (looked_at) WHERE fix IS NOT NULL AND state IN ('settled', 'confirmed');
CREATE INDEX sightings_by_moment ON fixpoint.sightings (report, at);

CREATE TABLE fixpoint.report_moves (
  report     text COLLATE "C" NOT NULL REFERENCES fixpoint.reports (id) ON DELETE CASCADE,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  from_state text NOT NULL,
  to_state   text NOT NULL,
  reason     text,
  run        text COLLATE "C"
);
CREATE INDEX report_moves_by_report ON fixpoint.report_moves (report, at);
CREATE INDEX report_moves_after_fixes ON fixpoint.report_moves (to_state) WHERE to_state IN ('reopened', 'confirmed') AND from_state <> to_state;
`
