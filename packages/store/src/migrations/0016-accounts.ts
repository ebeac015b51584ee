/** By which account on a code host a session was opened: it is asked again what that may. */
export const ACCOUNTS = `
ALTER TABLE fixpoint.tokens ADD COLUMN account text;
`
