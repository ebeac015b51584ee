/** What deliveries, reports and their retention need beyond the first tables. */
export const SERVICE_STORES = `
-- Headers and body are one sealed thing, null once refused or expired.
ALTER TABLE fixpoint.deliveries DROP COLUMN headers;
ALTER TABLE fixpoint.deliveries RENAME COLUMN body TO content;
CREATE INDEX deliveries_refused ON fixpoint.deliveries (key, id) WHERE state = 'refused';
CREATE INDEX deliveries_with_content ON fixpoint.deliveries (received_at) WHERE content IS NOT NULL AND state <> 'accepted';

-- Whether "report" tells of a trace: until one does, the first sighting that has one replaces it.
ALTER TABLE fixpoint.reports ADD COLUMN has_trace boolean NOT NULL DEFAULT false;
CREATE INDEX sightings_by_age ON fixpoint.sightings (at);
CREATE INDEX inbox_taken ON fixpoint.inbox (taken_at) WHERE taken_at IS NOT NULL;
`
