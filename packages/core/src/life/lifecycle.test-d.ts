import type { EventIn } from './lifecycle.ts'

// A handler that reports another phase's fact must not compile: these lines are the test.
type Allowed = EventIn<'minimised'>['kind']
const judged: Allowed = 'patch-judged'
// @ts-expect-error a patch cannot be chosen while one is being judged
const chosen: Allowed = 'patch-chosen'
// @ts-expect-error nothing follows a settled run
const after: EventIn<'settled'>['kind'] = 'run-cancelled'
export const used = [judged, chosen, after]
