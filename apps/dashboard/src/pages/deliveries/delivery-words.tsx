import { Chip, type Tone } from '../../ui/chip.tsx'

const STATES = {
  accepted: { words: 'Waiting', tone: 'plain', means: 'It is kept, and will be looked at.' },
  reported: { words: 'Reported', tone: 'good', means: 'It became a sighting of a report.' },
  ignored: { words: 'Ignored', tone: 'plain', means: 'There was nothing in it to work on.' },
  shed: { words: 'Shed', tone: 'warn', means: 'Too many came at once.' },
  failed: { words: 'Failed', tone: 'bad', means: 'It could not be understood.' },
  refused: { words: 'Refused', tone: 'bad', means: 'It was not verified; nothing of it was kept.' },
} as const satisfies Record<string, { words: string; tone: Tone; means: string }>

export type DeliveryState = keyof typeof STATES
export const DELIVERY_STATES = Object.entries(STATES).map(([state, { words }]) => [state, words] as [DeliveryState, string])

export function DeliveryChip({ state }: { readonly state: DeliveryState }) {
  const { words, tone, means } = STATES[state]
  return (
    <Chip tone={tone} title={means}>
      {words}
    </Chip>
  )
}

export function deliveryMeans(state: DeliveryState): string {
  return STATES[state].means
}
