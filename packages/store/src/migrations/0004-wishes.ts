/** Who asked for a run, until there is one: a wake-up that is lost loses no wish. */
export const WISHES = `
ALTER TABLE fixpoint.reports ADD COLUMN wanted_by text;
`
