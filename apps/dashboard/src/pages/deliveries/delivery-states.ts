import type { Term } from '../../ui/terms.tsx'

export const DELIVERY_STATES = {
  accepted: { words: 'Waiting', tone: 'plain', means: 'It is kept, and will be looked at.' },
  reported: { words: 'Reported', tone: 'good', means: 'It became a sighting of a report.' },
  ignored: { words: 'Ignored', tone: 'plain', means: 'There was nothing in it to work on.' },
  shed: { words: 'Shed', tone: 'warn', means: 'Too many came at once.' },
  failed: { words: 'Failed', tone: 'bad', means: 'It could not be understood.' },
  refused: { words: 'Refused', tone: 'bad', means: 'It was not verified; nothing of it was kept.' },
} as const satisfies Record<string, Term>

export type DeliveryState = keyof typeof DELIVERY_STATES
