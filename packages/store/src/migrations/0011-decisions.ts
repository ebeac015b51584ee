/** What people said to proposals, to be counted. */
export const DECISIONS = `
CREATE INDEX events_decided ON fixpoint.events (kind) WHERE kind IN ('proposal-approved', 'changes-requested', 'proposal-rejected');
`
