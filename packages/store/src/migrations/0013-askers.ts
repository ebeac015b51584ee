/** Who asked for the newest run of a report, for as long as it is the newest. */
export const ASKERS = `
ALTER TABLE fixpoint.reports ADD COLUMN asked_by text;
`
