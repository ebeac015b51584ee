/** Proposals that were withheld, by when. */
export const OBSERVED = `
CREATE INDEX events_withheld ON fixpoint.events (at) WHERE kind = 'proposal-withheld';
`
