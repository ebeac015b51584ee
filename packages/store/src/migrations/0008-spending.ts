/** What calls of models may cost and have cost. A line counts in full until it is settled, and for ever when it never is. */
export const SPENDING = `
CREATE TABLE fixpoint.spending (
  id              text COLLATE "C" PRIMARY KEY,
  run             text COLLATE "C" NOT NULL,
  repository      text NOT NULL,
  -- In UTC, of the reservation.
  day             date NOT NULL,
  -- In millionths of a US dollar.
  reserved_money  bigint NOT NULL CHECK (reserved_money >= 0),
  reserved_tokens bigint NOT NULL CHECK (reserved_tokens >= 0),
  -- Null until settled.
  money           bigint CHECK (money >= 0),
  tokens          bigint CHECK (tokens >= 0),
  deadline        timestamptz NOT NULL,
  settled_at      timestamptz
);
CREATE INDEX spending_by_day ON fixpoint.spending (day, repository);
CREATE INDEX spending_by_run ON fixpoint.spending (run);
`
