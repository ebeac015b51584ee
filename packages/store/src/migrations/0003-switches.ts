/** What an operator turns on and off, by name; and who did it when, for ever. */
export const SWITCHES = `
CREATE TABLE fixpoint.switches (
  name   text NOT NULL,
  at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  is_on  boolean NOT NULL,
  by     text NOT NULL,
  reason text,
  PRIMARY KEY (name, at)
);
`
