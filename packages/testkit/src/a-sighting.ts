import { Digest, type NewSighting } from '@fixpoint/core'

export const REPORT = Digest.parse('a'.repeat(64))
export const OTHER_REPORT = Digest.parse('b'.repeat(64))

export function at(second: number): Date {
  return new Date(Date.UTC(2026, 0, 2, 3, 4, 0, 567) + second * 1000)
}

export function aSighting(sighting: Partial<NewSighting> = {}): NewSighting {
  return {
    ...{ groupKey: 'group-1', title: 'TypeError', report: REPORT, hasTrace: true, severity: 'error', source: 'sentry', delivery: 'dlv_1', at: at(0) },
    ...sighting,
  }
}
