/** What others are told, a line per subscriber; those of a run are written with the event that they tell of. */
export const OUTBOUND = `
CREATE TABLE fixpoint.outbound (
  id           text COLLATE "C" PRIMARY KEY,
  subscriber   text NOT NULL,
  topic        text NOT NULL,
  -- What makes it one message: the run and the number of its event, or a week.
  key          text NOT NULL,
  announcement json NOT NULL,
  at           timestamptz NOT NULL,
  run          text COLLATE "C",
  report       text COLLATE "C",
  repository   text,
  state        text NOT NULL DEFAULT 'waiting',
  attempts     integer NOT NULL DEFAULT 0,
  next_at      timestamptz NOT NULL DEFAULT now(),
  -- By whoever is sending it now.
  taken_until  timestamptz,
  reason       text,
  UNIQUE (subscriber, topic, key)
);
CREATE INDEX outbound_waiting ON fixpoint.outbound (subscriber, next_at, id) WHERE state = 'waiting';
CREATE INDEX outbound_by_state ON fixpoint.outbound (state, id);
CREATE INDEX outbound_by_age ON fixpoint.outbound (at) WHERE state <> 'waiting';
`
