import { termNamed } from '../../ui/terms.tsx'
import { REPORT_STATES, type ReportState } from './report-states.ts'

/** What the address of the reports says: which of them, and which one is open. */
export interface ReportsSearch {
  readonly state?: ReportState
  readonly repository?: string
  readonly report?: string
}

export function reportsSearch(given: Record<string, unknown>): ReportsSearch {
  const state = termNamed(REPORT_STATES, given.state)
  const words = (name: 'repository' | 'report') => (typeof given[name] === 'string' && given[name] !== '' ? { [name]: given[name] } : {})
  return { ...(state && { state }), ...words('repository'), ...words('report') }
}
