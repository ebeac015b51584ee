/** What people changed through the API. */
export const CHANGES = `
CREATE TABLE fixpoint.changes (
  id      text COLLATE "C" PRIMARY KEY,
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  by      text NOT NULL,
  what    text NOT NULL,
  subject text NOT NULL
);
`
