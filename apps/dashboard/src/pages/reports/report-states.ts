import type { Term } from '../../ui/terms.tsx'

export const REPORT_STATES = {
  new: { words: 'New', tone: 'plain', means: 'It waits to be worked on.' },
  'needs-trace': { words: 'Needs a trace', tone: 'warn', means: 'Its source has to send more before anybody can work on it.' },
  held: { words: 'Held', tone: 'warn', means: 'A gate keeps it from a run.' },
  running: { words: 'Running', tone: 'plain', means: 'A run works on it.' },
  settled: { words: 'Settled', tone: 'plain', means: 'Its run came to rest.' },
  reopened: { words: 'Seen again', tone: 'bad', means: 'It was seen in a release that contains the fix.' },
  confirmed: { words: 'Fixed', tone: 'good', means: 'It was not seen for a week after its fix.' },
  muted: { words: 'Muted', tone: 'plain', means: 'Sightings are counted, and nothing is started.' },
} as const satisfies Record<string, Term>

export type ReportState = keyof typeof REPORT_STATES
