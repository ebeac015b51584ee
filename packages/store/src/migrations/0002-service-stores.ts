/** What deliveries, reports and tokens need beyond the first tables. */
export const SERVICE_STORES = `
-- Headers and body are one sealed thing, null once refused or expired.
ALTER TABLE fixpoint.deliveries DROP COLUMN headers;
ALTER TABLE fixpoint.deliveries RENAME COLUMN body TO content;
CREATE INDEX deliveries_refused ON fixpoint.deliveries (key, id) WHERE state = 'refused';
CREATE INDEX deliveries_with_content ON fixpoint.deliveries (received_at) WHERE content IS NOT NULL AND state <> 'accepted';

-- Whether "report" tells of a trace: until one does, the first sighting that has one replaces it.
ALTER TABLE fixpoint.reports ADD COLUMN has_trace boolean NOT NULL DEFAULT false;
CREATE INDEX sightings_by_age ON fixpoint.sightings (at);
CREATE INDEX inbox_taken ON fixpoint.inbox (taken_at) WHERE taken_at IS NOT NULL;

ALTER TABLE fixpoint.tokens ADD COLUMN service text;
ALTER TABLE fixpoint.tokens ADD COLUMN expires_at timestamptz;

-- Secrets that open one session, once; a used one is gone.
CREATE TABLE fixpoint.login_links (
  secret_sha256 bytea PRIMARY KEY,
  name          text NOT NULL,
  scopes        text[] NOT NULL,
  -- The API token behind it: when that ends, so does what it opened.
  token         text COLLATE "C" REFERENCES fixpoint.tokens (id) ON DELETE CASCADE,
  created_at    timestamptz NOT NULL DEFAULT now(),
  expires_at    timestamptz NOT NULL
);
CREATE INDEX login_links_by_end ON fixpoint.login_links (expires_at);

CREATE TABLE fixpoint.sessions (
  id            text COLLATE "C" PRIMARY KEY,
  secret_sha256 bytea NOT NULL UNIQUE,
  name          text NOT NULL,
  scopes        text[] NOT NULL,
  token         text COLLATE "C" REFERENCES fixpoint.tokens (id) ON DELETE CASCADE,
  created_at    timestamptz NOT NULL DEFAULT now(),
  expires_at    timestamptz NOT NULL
);
CREATE INDEX sessions_by_end ON fixpoint.sessions (expires_at);
`
