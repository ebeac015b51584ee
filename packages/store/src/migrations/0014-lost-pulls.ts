/** Merged pull requests in repositories that are gone: how much of them stands is not known, which is not nothing. */
export const LOST_PULLS = `
ALTER TABLE fixpoint.pull_outcomes ADD COLUMN lost boolean NOT NULL DEFAULT false;
`
