import { REPORT_STATES, type ReportState } from './report-words.tsx'

/** What the address of the reports says: which of them, and which one is open. */
export interface ReportsSearch {
  readonly state?: ReportState
  readonly repository?: string
  readonly report?: string
}

export function reportsSearch(given: Record<string, unknown>): ReportsSearch {
  const state = REPORT_STATES.find(([each]) => each === given.state)?.[0]
  const words = (name: 'repository' | 'report') => (typeof given[name] === 'string' && given[name] !== '' ? { [name]: given[name] } : {})
  return { ...(state && { state }), ...words('repository'), ...words('report') }
}
