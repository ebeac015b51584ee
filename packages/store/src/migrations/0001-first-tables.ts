/**
 * Everything is in the schema `fixpoint` and named with it, so that nothing depends on a search path and nothing meets the tables of
 * BullMQ or of whoever else shares the database. Ids sort by time, which takes the collation "C". Text of strangers is put here
 * without NUL, which PostgreSQL cannot keep.
 */
export const FIRST_TABLES = `
-- The journal. The primary key is the sequence gate. "entry" is the event as it was written, byte for byte.
CREATE TABLE fixpoint.events (
  run   text COLLATE "C" NOT NULL,
  seq   integer NOT NULL CHECK (seq >= 0),
  at    timestamptz NOT NULL,
  kind  text NOT NULL,
  entry json NOT NULL,
  -- Of the append that wrote it: tells an append whose answer was lost that it had arrived.
  token uuid NOT NULL,
  PRIMARY KEY (run, seq)
);

-- The right to append. The fence only ever rises: the newest lease wins.
CREATE TABLE fixpoint.leases (
  run      text COLLATE "C" PRIMARY KEY,
  fence    bigint NOT NULL,
  held     boolean NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT now()
);

-- Read model: folded from the journal in the transaction of each append.
CREATE TABLE fixpoint.runs (
  id         text COLLATE "C" PRIMARY KEY,
  phase      text NOT NULL,
  awaiting   boolean NOT NULL,
  outcome    text,
  report     text NOT NULL,
  proposal   text,
  entries    integer NOT NULL,
  opened_at  timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX runs_by_phase ON fixpoint.runs (phase, id);
CREATE INDEX runs_awaiting ON fixpoint.runs (id) WHERE awaiting;
CREATE INDEX runs_unsettled ON fixpoint.runs (updated_at, id) WHERE phase <> 'settled';

-- Bytes by lower-case hexadecimal SHA-256, packed by us: PostgreSQL need not try again.
CREATE TABLE fixpoint.artifacts (
  digest     text COLLATE "C" PRIMARY KEY,
  packing    text NOT NULL,
  size       bigint NOT NULL,
  bytes      bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Put again: what is still in use is not expired.
  kept_at    timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE fixpoint.artifacts ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE INDEX artifacts_by_age ON fixpoint.artifacts (kept_at);

-- What people and hosts say to a run.
CREATE TABLE fixpoint.inbox (
  id       text COLLATE "C" PRIMARY KEY,
  run      text COLLATE "C" NOT NULL,
  at       timestamptz NOT NULL DEFAULT now(),
  message  json NOT NULL,
  taken_at timestamptz,
  why      text
);
CREATE INDEX inbox_waiting ON fixpoint.inbox (run, id) WHERE taken_at IS NULL;

-- Ingest keys ('ingest'), API tokens ('api'), login links ('link') and sessions ('session'). Of the secret only its SHA-256 is kept;
-- the signing secret is sealed. A link that was used and a session that ended are revoked.
CREATE TABLE fixpoint.tokens (
  id             text COLLATE "C" PRIMARY KEY,
  kind           text NOT NULL,
  name           text NOT NULL,
  scopes         text[] NOT NULL DEFAULT '{}',
  secret_sha256  bytea NOT NULL UNIQUE,
  -- The API token that a link or a session ends with.
  token          text COLLATE "C" REFERENCES fixpoint.tokens (id),
  source         text,
  repository     text,
  service        text,
  signing_secret bytea,
  created_at     timestamptz NOT NULL DEFAULT now(),
  expires_at     timestamptz,
  revoked_at     timestamptz,
  last_used_at   timestamptz
);
CREATE INDEX tokens_by_token ON fixpoint.tokens (token) WHERE token IS NOT NULL;
CREATE INDEX tokens_by_expiry ON fixpoint.tokens (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX tokens_by_kind ON fixpoint.tokens (kind, id);

-- Raw webhook deliveries. Headers and body are sealed, and null once refused or expired.
CREATE TABLE fixpoint.deliveries (
  id           text COLLATE "C" PRIMARY KEY,
  source       text NOT NULL,
  key          text NOT NULL,
  delivery_id  text NOT NULL,
  received_at  timestamptz NOT NULL DEFAULT now(),
  size         bigint NOT NULL,
  headers      bytea,
  body         bytea,
  state        text NOT NULL,
  reason       text,
  reports      text[] NOT NULL DEFAULT '{}',
  duplicates   integer NOT NULL DEFAULT 0,
  concluded_at timestamptz
);
ALTER TABLE fixpoint.deliveries ALTER COLUMN body SET STORAGE EXTERNAL;
-- What was refused was not verified: it must not take the id of a delivery that is yet to come.
CREATE UNIQUE INDEX deliveries_once ON fixpoint.deliveries (source, key, delivery_id) WHERE state <> 'refused';
CREATE INDEX deliveries_waiting ON fixpoint.deliveries (id) WHERE state = 'accepted';
CREATE INDEX deliveries_by_source ON fixpoint.deliveries (source, id);
CREATE INDEX deliveries_by_state ON fixpoint.deliveries (state, id);
CREATE INDEX deliveries_by_age ON fixpoint.deliveries (received_at);

-- One defect as its sightings tell it.
CREATE TABLE fixpoint.reports (
  id          text COLLATE "C" PRIMARY KEY,
  group_key   text NOT NULL UNIQUE,
  title       text NOT NULL,
  state       text NOT NULL,
  reason      text,
  severity    text NOT NULL,
  source      text NOT NULL,
  repository  text,
  service     text,
  environment text,
  release     text,
  commit      text,
  url         text,
  missing     text[] NOT NULL DEFAULT '{}',
  -- The normalised BugReport, as an artifact.
  report      text NOT NULL,
  sightings   integer NOT NULL DEFAULT 0,
  first_seen  timestamptz NOT NULL,
  last_seen   timestamptz NOT NULL,
  moved_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX reports_by_sighting ON fixpoint.reports (last_seen, id);
CREATE INDEX reports_by_state ON fixpoint.reports (state, last_seen, id);
CREATE INDEX reports_by_repository ON fixpoint.reports (repository, last_seen, id);

CREATE TABLE fixpoint.sightings (
  id          text COLLATE "C" PRIMARY KEY,
  report      text COLLATE "C" NOT NULL REFERENCES fixpoint.reports (id) ON DELETE CASCADE,
  delivery    text COLLATE "C" NOT NULL,
  artifact    text NOT NULL,
  at          timestamptz NOT NULL,
  severity    text NOT NULL,
  source      text NOT NULL,
  service     text,
  environment text,
  release     text,
  commit      text,
  url         text,
  UNIQUE (report, delivery)
);
CREATE INDEX sightings_by_report ON fixpoint.sightings (report, id);
CREATE INDEX sightings_by_delivery ON fixpoint.sightings (delivery);

-- The runs of a report, oldest first by "added_at".
CREATE TABLE fixpoint.report_runs (
  report     text COLLATE "C" NOT NULL REFERENCES fixpoint.reports (id) ON DELETE CASCADE,
  run        text COLLATE "C" NOT NULL UNIQUE,
  -- Of the report when the run was added: daily caps count by it.
  repository text,
  added_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (report, run)
);
CREATE INDEX report_runs_by_age ON fixpoint.report_runs (added_at);
`
