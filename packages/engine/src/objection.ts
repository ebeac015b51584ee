import type { Review } from '@fixpoint/core'

/** What a reader objects to, and the sentences of the report that it is about. */
export function objectionOf({ why, expectations }: Review): string {
  const points = expectations.flatMap(({ quote, met, asserted, contradictedBy }) => {
    const lacks = [
      ...(met === 'yes' ? [] : [met === 'no' ? 'the patch does not do it' : 'it cannot be seen that the patch does it']),
      ...(asserted ? [] : ['the test does not assert it']),
      ...(contradictedBy === undefined ? [] : [`${contradictedBy} says otherwise`]),
    ]
    return lacks.length === 0 ? [] : [`- "${quote}": ${lacks.join('; ')}`]
  })
  return [why, ...points].join('\n')
}
