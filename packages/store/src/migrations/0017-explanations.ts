/** A model's words on the cause of a run's failure, asked for by people of a code host; the words are an artifact. */
export const EXPLANATIONS = `
CREATE TABLE fixpoint.explanations (
  run   text COLLATE "C" PRIMARY KEY,
  words text NOT NULL,
  at    timestamptz NOT NULL
);
`
