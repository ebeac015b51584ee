import { type BugReport, reveal, untrusted } from '@fixpoint/core'
import { withoutPeople } from './personal-values.ts'

/** The report as somebody outside may read it: addresses of people and card numbers have made-up ones of the same shape in their place. */
export function withStandIns(report: BugReport): BugReport {
  return { ...report, title: untrusted(withoutPeople(reveal(report.title))), text: untrusted(withoutPeople(reveal(report.text))) }
}
